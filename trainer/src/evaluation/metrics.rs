//! How good predictions are, counted over a whole split.

use std::num::NonZeroUsize;

use serde::Serialize;

/// Counts of (true class, predicted class), and the sum of the losses.
#[derive(Clone, Debug, PartialEq)]
pub struct Confusion {
    classes: usize,
    /// `[true, predicted]`.
    counts: Vec<usize>,
    loss: f64,
}

/// Precision, recall and F1 of one class, each in 0–1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ClassScore {
    /// Of those predicted to be of the class, how many are.
    pub precision: f64,
    /// Of those of the class, how many were predicted to be.
    pub recall: f64,
    /// Harmonic mean of both; 0 where the class is never right.
    pub f1: f64,
    /// Films of the class.
    pub films: usize,
}

impl Confusion {
    /// Nothing counted yet.
    pub fn new(classes: usize) -> Confusion {
        Confusion {
            classes,
            counts: vec![0; classes * classes],
            loss: 0.0,
        }
    }

    /// Counts a film: its true class and the logits it got.
    pub fn add(&mut self, truth: usize, logits: &[f32]) {
        let predicted = argmax(logits);
        self.counts[truth * self.classes + predicted] += 1;
        self.loss += cross_entropy(logits, truth);
    }

    /// Counts films of which only the predicted class is known, several at once; the loss stays as
    /// it is.
    pub fn add_predicted(&mut self, truth: usize, predicted: usize, films: usize) {
        self.counts[truth * self.classes + predicted] += films;
    }

    /// Films counted.
    pub fn films(&self) -> usize {
        self.counts.iter().sum()
    }

    /// How many films of class `truth` were predicted to be of class `predicted`.
    pub fn count(&self, truth: usize, predicted: usize) -> usize {
        self.counts[truth * self.classes + predicted]
    }

    /// Mean cross-entropy in nats.
    pub fn loss(&self) -> f64 {
        self.loss / self.films().max(1) as f64
    }

    /// Share of films whose class was right, in 0–1.
    pub fn accuracy(&self) -> f64 {
        let right: usize = (0..self.classes)
            .map(|class| self.count(class, class))
            .sum();
        right as f64 / self.films().max(1) as f64
    }

    /// Mean of the classes' F1, each class weighing the same, in 0–1.
    pub fn macro_f1(&self) -> f64 {
        let sum: f64 = (0..self.classes).map(|class| self.class(class).f1).sum();
        sum / self.classes.max(1) as f64
    }

    /// The same over those classes alone that a film is of, or was predicted to be of; 0 where
    /// nothing was counted.
    ///
    /// Among few films some classes are missing. scikit-learn's `f1_score(average="macro")` and
    /// torchmetrics' `F1Score` leave them out then, too.
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

    /// The scores of one class.
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

/// Mean over batches of consecutive films of each batch's [`Confusion::macro_f1_of_present`], in
/// 0–1; 0 without films.
///
/// `answers` are each film's class and logits, as for [`Confusion::add`]. The last batch may be
/// smaller and counts as much as the others, as where a loop adds up what each batch gives and
/// divides by their number.
///
/// This is how the student project that Marquee grew out of counted. It is no estimate of the
/// macro-F1 over all films: F1 is no mean over films, so the result depends on how large the batches
/// are and on what lies together in one.
pub fn batch_mean_macro_f1<'a>(
    answers: impl IntoIterator<Item = (usize, &'a [f32])>,
    classes: usize,
    batch: NonZeroUsize,
) -> f64 {
    let (mut sum, mut batches) = (0.0, 0_usize);
    let mut answers = answers.into_iter().peekable();
    while answers.peek().is_some() {
        let mut confusion = Confusion::new(classes);
        for (truth, logits) in answers.by_ref().take(batch.get()) {
            confusion.add(truth, logits);
        }
        sum += confusion.macro_f1_of_present();
        batches += 1;
    }
    sum / batches.max(1) as f64
}

/// Index of the highest value; the first where several are.
pub fn argmax(values: &[f32]) -> usize {
    let mut best = 0;
    for (index, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = index;
        }
    }
    best
}

/// Cross-entropy of one film's logits, in nats.
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
        let mut confusion = Confusion::new(3);
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
        let mut all = Confusion::new(3);
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
        let mut confusion = Confusion::new(2);
        confusion.add(1, &[1.0, 0.0]);
        assert_eq!(confusion.class(1).f1, 0.0);
        assert_eq!(confusion.macro_f1(), 0.0);
    }
}
