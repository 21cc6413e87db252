use anyhow::Result;
use burn::tensor::{Tensor, TensorData};
use marquee_models::burn::Net;
use marquee_models::file::Model;
use marquee_models::network::CHANNELS;
use marquee_models::preprocess;
use marquee_models::simd::Executor;
use rayon::prelude::*;

use crate::calibration::Answers;
use crate::dataset::{Dataset, Pixels};
use crate::device::TrainingDevice;

/// Posters that go through a network at once.
const BATCH: usize = 256;

/// Runs a model over films of a dataset.
///
/// The posters are normalised as the model's card says. On a GPU Burn computes, on a CPU the small
/// executor, which gives the same logits and is faster.
///
/// # Errors
///
/// Where the GPU's answer cannot be read.
pub fn evaluate(
    model: &Model,
    dataset: &Dataset,
    pixels: &Pixels,
    films: &[usize],
    device: &TrainingDevice,
) -> Result<Answers> {
    let inputs = |films: &[usize]| {
        let mut inputs = Vec::with_capacity(films.len() * model.network().input_len());
        let card = model.card();
        for &film in films {
            preprocess::normalise_into(pixels.poster(film), &card.mean, &card.std, &mut inputs);
        }
        inputs
    };
    let logits: Vec<Vec<f32>> = match device {
        TrainingDevice::Cpu(_) => {
            let executor = Executor::new(model);
            films
                .par_chunks(BATCH)
                .map(|films| executor.logits(&inputs(films)))
                .collect()
        }
        TrainingDevice::Gpu(device) => {
            let net = Net::new(model, device);
            let size = model.network().input;
            let forward = |films: &[usize]| -> Result<Vec<f32>> {
                let shape = [films.len(), CHANNELS, size.height, size.width];
                let inputs = Tensor::from_data(TensorData::new(inputs(films), shape), device);
                let logits = net.forward(inputs).into_data().convert::<f32>();
                Ok(logits.try_into_vec()?)
            };
            films.chunks(BATCH).map(forward).collect::<Result<_>>()?
        }
    };
    let classes = model.card().labels.len();
    let truths = films.iter().map(|&film| dataset.class(film)).collect();
    Ok(Answers::new(classes, logits.concat(), truths))
}
