//! Linear classifiers: multinomial logistic regression with a penalty on large weights.

use crate::lbfgs::{add, dot, minimise};

/// The search ends where no partial derivative of the mean loss is above this: the third decimal of a
/// percentage stays the same then.
const TOLERANCE: f64 = 1e-6;

/// More steps than a search was seen to need.
const ITERATIONS: usize = 500;

/// A feature that varies less than this is the same everywhere, and says nothing.
const CONSTANT: f64 = 1e-6;

/// Weights that turn features into a logit for each class.
#[derive(Clone, Debug, PartialEq)]
pub struct LinearClassifier {
    /// `[class, feature]`.
    pub weights: Vec<f32>,
    /// For each class.
    pub biases: Vec<f32>,
}

impl LinearClassifier {
    /// Fits the weights to `rows`, `[row, feature]`, with each row's true class and how much it counts.
    ///
    /// Lowest is the sum of the rows' cross-entropies, each times what the row counts, divided by the
    /// number of rows, and of `penalty` / 2 times the weights' squares, where the features are
    /// standardised. The same rows give the same weights.
    ///
    /// # Panics
    ///
    /// If there are no features, or not as many rows as truths and counts, or a truth is not below
    /// `classes`.
    pub fn fit(
        classes: usize,
        features: usize,
        rows: &[f32],
        truths: &[usize],
        counts: &[f64],
        penalty: f64,
    ) -> LinearClassifier {
        let rows = Standardised::new(features, rows);
        let all: Vec<usize> = (0..truths.len()).collect();
        let mut parameters = vec![0.0; classes * (features + 1)];
        rows.fit(&mut parameters, classes, &all, truths, counts, penalty);
        rows.classifier(&parameters, classes)
    }

    /// The logits of rows of features, `[row, class]`.
    pub fn logits(&self, rows: &[f32]) -> Vec<f32> {
        let features = self.weights.len() / self.biases.len().max(1);
        let classes = || self.weights.chunks_exact(features).zip(&self.biases);
        let logits = |row| classes().map(move |(weights, bias)| bias + product(weights, row));
        rows.chunks_exact(features).flat_map(logits).collect()
    }
}

