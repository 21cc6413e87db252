//! How good predicted classes are.

use std::num::NonZeroUsize;

use marquee_models::math::argmax;
use serde::Serialize;

use crate::bootstrap::{self, Estimate};

/// Counts of films by true and predicted class, and the sum of their losses.
#[derive(Clone, Debug, PartialEq)]
pub struct ConfusionMatrix {
    classes: usize,
    /// `[true, predicted]`.
    counts: Vec<usize>,
    loss: f64,
}

/// Precision, recall and F1 of one class, each 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ClassScore {
    /// Share of the films predicted as this class that are of it; 0 if none was.
    pub precision: f64,
    /// Share of the films of this class that were predicted as it; 0 if there are none.
    pub recall: f64,
    /// Harmonic mean of both; 0 if no prediction of the class is right.
    pub f1: f64,
    /// Number of films of the class.
    pub films: usize,
}

impl ConfusionMatrix {
    /// An empty matrix for this number of classes.
    pub fn new(classes: usize) -> ConfusionMatrix {
        ConfusionMatrix {
            classes,
            counts: vec![0; classes * classes],
            loss: 0.0,
        }
    }

    /// Counts a film of class `truth` by its logits, one for each class.
    ///
    /// # Panics
    ///
    /// If `truth` is not one of the classes.
    pub fn add(&mut self, truth: usize, logits: &[f32]) {
        self.add_predicted(truth, argmax(logits), 1);
        self.loss += cross_entropy(logits, truth);
    }

    /// Counts this number of films with one true and one predicted class. The loss stays as it is.
    /// Panics if a class index is not one of the classes.
    pub fn add_predicted(&mut self, truth: usize, predicted: usize, films: usize) {
        assert!(predicted < self.classes);
        self.counts[truth * self.classes + predicted] += films;
    }

    /// Number of films counted.
    pub fn films(&self) -> usize {
        self.counts.iter().sum()
    }

    /// Number of films of class `truth` that were predicted as class `predicted`. Panics if a class
    /// index is not one of the classes.
    pub fn count(&self, truth: usize, predicted: usize) -> usize {
        assert!(predicted < self.classes);
        self.counts[truth * self.classes + predicted]
    }

    /// Mean cross-entropy in nats; 0 without films.
    pub fn loss(&self) -> f64 {
        self.loss / self.films().max(1) as f64
    }

    /// Share of films whose predicted class is right, 0 to 1.
    pub fn accuracy(&self) -> f64 {
        let right: usize = (0..self.classes)
            .map(|class| self.count(class, class))
            .sum();
        right as f64 / self.films().max(1) as f64
    }

    /// Mean of the classes' F1, 0 to 1. All classes count the same.
    pub fn macro_f1(&self) -> f64 {
        let sum: f64 = (0..self.classes).map(|class| self.class(class).f1).sum();
        sum / self.classes.max(1) as f64
    }

    /// Mean of the F1 of those classes that a film is of or was predicted as, 0 to 1.
    ///
    /// Among few films some classes are missing. scikit-learn's `f1_score(average="macro")` and
    /// torchmetrics' `F1Score` leave them out, too.
    pub fn macro_f1_of_present(&self) -> f64 {
        let present: Vec<f64> = (0..self.classes)
            .filter(|&class| {
                (0..self.classes)
                    .any(|other| self.count(class, other) + self.count(other, class) > 0)
            })
            .map(|class| self.class(class).f1)
            .collect();
        present.iter().sum::<f64>() / present.len().max(1) as f64
    }

    /// The scores of one class. Panics if its index is not one of the classes.
    pub fn class(&self, class: usize) -> ClassScore {
        let right = self.count(class, class) as f64;
        let films: usize = (0..self.classes)
            .map(|other| self.count(class, other))
            .sum();
        let predicted: usize = (0..self.classes)
            .map(|other| self.count(other, class))
            .sum();
        let share = |of: usize| if of == 0 { 0.0 } else { right / of as f64 };
        let both = films + predicted;
        ClassScore {
            precision: share(predicted),
            recall: share(films),
            f1: if both == 0 {
                0.0
            } else {
                2.0 * right / both as f64
            },
            films,
        }
    }
}

/// Mean over batches of consecutive films of [`ConfusionMatrix::macro_f1_of_present`], 0 to 1; 0
/// without films.
///
/// `answers` are each film's true class and logits. Panics if a true class is not below `classes`. The
/// last batch may be smaller, and counts as much as the others.
///
/// The student project that Marquee grew out of counted like this. It does not estimate the macro-F1
/// over all films: F1 is not a mean over films, so the result depends on how large the batches are
/// and which films lie together in one.
pub fn batch_mean_macro_f1<'a>(
    answers: impl IntoIterator<Item = (usize, &'a [f32])>,
    classes: usize,
    batch: NonZeroUsize,
) -> f64 {
    let (mut sum, mut batches) = (0.0, 0_usize);
    let mut answers = answers.into_iter().peekable();
    while answers.peek().is_some() {
        let mut confusion = ConfusionMatrix::new(classes);
        for (truth, logits) in answers.by_ref().take(batch.get()) {
            confusion.add(truth, logits);
        }
        sum += confusion.macro_f1_of_present();
        batches += 1;
    }
    sum / batches.max(1) as f64
}

