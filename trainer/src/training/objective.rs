//! What a network is trained to do: the targets of a batch, and how far off its answers are.

use std::ops::Range;

use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor, TensorData};
use marquee_models::file::ScoreScale;
use marquee_models::network::{Network, Task};

use super::Recipe;
use super::teacher::Lessons;
use crate::dataset::{Dataset, Split};

/// What is right for each row of a dataset, as a network's heads are to answer it.
pub(super) struct Objective {
    classes: Vec<usize>,
    /// How much a film of each class counts; 1 on average over the films.
    class_weights: Vec<f32>,
    /// Share of the target that is spread over all classes.
    smoothing: f32,
    teacher: Option<Teacher>,
    /// What the heads for genres and score, where there are any, are to answer, and how much that
    /// counts beside the class.
    genres: Option<Genres>,
    score: Option<Score>,
    class_range: Range<usize>,
}

/// What another network says of the classes.
struct Teacher {
    /// `[row, class]`.
    probabilities: Vec<f32>,
    share: f32,
}

struct Genres {
    /// `[row, genre]`.
    truths: Vec<f32>,
    range: Range<usize>,
    weight: f32,
}

struct Score {
    scale: ScoreScale,
    /// Standardised by the scale.
    truths: Vec<Option<f32>>,
    range: Range<usize>,
    weight: f32,
}

/// How two rows are mixed into one example: the second row, and the share of the first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mixed {
    pub(super) first: usize,
    pub(super) second: usize,
    pub(super) share: f32,
}

impl Mixed {
    /// An unmixed row.
    pub(super) fn only(row: usize) -> Mixed {
        Mixed {
            first: row,
            second: row,
            share: 1.0,
        }
    }

    fn of(self, value: impl Fn(usize) -> f32) -> f32 {
        self.share * value(self.first) + (1.0 - self.share) * value(self.second)
    }
}

impl Objective {
    pub(super) fn new(
        recipe: &Recipe,
        dataset: &Dataset,
        network: &Network,
        genres: &[String],
        scale: Option<&ScoreScale>,
    ) -> Objective {
        let rows = dataset.entries().len();
        let classes: Vec<usize> = (0..rows).map(|row| dataset.class(row)).collect();
        let trained = dataset.rows(Split::Train);
        let class_weights = recipe
            .class_weights
            .weights(trained.iter().map(|&row| classes[row]), network.classes());
        let genre_truths = || {
            let mut truths = vec![0.0; rows * genres.len()];
            for row in 0..rows {
                for genre in dataset.genres(row) {
                    if let Ok(index) = genres.binary_search_by(|name| name.as_str().cmp(genre)) {
                        truths[row * genres.len() + index] = 1.0;
                    }
                }
            }
            truths
        };
        let standard = |row| -> Option<f32> {
            let scale = scale?;
            Some((dataset.score(row)? - scale.mean) / scale.deviation)
        };
        Objective {
            classes,
            class_weights,
            smoothing: recipe.label_smoothing,
            teacher: None,
            genres: network.output_range(Task::Genres).map(|range| Genres {
                truths: genre_truths(),
                range,
                weight: recipe.genre_weight,
            }),
            score: network
                .output_range(Task::Score)
                .zip(scale)
                .map(|(range, scale)| Score {
                    scale: *scale,
                    truths: (0..rows).map(standard).collect(),
                    range,
                    weight: recipe.score_weight,
                }),
            class_range: network.output_range(Task::Class).unwrap_or_default(),
        }
    }

    /// Makes another network's answers a share of the targets. A film whose score nobody knows is not
    /// given one.
    pub(super) fn taught(mut self, lessons: Lessons, share: f32) -> Objective {
        let towards = |truth: &mut f32, lesson: f32| *truth += (lesson - *truth) * share;
        if let Some((own, lessons)) = self.genres.as_mut().zip(lessons.genres) {
            let pairs = own.truths.iter_mut().zip(lessons);
            pairs.for_each(|(truth, lesson)| towards(truth, lesson));
        }
        if let Some((own, lessons)) = self.score.as_mut().zip(lessons.scores) {
            for (truth, lesson) in own.truths.iter_mut().zip(lessons) {
                if let Some(truth) = truth {
                    towards(truth, (lesson - own.scale.mean) / own.scale.deviation);
                }
            }
        }
        self.teacher = Some(Teacher {
            probabilities: lessons.classes,
            share,
        });
        self
    }

