use std::ops::Range;

use burn::tensor::Tensor;

use super::tensors::{columns, matrix, towards};
use crate::dataset::Dataset;
use crate::training::example::Example;

/// Mean binary cross-entropy of the genres.
pub(super) struct GenreTerm {
    outputs: Range<usize>,
    /// The probability that the film has the genre, `[row, genre]`.
    targets: Vec<f32>,
    weight: f32,
}

impl GenreTerm {
    /// `genres` are sorted by name.
    pub(super) fn new(
        outputs: Range<usize>,
        dataset: &Dataset,
        genres: &[String],
        weight: f32,
    ) -> GenreTerm {
        let rows = dataset.entries().len();
        let mut targets = vec![0.0; rows * genres.len()];
        for row in 0..rows {
            for genre in dataset.genres(row) {
                if let Ok(index) = genres.binary_search_by(|name| name.as_str().cmp(genre)) {
                    targets[row * genres.len() + index] = 1.0;
                }
            }
        }
        GenreTerm {
            outputs,
            targets,
            weight,
        }
    }

    pub(super) fn distill(&mut self, probabilities: Vec<f32>, share: f32) {
        let pairs = self.targets.iter_mut().zip(probabilities);
        pairs.for_each(|(target, probability)| towards(target, probability, share));
    }

    pub(super) fn loss(&self, outputs: &Tensor<2>, batch: &[Example]) -> Tensor<1> {
        let count = self.outputs.len();
        let target = |index: usize| {
            batch[index / count].mix(|row| self.targets[row * count + index % count])
        };
        let targets = (0..batch.len() * count).map(target).collect();
        let targets = matrix(targets, batch.len(), &outputs.device());
        let logits = columns(outputs, &self.outputs);
        // PyTorch's `binary_cross_entropy_with_logits`, which cannot overflow
        let positive = logits.clone().clamp_min(0.0);
        let rest = (logits.clone().abs().neg().exp() + 1.0).log();
        (positive - logits * targets + rest)
            .mean()
            .mul_scalar(self.weight)
    }
}
