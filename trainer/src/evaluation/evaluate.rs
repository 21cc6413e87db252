use anyhow::Result;
use burn::tensor::{Tensor, TensorData};
use marquee_models::burn::Net;
use marquee_models::file::Model;
use marquee_models::network::{CHANNELS, Task};
use marquee_models::preprocess;
use marquee_models::simd::Executor;
use rayon::prelude::*;

use super::ClassAnswers;
use super::genres::GenreAnswers;
use super::score::{ScoreAnswers, Scored};
use crate::dataset::{Dataset, Pixels};
use crate::device::ComputeDevice;

/// Posters that go through a network at once.
const BATCH: usize = 64;

/// What all heads of a network answered about some films.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// The films, as rows of the dataset.
    pub films: Vec<usize>,
    /// The answers about their classes.
    pub classes: ClassAnswers,
    /// The answers about their genres, if the network has such a head.
    pub genres: Option<GenreAnswers>,
    /// The answers about their scores, if the network has such a head.
    pub score: Option<ScoreAnswers>,
}

/// Runs a model over films of a dataset.
///
/// `films` are rows of the dataset, and `pixels` its posters in the size of the model's input. The
/// posters are normalised as the model's metadata says. On a GPU Burn computes; on a CPU the small
/// executor does, which gives the same answers and is faster.
///
/// # Errors
///
/// If the GPU's answer cannot be read.
pub fn evaluate(
    model: &Model,
    dataset: &Dataset,
    pixels: &Pixels,
    films: &[usize],
    device: &ComputeDevice,
) -> Result<Evaluation> {
    let outputs = run(model, pixels, films, device)?;
    let (metadata, network) = (model.metadata(), model.network());
    let part = |task| {
        let range = network.output_range(task)?;
        let films = outputs.chunks_exact(network.output_len());
        Some(films.map(move |outputs| &outputs[range.clone()]))
    };
    let classes = part(Task::Class).into_iter().flatten().flatten().copied();
    let truths = films.iter().map(|&film| dataset.class(film)).collect();
    let genres = part(Task::Genres).map(|logits| GenreAnswers {
        names: metadata.genres.clone(),
        logits: logits.flatten().copied().collect(),
        truths: films
            .iter()
            .flat_map(|&film| {
                let has = move |name: &String| dataset.genres(film).any(|genre| genre == name);
                metadata.genres.iter().map(has)
            })
            .collect(),
    });
    let score = part(Task::Score)
        .zip(metadata.score)
        .map(|(answers, scale)| {
            let scored = films.iter().zip(answers).filter_map(|(&film, answer)| {
                let (expected, half_width) = scale.points(answer[0], answer[1]);
                Some(Scored {
                    film,
                    truth: dataset.score(film)?,
                    expected,
                    half_width,
                })
            });
            ScoreAnswers {
                films: scored.collect(),
            }
        });
    Ok(Evaluation {
        films: films.to_vec(),
        classes: ClassAnswers::new(network.classes(), classes.collect(), truths),
        genres,
        score,
    })
}

/// The outputs of all heads, `[film, outputs]`.
fn run(
    model: &Model,
    pixels: &Pixels,
    films: &[usize],
    device: &ComputeDevice,
) -> Result<Vec<f32>> {
    let inputs = |films: &[usize]| {
        let mut inputs = Vec::with_capacity(films.len() * model.network().input_len());
        let metadata = model.metadata();
        for &film in films {
            preprocess::normalise_into(
                &pixels.poster(film),
                &metadata.mean,
                &metadata.std,
                &mut inputs,
            );
        }
        inputs
    };
    let outputs: Vec<Vec<f32>> = match device {
        ComputeDevice::Cpu(_) => {
            let executor = Executor::new(model);
            films
                .par_chunks(BATCH)
                .map(|films| executor.run(&inputs(films)))
                .collect()
        }
        ComputeDevice::Gpu(device) => {
            let net = Net::new(model, device);
            let size = model.network().input;
            let forward = |films: &[usize]| -> Result<Vec<f32>> {
                let shape = [films.len(), CHANNELS, size.height, size.width];
                let inputs = Tensor::from_data(TensorData::new(inputs(films), shape), device);
                let outputs = net.forward(inputs).into_data().convert::<f32>();
                Ok(outputs.try_into_vec()?)
            };
            films.chunks(BATCH).map(forward).collect::<Result<_>>()?
        }
    };
    Ok(outputs.concat())
}
