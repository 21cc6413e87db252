use std::ops::Range;

use burn::tensor::Tensor;
use burn::tensor::activation::log_softmax;

use super::tensors::{columns, matrix, towards};
use crate::dataset::{Dataset, Split};
use crate::training::example::Example;
use crate::training::recipe::Recipe;

/// Cross-entropy of the classes, with weights, label smoothing and distillation.
pub(super) struct ClassTerm {
    outputs: Range<usize>,
    /// The class of each row.
    classes: Vec<usize>,
    /// The weight of a film of each class, 1 on average over the training split.
    weights: Vec<f32>,
    /// Share of the target that is spread over all classes.
    smoothing: f32,
    teacher: Option<Teacher>,
}

/// A teacher's probabilities, `[row, class]`, and their share of the target.
struct Teacher {
    probabilities: Vec<f32>,
    share: f32,
}

impl ClassTerm {
    pub(super) fn new(outputs: Range<usize>, dataset: &Dataset, recipe: &Recipe) -> ClassTerm {
        let rows = 0..dataset.entries().len();
        let trained = dataset.rows(Split::Train);
        let trained = trained.iter().map(|&row| dataset.class(row));
        ClassTerm {
            classes: rows.map(|row| dataset.class(row)).collect(),
            weights: recipe.class_weights.weights(trained, outputs.len()),
            outputs,
            smoothing: recipe.label_smoothing,
            teacher: None,
        }
    }

    pub(super) fn distill(&mut self, probabilities: Vec<f32>, share: f32) {
        self.teacher = Some(Teacher {
            probabilities,
            share,
        });
    }

    pub(super) fn loss(&self, outputs: &Tensor<2>, batch: &[Example]) -> Tensor<1> {
        let targets = matrix(self.targets(batch), batch.len(), &outputs.device());
        (log_softmax(columns(outputs, &self.outputs), 1) * targets)
            .sum()
            .neg()
    }

    /// A probability for each class, times the film's weight, divided by the batch's total weight:
    /// PyTorch's weighted cross-entropy.
    fn targets(&self, batch: &[Example]) -> Vec<f32> {
        let classes = self.outputs.len();
        let weight = |example: &Example| example.mix(|row| self.weights[self.classes[row]]);
        let total: f32 = batch.iter().map(weight).sum();
        let spread = self.smoothing / classes as f32;
        let mut targets = Vec::with_capacity(batch.len() * classes);
        for example in batch {
            targets.extend((0..classes).map(|class| {
                let of_class = |row| f32::from(self.classes[row] == class);
                let mut target = example.mix(of_class) * (1.0 - self.smoothing) + spread;
                if let Some(Teacher {
                    probabilities,
                    share,
                }) = &self.teacher
                {
                    let taught = example.mix(|row| probabilities[row * classes + class]);
                    towards(&mut target, taught, *share);
                }
                target * self.weights[class] / total
            }));
        }
        targets
    }
}
