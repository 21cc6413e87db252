//! The answers about films whose classes are known, and how well calibrated they are.

use marquee_models::math::argmax;
use serde::Serialize;

use crate::metrics::{ConfusionMatrix, cross_entropy};

/// Bins of the calibration curve, as in Guo et al. (2017).
const BINS: usize = 15;

/// Bounds of the search for a temperature. A temperature outside them would mean that the network
/// says nothing, or that it is broken.
const TEMPERATURES: [f64; 2] = [0.05, 20.0];

/// Answers of about the same confidence: a bin of the calibration curve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct CalibrationBin {
    /// Number of answers; at least 1 in a curve.
    pub films: usize,
    /// Mean probability of the likeliest class, 0 to 1.
    pub confidence: f64,
    /// Share of the answers that are right, 0 to 1.
    pub right: f64,
}

/// The logits that a network gave for films, with the films' true classes.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassAnswers {
    classes: usize,
    /// `[film, class]`.
    logits: Vec<f32>,
    truths: Vec<usize>,
}

impl ClassAnswers {
    /// Takes `logits`, `[film, class]`, and each film's true class as an index below `classes`; with a
    /// higher one, [`confusion`](Self::confusion) and [`loss`](Self::loss) panic.
    ///
    /// # Panics
    ///
    /// If there are not `classes` logits for each film.
    pub fn new(classes: usize, logits: Vec<f32>, truths: Vec<usize>) -> ClassAnswers {
        assert_eq!(logits.len(), classes * truths.len());
        ClassAnswers {
            classes,
            logits,
            truths,
        }
    }

