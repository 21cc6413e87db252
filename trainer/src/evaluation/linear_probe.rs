//! How much a network's features tell about the classes of a dataset, by a linear probe.

use marquee_evaluation::bootstrap::{Estimate, Interval};
use marquee_evaluation::metrics::macro_f1_and_accuracy;
use marquee_evaluation::probe::Lessons;
use marquee_models::file::Model;
use marquee_models::math::argmax;
use marquee_models::preprocess;
use marquee_models::simd::Executor;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::dataset::{Dataset, Pixels, Split};

/// A few posters are drawn this often, for much depends on which ones they are.
pub const DRAWS: u64 = 20;

/// The features of the films that a probe learns from and is judged by.
pub struct Features {
    classes: usize,
    /// Numbers of each film.
    len: usize,
    training: Films,
    test: Films,
}

struct Films {
    /// `[film, feature]`.
    rows: Vec<f32>,
    truths: Vec<usize>,
}

impl Features {
    /// Runs the network up to its pooled features over the training and test films.
    pub fn of(model: &Model, dataset: &Dataset, pixels: &Pixels) -> Features {
        let executor = Executor::new(model);
        let metadata = model.metadata();
        let films = |split| {
            let films = dataset.films(split);
            let features = |film: &usize| {
                let mut input = Vec::with_capacity(model.network().input_len());
                let poster = pixels.poster(*film);
                preprocess::normalise_into(&poster, &metadata.mean, &metadata.std, &mut input);
                executor.features(&input)
            };
            Films {
                rows: films.par_iter().flat_map_iter(features).collect(),
                truths: films.iter().map(|&film| dataset.class(film)).collect(),
            }
        };
        Features {
            classes: dataset.summary().labels.len(),
            len: model.network().feature_len(),
            training: films(Split::Train),
            test: films(Split::Test),
        }
    }

    /// Macro-F1 and accuracy on the test films of a probe that has learned from all training films, with
    /// their bootstrap intervals.
    pub fn probe_all(&self) -> [Estimate; 2] {
        let all: Vec<usize> = (0..self.training.truths.len()).collect();
        macro_f1_and_accuracy(self.classes, &self.test.truths, &self.answers(&all))
    }

    /// Macro-F1 and accuracy on the test films of probes that have learned from this many training films
    /// of each class, which are drawn [`DRAWS`] times: their means, and the lowest and highest. `None` if
    /// a class has fewer.
    pub fn probe_some(&self, per_class: usize) -> Option<[Estimate; 2]> {
        let mut films = vec![Vec::new(); self.classes];
        for (film, &class) in self.training.truths.iter().enumerate() {
            films[class].push(film);
        }
        if films.iter().any(|films| films.len() < per_class) {
            return None;
        }
        let figures: Vec<[f64; 2]> = (0..DRAWS)
            .into_par_iter()
            .map(|draw| {
                let mut rng = ChaCha8Rng::seed_from_u64(draw);
                let mut chosen = Vec::new();
                for films in &films {
                    let mut films = films.clone();
                    films.shuffle(&mut rng);
                    chosen.extend(&films[..per_class]);
                }
                let answers = self.answers(&chosen);
                macro_f1_and_accuracy(self.classes, &self.test.truths, &answers)
                    .map(|estimate| estimate.value)
            })
            .collect();
        Some([0, 1].map(|which| {
            let figures = || figures.iter().map(|figures| figures[which]);
            Estimate {
                value: figures().sum::<f64>() / DRAWS as f64,
                interval: Interval {
                    low: figures().fold(f64::INFINITY, f64::min),
                    high: figures().fold(f64::NEG_INFINITY, f64::max),
                },
            }
        }))
    }

    /// The classes that a probe of these training films answers for the test films.
    fn answers(&self, films: &[usize]) -> Vec<usize> {
        let rows = films.iter();
        let rows = rows.flat_map(|film| &self.training.rows[film * self.len..][..self.len]);
        let rows: Vec<f32> = rows.copied().collect();
        let truths: Vec<usize> = films
            .iter()
            .map(|&film| self.training.truths[film])
            .collect();
        let lessons = Lessons {
            classes: self.classes,
            features: self.len,
            rows: &rows,
            truths: &truths,
            groups: &[],
        };
        let logits = lessons.classifier().logits(&self.test.rows);
        logits.chunks_exact(self.classes).map(argmax).collect()
    }
}
