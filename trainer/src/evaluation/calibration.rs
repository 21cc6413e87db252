//! Whether probabilities mean what they say: of the answers given with 70 %, seven in ten are right.

use serde::Serialize;

use crate::evaluation::metrics::{Confusion, argmax, cross_entropy};

/// Bins of the calibration error, as Guo et al. (2017) count them.
const BINS: usize = 15;

/// Temperatures outside these bounds would mean a network that says nothing, or one that is broken.
const BOUNDS: [f64; 2] = [0.05, 20.0];

/// Answers of about the same confidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Step {
    /// How many there are.
    pub films: usize,
    /// Mean probability of the likeliest class, in 0–1.
    pub confidence: f64,
    /// Share of them that is right, in 0–1.
    pub right: f64,
}

/// What a network said of films whose classes are known.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    classes: usize,
    /// `[film, class]`.
    logits: Vec<f32>,
    truths: Vec<usize>,
}

impl Answers {
    /// Puts logits, `[film, class]`, and the films' classes together.
    ///
    /// # Panics
    ///
    /// Where there are not as many logits for each film as classes.
    pub fn new(classes: usize, logits: Vec<f32>, truths: Vec<usize>) -> Answers {
        assert_eq!(logits.len(), classes * truths.len());
        Answers {
            classes,
            logits,
            truths,
        }
    }

    /// Each film's class, and its logits.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &[f32])> {
        let logits = self.logits.chunks_exact(self.classes);
        self.truths.iter().copied().zip(logits)
    }

    /// Index of each film's likeliest class.
    pub fn predicted(&self) -> Vec<usize> {
        self.iter().map(|(_, logits)| argmax(logits)).collect()
    }

    /// The answers counted.
    pub fn confusion(&self) -> Confusion {
        let mut confusion = Confusion::new(self.classes);
        for (truth, logits) in self.iter() {
            confusion.add(truth, logits);
        }
        confusion
    }

    /// The temperature that makes these answers likeliest: what the logits are to be divided by
    /// (Guo et al. 2017). To be fitted on films that the network was not trained on.
    pub fn fit_temperature(&self) -> f64 {
        // The loss has a single valley along the logarithm, so that a golden-section search finds
        // its bottom.
        let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
        let [mut low, mut high] = BOUNDS.map(f64::ln);
        while high - low > 1e-4 {
            let (left, right) = (high - golden * (high - low), low + golden * (high - low));
            if self.loss(left.exp()) < self.loss(right.exp()) {
                high = right;
            } else {
                low = left;
            }
        }
        f64::midpoint(low, high).exp()
    }

    /// Mean cross-entropy in nats at this temperature.
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

    /// Each film's probability of its likeliest class at this temperature, and whether that is its
    /// class.
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

    /// How often answers of about the same confidence are right, in up to 15 steps from the least
    /// confident to the most; steps without films are left out.
    pub fn calibration_curve(&self, temperature: f64) -> Vec<Step> {
        let mut steps = [Step::default(); BINS];
        for (confidence, right) in self.confidences(temperature) {
            let step = &mut steps[((confidence * BINS as f64) as usize).min(BINS - 1)];
            step.films += 1;
            step.confidence += confidence;
            step.right += f64::from(right);
        }
        let filled = steps.into_iter().filter(|step| step.films > 0);
        filled
            .map(|step| Step {
                confidence: step.confidence / step.films as f64,
                right: step.right / step.films as f64,
                ..step
            })
            .collect()
    }

    /// The expected calibration error at this temperature, in 0–1: how far, on average, the
    /// probability of the likeliest class is from the share of such answers that are right.
    pub fn calibration_error(&self, temperature: f64) -> f64 {
        let curve = self.calibration_curve(temperature);
        let gaps = curve
            .iter()
            .map(|step| step.films as f64 * (step.right - step.confidence).abs());
        gaps.sum::<f64>() / self.truths.len().max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// Films whose classes are drawn from the softmax of their logits, which are then multiplied.
    fn exaggerated(factor: f32) -> Answers {
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
        Answers::new(3, logits, truths)
    }

    #[test]
    fn the_temperature_undoes_exaggeration() {
        for factor in [0.5, 1.0, 3.0] {
            let answers = exaggerated(factor);
            let temperature = answers.fit_temperature();
            assert!(
                (temperature / f64::from(factor) - 1.0).abs() < 0.05,
                "{temperature}"
            );
            assert!(answers.calibration_error(temperature) < 0.015);
            assert!(answers.loss(temperature) <= answers.loss(1.0) + 1e-9);
        }
        assert!(exaggerated(3.0).calibration_error(1.0) > 0.1);
    }

    #[test]
    fn the_error_is_the_gap_between_confidence_and_hits() {
        // two of four right, each said with 90 %
        let sure = 9.0_f32.ln();
        let answers = Answers::new(2, [sure, 0.0].repeat(4), vec![0, 0, 1, 1]);
        assert!((answers.calibration_error(1.0) - 0.4).abs() < 1e-6);
        let [step] = answers.calibration_curve(1.0)[..] else {
            panic!("all have the same confidence");
        };
        assert_eq!((step.films, step.right), (4, 0.5));
        assert!((step.confidence - 0.9).abs() < 1e-6);
    }
}