fn product(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

/// Rows of features with mean 0 and variance 1.
pub(crate) struct Standardised {
    features: usize,
    /// `[row, feature]`.
    rows: Vec<f64>,
    means: Vec<f64>,
    /// Standard deviations; 1 of a feature that is the same everywhere.
    deviations: Vec<f64>,
}

impl Standardised {
    /// `rows` are `[row, feature]`.
    pub(crate) fn new(features: usize, rows: &[f32]) -> Standardised {
        let count = (rows.len() / features).max(1) as f64;
        let mean = |value: &dyn Fn(usize, f64) -> f64| {
            let mut sums = vec![0.0; features];
            for row in rows.chunks_exact(features) {
                for (feature, number) in row.iter().enumerate() {
                    sums[feature] += value(feature, (*number).into());
                }
            }
            sums.into_iter()
                .map(|sum| sum / count)
                .collect::<Vec<f64>>()
        };
        let means = mean(&|_, number| number);
        let variances = mean(&|feature, number| (number - means[feature]).powi(2));
        let deviations: Vec<f64> = variances
            .into_iter()
            .map(|variance| match variance.sqrt() {
                deviation if deviation < CONSTANT => 1.0,
                deviation => deviation,
            })
            .collect();
        let standardised = rows.iter().enumerate().map(|(at, number)| {
            let feature = at % features;
            (f64::from(*number) - means[feature]) / deviations[feature]
        });
        Standardised {
            features,
            rows: standardised.collect(),
            means,
            deviations,
        }
    }

    /// Moves `parameters`, `[class, feature]` and then a bias for each class, to those that fit the
    /// `chosen` rows: see [`LinearClassifier::fit`]. `truths` and `counts` are of all rows.
    pub(crate) fn fit(
        &self,
        parameters: &mut Vec<f64>,
        classes: usize,
        chosen: &[usize],
        truths: &[usize],
        counts: &[f64],
        penalty: f64,
    ) {
        let weights = classes * self.features;
        let share = 1.0 / chosen.len().max(1) as f64;
        let mut logits = vec![0.0; classes];
        minimise(parameters, TOLERANCE, ITERATIONS, |at, gradient| {
            gradient.fill(0.0);
            let mut loss = 0.0;
            for &row in chosen {
                let features = self.row(row);
                self.logits_of(at, features, &mut logits);
                let highest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let sum: f64 = logits.iter().map(|logit| (logit - highest).exp()).sum();
                let count = share * counts[row];
                loss += count * (sum.ln() + highest - logits[truths[row]]);
                for (class, logit) in logits.iter().enumerate() {
                    let right = f64::from(u8::from(class == truths[row]));
                    let slope = count * ((logit - highest).exp() / sum - right);
                    let begin = class * self.features;
                    add(&mut gradient[begin..][..self.features], slope, features);
                    gradient[weights + class] += slope;
                }
            }
            add(&mut gradient[..weights], penalty, &at[..weights]);
            loss + 0.5 * penalty * dot(&at[..weights], &at[..weights])
        });
    }

    /// The logits of one row by `parameters`.
    pub(crate) fn logits(&self, parameters: &[f64], classes: usize, row: usize) -> Vec<f32> {
        let mut logits = vec![0.0; classes];
        self.logits_of(parameters, self.row(row), &mut logits);
        logits.into_iter().map(|logit| logit as f32).collect()
    }

    /// The classifier of features as they are that gives the logits of `parameters`.
    pub(crate) fn classifier(&self, parameters: &[f64], classes: usize) -> LinearClassifier {
        let (weights, biases) = parameters.split_at(classes * self.features);
        let mut scaled = Vec::with_capacity(weights.len());
        let mut shifted = Vec::with_capacity(classes);
        for (weights, bias) in weights.chunks_exact(self.features).zip(biases) {
            let begin = scaled.len();
            scaled.extend(weights.iter().zip(&self.deviations).map(|(w, d)| w / d));
            shifted.push((bias - dot(&scaled[begin..], &self.means)) as f32);
        }
        LinearClassifier {
            weights: scaled.into_iter().map(|weight| weight as f32).collect(),
            biases: shifted,
        }
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.rows[row * self.features..][..self.features]
    }

    fn logits_of(&self, parameters: &[f64], row: &[f64], logits: &mut [f64]) {
        let (weights, biases) = parameters.split_at(logits.len() * self.features);
        let weights = weights.chunks_exact(self.features);
        for (logit, (weights, bias)) in logits.iter_mut().zip(weights.zip(biases)) {
            *logit = bias + dot(weights, row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use marquee_models::math::{argmax, softmax};
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// Rows of two dependent features, with classes drawn by known weights.
    fn drawn(rows: usize) -> (Vec<f32>, Vec<usize>) {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let (mut features, mut truths) = (Vec::new(), Vec::new());
        for _ in 0..rows {
            let first = rng.random_range(-1.0..1.0_f32);
            let second = first + rng.random_range(-0.5..0.5_f32);
            let shares = softmax(&[0.0, 2.0 * first, 1.0 - 3.0 * second], 1.0);
            let drawn = rng.random_range(0.0..1.0);
            truths
                .push(usize::from(drawn > shares[0]) + usize::from(drawn > shares[0] + shares[1]));
            features.extend([first, second]);
        }
        (features, truths)
    }

    #[test]
    fn the_weights_that_rows_were_drawn_by_are_found() {
        let (features, truths) = drawn(20_000);
        let counts = vec![1.0; truths.len()];
        let model = LinearClassifier::fit(3, 2, &features, &truths, &counts, 1e-4);
        for (first, second) in [(0.0, 0.0), (0.5, 0.2), (-0.8, -0.6)] {
            let logits = model.logits(&[first, second]);
            let found = [logits[1] - logits[0], logits[2] - logits[0]];
            let expected = [2.0 * first, 1.0 - 3.0 * second];
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 0.15, "{found} is not {expected}");
            }
        }
    }

    #[test]
    fn what_counts_more_is_predicted_more() {
        let (features, truths) = drawn(2_000);
        let predicted = |count: f64| {
            let counts: Vec<f64> = truths
                .iter()
                .map(|&truth| if truth == 0 { count } else { 1.0 })
                .collect();
            let model = LinearClassifier::fit(3, 2, &features, &truths, &counts, 1e-4);
            let logits = model.logits(&features);
            logits
                .chunks_exact(3)
                .filter(|logits| argmax(logits) == 0)
                .count()
        };
        assert!(predicted(4.0) > 2 * predicted(1.0));
    }

    #[test]
    fn a_feature_that_never_varies_has_no_weight() {
        let rows = [0.0, 7.0, 1.0, 7.0, 2.0, 7.0, 3.0, 7.0];
        let model = LinearClassifier::fit(2, 2, &rows, &[0, 0, 1, 1], &[1.0; 4], 0.1);
        assert_eq!((model.weights[1], model.weights[3]), (0.0, 0.0));
        assert!(model.weights[2] > 0.1);
    }
}
