use std::ops::Range;

use burn::tensor::Tensor;
use marquee_models::file::ScoreScale;

use super::tensors::{columns, matrix, towards};
use crate::dataset::Dataset;
use crate::training::example::Example;

/// Negative log-likelihood of the scores, for a head that answers a normal distribution's mean and
/// the logarithm of its variance (Nix & Weigend 1994).
pub(super) struct ScoreTerm {
    outputs: Range<usize>,
    scale: ScoreScale,
    /// The standardised score of each row, if it is known.
    targets: Vec<Option<f32>>,
    weight: f32,
}

impl ScoreTerm {
    pub(super) fn new(
        outputs: Range<usize>,
        dataset: &Dataset,
        scale: ScoreScale,
        weight: f32,
    ) -> ScoreTerm {
        let rows = 0..dataset.entries().len();
        let standard = |points: f32| (points - scale.mean) / scale.deviation;
        ScoreTerm {
            outputs,
            scale,
            targets: rows.map(|row| dataset.score(row).map(standard)).collect(),
            weight,
        }
    }

    /// A film without a known score gets none from the teacher.
    pub(super) fn distill(&mut self, points: Vec<f32>, share: f32) {
        for (target, points) in self.targets.iter_mut().zip(points) {
            if let Some(target) = target {
                let taught = (points - self.scale.mean) / self.scale.deviation;
                towards(target, taught, share);
            }
        }
    }

    pub(super) fn loss(&self, outputs: &Tensor<2>, batch: &[Example]) -> Tensor<1> {
        let device = outputs.device();
        let known = |example: &Example| {
            self.targets[example.first].is_some() && self.targets[example.second].is_some()
        };
        let films = batch.iter().filter(|example| known(example)).count().max(1);
        let weights = batch
            .iter()
            .map(|example| f32::from(known(example)) / films as f32);
        let weights = matrix(weights.collect(), batch.len(), &device);
        let targets = batch
            .iter()
            .map(|example| example.mix(|row| self.targets[row].unwrap_or_default()));
        let targets = matrix(targets.collect(), batch.len(), &device);
        let [mean, log_variance] = [0, 1].map(|index| {
            let column = self.outputs.start + index;
            columns(outputs, &(column..column + 1))
        });
        let log_variance = log_variance.clamp(-8.0, 8.0);
        let squares = (targets - mean).powi_scalar(2) * log_variance.clone().neg().exp();
        let density = (squares + log_variance).mul_scalar(0.5) * weights;
        density.sum().mul_scalar(self.weight)
    }
}