    /// The loss of a batch's answers, `[batch, outputs]`: the class's cross-entropy, and what the
    /// other heads add.
    pub(super) fn loss(&self, answers: Tensor<2>, batch: &[Mixed]) -> Tensor<1> {
        let device = answers.device();
        let part = |range: &Range<usize>| answers.clone().narrow(1, range.start, range.len());

        let targets = matrix(self.class_targets(batch), batch.len(), &device);
        let mut loss = (log_softmax(part(&self.class_range), 1) * targets)
            .sum()
            .neg();
        if let Some(genres) = &self.genres {
            let count = genres.range.len();
            let truth = |index: usize| {
                batch[index / count].of(|row| genres.truths[row * count + index % count])
            };
            let targets = (0..batch.len() * count).map(truth).collect();
            let logits = part(&genres.range);
            // PyTorch's `binary_cross_entropy_with_logits`, which cannot overflow
            let positive = logits.clone().clamp_min(0.0);
            let product = logits.clone() * matrix(targets, batch.len(), &device);
            let rest = (logits.abs().neg().exp() + 1.0).log();
            loss = loss + (positive - product + rest).mean().mul_scalar(genres.weight);
        }
        if let Some(score) = &self.score {
            let known = |mixed: &Mixed| {
                score.truths[mixed.first].is_some() && score.truths[mixed.second].is_some()
            };
            let films = batch.iter().filter(|mixed| known(mixed)).count().max(1);
            let weights = batch
                .iter()
                .map(|mixed| f32::from(known(mixed)) / films as f32);
            let weights = matrix(weights.collect(), batch.len(), &device);
            let truths = batch
                .iter()
                .map(|mixed| mixed.of(|row| score.truths[row].unwrap_or_default()));
            let truths = matrix(truths.collect(), batch.len(), &device);
            // the negative logarithm of a normal distribution's density (Nix & Weigend 1994)
            let [mean, log_variance] =
                [0, 1].map(|index| answers.clone().narrow(1, score.range.start + index, 1));
            let log_variance = log_variance.clamp(-8.0, 8.0);
            let squares = (truths - mean).powi_scalar(2) * log_variance.clone().neg().exp();
            let density = (squares + log_variance).mul_scalar(0.5) * weights;
            loss = loss + density.sum().mul_scalar(score.weight);
        }
        loss
    }

    /// A probability for each class, times what the film counts, divided by what all of the batch
    /// count: PyTorch's weighted cross-entropy.
    fn class_targets(&self, batch: &[Mixed]) -> Vec<f32> {
        let classes = self.class_range.len();
        let weight = |mixed: &Mixed| mixed.of(|row| self.class_weights[self.classes[row]]);
        let total: f32 = batch.iter().map(weight).sum();
        let spread = self.smoothing / classes as f32;
        let mut targets = Vec::with_capacity(batch.len() * classes);
        for mixed in batch {
            targets.extend((0..classes).map(|class| {
                let of_class = |row| f32::from(self.classes[row] == class);
                let mut target = mixed.of(of_class) * (1.0 - self.smoothing) + spread;
                if let Some(teacher) = &self.teacher {
                    let taught = mixed.of(|row| teacher.probabilities[row * classes + class]);
                    target += (taught - target) * teacher.share;
                }
                target * self.class_weights[class] / total
            }));
        }
        targets
    }
}

fn matrix(values: Vec<f32>, rows: usize, device: &Device) -> Tensor<2> {
    let columns = values.len() / rows;
    Tensor::from_data(TensorData::new(values, [rows, columns]), device)
}
