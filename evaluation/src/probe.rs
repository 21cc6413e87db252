//! A linear probe: a classifier on a network's pooled features for classes that the network does not
//! know, with an honest score from little data.
//!
//! The score comes from cross-validation: each poster is answered by a classifier that has not seen it,
//! nor one that looks nearly alike.

use marquee_models::math::argmax;

use crate::abstention::Abstention;
use crate::bootstrap::Estimate;
use crate::classes::ClassAnswers;
use crate::folds;
use crate::linear::{LinearClassifier, Standardised};
use crate::metrics::macro_f1_and_accuracy;

/// The weight of the penalty, divided by the number of posters. `marquee probe` shows what comes of it.
pub const PENALTY: f64 = 30.0;

/// The folds of cross-validation.
pub const FOLDS: usize = 5;

/// Of up to this many groups of nearly alike posters, each is held out alone.
const LEAVE_ONE_OUT: usize = 60;

/// A class needs this many groups of posters for a score: one in each fold.
pub const LEAST: usize = FOLDS;

/// From this many held-out answers on, percentages and threshold are calibrated by them.
const CALIBRATED: usize = 30;

/// Posters with their classes.
pub struct Lessons<'a> {
    /// How many classes there are; each of them has a poster.
    pub classes: usize,
    /// How many features a poster has.
    pub features: usize,
    /// `[poster, feature]`.
    pub rows: &'a [f32],
    /// Each poster's class.
    pub truths: &'a [usize],
    /// The number of each poster's group, below the number of posters: nearly alike ones are in the same.
    pub groups: &'a [usize],
}

/// A classifier, and how good it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// It turns features into logits.
    pub classifier: LinearClassifier,
    /// What the logits are divided by before the softmax.
    pub temperature: f64,
    /// If the likeliest class is less probable than this, 0 to 1, the answer is "not sure"; 0 if there
    /// are too few posters to tell.
    pub threshold: f64,
    /// `None` if a class has too few posters.
    pub score: Option<Score>,
}

/// What cross-validation says.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// How many folds there were.
    pub folds: usize,
    /// The logits of each poster by a classifier that has not seen it, `[poster, class]`.
    pub logits: Vec<f32>,
    /// The share of right answers.
    pub accuracy: Estimate,
    /// The mean of the classes' F1.
    pub macro_f1: Estimate,
}

impl Lessons<'_> {
    /// Fits a classifier in which every class counts the same. Groups do not matter.
    ///
    /// # Panics
    ///
    /// As [`learn`](Self::learn).
    pub fn classifier(&self) -> LinearClassifier {
        let rows = Standardised::new(self.features, self.rows);
        rows.classifier(&self.fit_all(&rows), self.classes)
    }

    fn fit_all(&self, rows: &Standardised) -> Vec<f64> {
        let all: Vec<usize> = (0..self.truths.len()).collect();
        let mut parameters = vec![0.0; self.classes * (self.features + 1)];
        self.fit(rows, &mut parameters, &all);
        parameters
    }

    /// Fits a classifier in which every class counts the same, and judges it.
    ///
    /// The same posters give the same classifier.
    ///
    /// # Panics
    ///
    /// If the lists do not fit each other, or a class has no poster.
    pub fn learn(&self) -> Probe {
        let rows = Standardised::new(self.features, self.rows);
        let parameters = self.fit_all(&rows);
        let mut probe = Probe {
            classifier: rows.classifier(&parameters, self.classes),
            temperature: 1.0,
            threshold: 0.0,
            score: None,
        };
        let groups = self.groups_of_classes();
        if groups.iter().any(|groups| *groups < LEAST) {
            return probe;
        }
        let groups = {
            let mut distinct = self.groups.to_vec();
            distinct.sort_unstable();
            distinct.dedup();
            distinct.len()
        };
        let folds = if groups <= LEAVE_ONE_OUT {
            groups
        } else {
            FOLDS
        };
        let logits = self.held_out(&rows, &parameters, folds);
        let answers = ClassAnswers::new(self.classes, logits.clone(), self.truths.to_vec());
        if self.truths.len() >= CALIBRATED {
            probe.temperature = answers.calibrate_temperature();
            let found = Abstention::calibrate(&answers, probe.temperature);
            probe.threshold = found.map_or(0.0, |found| found.threshold);
        }
        let predicted: Vec<usize> = answers.predicted();
        let [macro_f1, accuracy] = macro_f1_and_accuracy(self.classes, self.truths, &predicted);
        probe.score = Some(Score {
            folds,
            logits,
            accuracy,
            macro_f1,
        });
        probe
    }

    /// How many groups of nearly alike posters each class has.
    pub fn groups_of_classes(&self) -> Vec<usize> {
        let mut pairs: Vec<(usize, usize)> =
            (self.truths.iter().copied().zip(self.groups.iter().copied())).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let mut groups = vec![0; self.classes];
        for (class, _) in pairs {
            groups[class] += 1;
        }
        groups
    }

    /// The logits of every poster by a classifier of the other folds. `fitted` are the parameters of
    /// all posters: a search that begins there ends at the same minimum, but sooner.
    fn held_out(&self, rows: &Standardised, fitted: &[f64], folds: usize) -> Vec<f32> {
        let fold_of = folds::assign(self.truths, self.groups, folds);
        let mut logits = vec![0.0; self.truths.len() * self.classes];
        for fold in 0..folds {
            let (here, others): (Vec<usize>, Vec<usize>) =
                (0..self.truths.len()).partition(|row| fold_of[*row] == fold);
            let mut parameters = fitted.to_vec();
            self.fit(rows, &mut parameters, &others);
            for row in here {
                let target = &mut logits[row * self.classes..][..self.classes];
                target.copy_from_slice(&rows.logits(&parameters, self.classes, row));
            }
        }
        logits
    }

    fn fit(&self, rows: &Standardised, parameters: &mut Vec<f64>, chosen: &[usize]) {
        let counts = self.balanced(chosen);
        let penalty = PENALTY / chosen.len().max(1) as f64;
        rows.fit(
            parameters,
            self.classes,
            chosen,
            self.truths,
            &counts,
            penalty,
        );
    }

    /// How much each poster counts so that every class does the same; 1 on average over the chosen ones.
    fn balanced(&self, chosen: &[usize]) -> Vec<f64> {
        let mut posters = vec![0_usize; self.classes];
        for &row in chosen {
            posters[self.truths[row]] += 1;
        }
        let classes = posters.iter().filter(|posters| **posters > 0).count();
        let even = chosen.len() as f64 / classes.max(1) as f64;
        let counts = self.truths.iter();
        counts
            .map(|class| even / posters[*class].max(1) as f64)
            .collect()
    }
}

impl Score {
    /// Each poster's answer by a classifier that has not seen it.
    pub fn predicted(&self, classes: usize) -> Vec<usize> {
        self.logits.chunks_exact(classes).map(argmax).collect()
    }
}