/// Macro-F1 and accuracy, 0 to 1, of predicted classes, each with its 95 % bootstrap interval.
/// `truths` and `predicted` have one class index below `classes` for each film, and are equally long;
/// panics otherwise.
pub fn macro_f1_and_accuracy(
    classes: usize,
    truths: &[usize],
    predicted: &[usize],
) -> [Estimate; 2] {
    assert_eq!(truths.len(), predicted.len());
    let confusion = |times: &[u32]| {
        let mut confusion = ConfusionMatrix::new(classes);
        for ((&truth, &predicted), &times) in truths.iter().zip(predicted).zip(times) {
            confusion.add_predicted(truth, predicted, times as usize);
        }
        confusion
    };
    [ConfusionMatrix::macro_f1, ConfusionMatrix::accuracy]
        .map(|figure| bootstrap::estimate(truths.len(), |times| figure(&confusion(times))))
}

/// The mean of some values; 0 if there are none.
pub fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (count, sum) = values.fold((0, 0.0), |(count, sum), value| (count + 1, sum + value));
    sum / f64::from(count.max(1))
}

/// Cross-entropy of one film's logits for its true class, `-ln softmax(logits)[truth]`, in nats; NaN if
/// a logit is. Panics if `truth` is not the index of a logit.
pub fn cross_entropy(logits: &[f32], truth: usize) -> f64 {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits
        .iter()
        .map(|logit| f64::from(logit - highest).exp())
        .sum();
    sum.ln() - f64::from(logits[truth] - highest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The figures are scikit-learn's `f1_score(average="macro")` and `log_loss` for the same.
    #[test]
    fn macro_f1_weighs_classes_alike() {
        let mut confusion = ConfusionMatrix::new(3);
        let sure = |class: usize| (0..3).map(|c| if c == class { 2.0 } else { 0.0 }).collect();
        for (truth, predicted) in [(0, 0), (0, 0), (0, 1), (1, 1), (2, 0), (2, 2)] {
            let logits: Vec<f32> = sure(predicted);
            confusion.add(truth, &logits);
        }
        assert!((confusion.accuracy() - 4.0 / 6.0).abs() < 1e-12);
        assert!((confusion.macro_f1() - 2.0 / 3.0).abs() < 1e-12);
        assert!(
            (confusion.loss() - 0.906_211).abs() < 1e-5,
            "{}",
            confusion.loss()
        );
    }

    #[test]
    fn the_estimates_are_those_of_the_predictions() {
        let truths: Vec<usize> = (0..300).map(|film| film % 3).collect();
        let predicted: Vec<usize> = (0..300).map(|film| film % 2).collect();
        let [macro_f1, accuracy] = macro_f1_and_accuracy(3, &truths, &predicted);
        assert!((accuracy.value - 1.0 / 3.0).abs() < 1e-9);
        // F1 is 2/5 for two classes, and 0 for the third
        assert!((macro_f1.value - 4.0 / 15.0).abs() < 1e-9);
        assert!(accuracy.interval.low > 0.27 && accuracy.interval.high < 0.39);
    }

    #[test]
    fn a_batchs_f1_is_over_the_classes_it_has() {
        let sure = |class: usize| -> Vec<f32> { (0..3).map(|c| f32::from(c == class)).collect() };
        // truth and answer, in two batches of three films and one of a single film
        let films = [(0, 0), (0, 0), (1, 0), (2, 2), (1, 1), (2, 1), (0, 0)];
        let logits: Vec<Vec<f32>> = films.iter().map(|&(_, answer)| sure(answer)).collect();
        let answers = || {
            let truths = films.iter().map(|&(truth, _)| truth);
            truths.zip(logits.iter().map(Vec::as_slice))
        };
        let of = |batch| {
            let batch = NonZeroUsize::new(batch).expect("a batch has films");
            batch_mean_macro_f1(answers(), 3, batch)
        };
        // the first batch: class 0 with 2·2/(2+3), class 1 with 0, class 2 is not there;
        // the second: classes 1 and 2 with 2/3 each, no class 0; the third: class 0 alone with 1
        let expected = ((4.0 / 5.0 + 0.0) / 2.0 + (2.0 / 3.0 + 2.0 / 3.0) / 2.0 + 1.0) / 3.0;
        assert!((of(3) - expected).abs() < 1e-12, "{}", of(3));

        // in one batch, it is the macro-F1 over all films
        let mut all = ConfusionMatrix::new(3);
        for (truth, logits) in answers() {
            all.add(truth, logits);
        }
        assert!((of(7) - all.macro_f1()).abs() < 1e-12);
        assert!((of(100) - all.macro_f1()).abs() < 1e-12);
        let none = std::iter::empty();
        assert_eq!(batch_mean_macro_f1(none, 3, NonZeroUsize::MIN), 0.0);
    }

    #[test]
    fn a_class_that_is_never_predicted_scores_nothing() {
        let mut confusion = ConfusionMatrix::new(2);
        confusion.add(1, &[1.0, 0.0]);
        assert_eq!(confusion.class(1).f1, 0.0);
        assert_eq!(confusion.macro_f1(), 0.0);
    }
}