    /// Each film's true class, and its logits.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &[f32])> {
        let logits = self.logits.chunks_exact(self.classes);
        self.truths.iter().copied().zip(logits)
    }

    /// The index of each film's likeliest class.
    pub fn predicted(&self) -> Vec<usize> {
        self.iter().map(|(_, logits)| argmax(logits)).collect()
    }

    /// Counts the answers.
    pub fn confusion(&self) -> ConfusionMatrix {
        let mut confusion = ConfusionMatrix::new(self.classes);
        for (truth, logits) in self.iter() {
            confusion.add(truth, logits);
        }
        confusion
    }

    /// Finds the temperature at which the answers are as confident as they are right (Clarté et al. 2023,
    /// "Expectation consistency for calibration of neural networks").
    ///
    /// The mean confidence then is the share of right answers, with one right and one wrong answer more, so that a few
    /// films that are all right make nobody certain. It lies between 0.05 and 20, and is exact to a ten-thousandth of
    /// itself. Without films it is 1. The films should not be those that the network was trained on.
    ///
    /// The temperature with the lowest [`loss`](Self::loss) (Guo et al. 2017) depends much on the few answers that are
    /// very confident and wrong, and leaves the many others less confident than they are right.
    pub fn calibrate_temperature(&self) -> f64 {
        if self.truths.is_empty() {
            return 1.0;
        }
        let films = self.truths.len() as f64;
        let right = self.confidences(1.0).filter(|(_, right)| *right).count();
        let share = (right as f64 + 1.0) / (films + 2.0);
        // the higher the temperature, the lower is each confidence
        let [mut low, mut high] = TEMPERATURES.map(f64::ln);
        while high - low > 1e-4 {
            let middle = f64::midpoint(low, high);
            let sum: f64 = self
                .confidences(middle.exp())
                .map(|(confidence, _)| confidence)
                .sum();
            if sum / films > share {
                low = middle;
            } else {
                high = middle;
            }
        }
        f64::midpoint(low, high).exp()
    }

    /// Mean cross-entropy in nats, with the logits divided by `temperature`, above 0. 0 without films.
    pub fn loss(&self, temperature: f64) -> f64 {
        let films = self.truths.len().max(1) as f64;
        let losses = self.iter().map(|(truth, logits)| {
            let cooled: Vec<f32> = logits
                .iter()
                .map(|logit| (f64::from(*logit) / temperature) as f32)
                .collect();
            cross_entropy(&cooled, truth)
        });
        losses.sum::<f64>() / films
    }

    /// For each film, the probability, 0 to 1, of its likeliest class at this temperature, above 0, and
    /// whether that class is right.
    pub fn confidences(&self, temperature: f64) -> impl Iterator<Item = (f64, bool)> {
        self.iter().map(move |(truth, logits)| {
            let likeliest = argmax(logits);
            let highest = f64::from(logits[likeliest]);
            let sum: f64 = logits
                .iter()
                .map(|logit| ((f64::from(*logit) - highest) / temperature).exp())
                .sum();
            (1.0 / sum, likeliest == truth)
        })
    }

    /// How often answers of about the same confidence are right at this temperature, above 0: up to 15
    /// bins of the same width, from the lowest confidence to the highest, without empty ones.
    pub fn calibration_curve(&self, temperature: f64) -> Vec<CalibrationBin> {
        let mut bins = [CalibrationBin::default(); BINS];
        for (confidence, right) in self.confidences(temperature) {
            let bin = &mut bins[((confidence * BINS as f64) as usize).min(BINS - 1)];
            bin.films += 1;
            bin.confidence += confidence;
            bin.right += f64::from(right);
        }
        let filled = bins.into_iter().filter(|bin| bin.films > 0);
        filled
            .map(|bin| CalibrationBin {
                confidence: bin.confidence / bin.films as f64,
                right: bin.right / bin.films as f64,
                ..bin
            })
            .collect()
    }

    /// Expected calibration error, 0 to 1, at this temperature, above 0: the mean, over the films, of
    /// the distance between confidence and share of right answers in the film's bin.
    pub fn calibration_error(&self, temperature: f64) -> f64 {
        let curve = self.calibration_curve(temperature);
        let gaps = curve
            .iter()
            .map(|bin| bin.films as f64 * (bin.right - bin.confidence).abs());
        gaps.sum::<f64>() / self.truths.len().max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// Films whose classes are drawn from the softmax of their logits, which are then multiplied.
    fn exaggerated(factor: f32) -> ClassAnswers {
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        let (mut logits, mut truths) = (Vec::new(), Vec::new());
        for _ in 0..20_000 {
            let film: [f32; 3] = std::array::from_fn(|_| rng.random_range(-2.0..2.0));
            let weights = film.map(f32::exp);
            let mut left = rng.random_range(0.0..weights.iter().sum());
            let truth = weights.iter().position(|weight| {
                left -= weight;
                left < 0.0
            });
            truths.push(truth.unwrap_or(2));
            logits.extend(film.map(|logit| logit * factor));
        }
        ClassAnswers::new(3, logits, truths)
    }

    #[test]
    fn the_temperature_undoes_exaggeration() {
        for factor in [0.5, 1.0, 3.0] {
            let answers = exaggerated(factor);
            let temperature = answers.calibrate_temperature();
            assert!(
                (temperature / f64::from(factor) - 1.0).abs() < 0.05,
                "{temperature}"
            );
            assert!(answers.calibration_error(temperature) < 0.015);
        }
        assert!(exaggerated(3.0).calibration_error(1.0) > 0.1);
    }

    #[test]
    fn a_few_very_sure_mistakes_leave_the_other_answers_as_sure_as_they_are_right() {
        // 800 of 1000 right, each said with 80 %, and among the wrong ones 20 said with nearly 100 %
        let (likely, certain) = (4.0_f32.ln(), 20.0);
        let mut logits = [likely, 0.0].repeat(980);
        logits.extend([certain, 0.0].repeat(20));
        let truths = (0..1000).map(|film| usize::from(film >= 800)).collect();
        let answers = ClassAnswers::new(2, logits, truths);
        let temperature = answers.calibrate_temperature();
        let (confidence, _) = answers
            .confidences(temperature)
            .next()
            .expect("there are films");
        // 800 of the 980 are right
        assert!((0.78..0.82).contains(&confidence), "{confidence}");
    }

    #[test]
    fn four_right_answers_make_nobody_certain() {
        let answers = ClassAnswers::new(2, [1.0, 0.0].repeat(4), vec![0; 4]);
        let temperature = answers.calibrate_temperature();
        let (confidence, _) = answers
            .confidences(temperature)
            .next()
            .expect("there are films");
        assert!((confidence - 5.0 / 6.0).abs() < 1e-3, "{confidence}");
    }

    #[test]
    fn the_error_is_the_gap_between_confidence_and_hits() {
        // two of four right, each said with 90 %
        let sure = 9.0_f32.ln();
        let answers = ClassAnswers::new(2, [sure, 0.0].repeat(4), vec![0, 0, 1, 1]);
        assert!((answers.calibration_error(1.0) - 0.4).abs() < 1e-6);
        let [bin] = answers.calibration_curve(1.0)[..] else {
            panic!("all have the same confidence");
        };
        assert_eq!((bin.films, bin.right), (4, 0.5));
        assert!((bin.confidence - 0.9).abs() < 1e-6);
    }
}
