//! Multinomial logistic regression.

use marquee_models::math::softmax;
use rayon::prelude::*;

/// Weight of the coefficients' squares beside the mean loss: enough to make the solution unique, too
/// little to change it.
const PENALTY: f64 = 1e-4;

/// After this many steps the loss no longer changes in any digit that is shown.
const STEPS: usize = 100;

/// Rows whose gradients are summed on one core. With pieces of a fixed size, summed in order, the
/// coefficients are the same on any number of cores.
const ROWS: usize = 512;

/// Coefficients that turn features into a logit for each class.
pub(super) struct Logistic {
    features: usize,
    /// Each feature's mean, which is subtracted from it.
    mean: Vec<f32>,
    /// Each feature's standard deviation, by which it is divided then.
    deviation: Vec<f32>,
    /// `[class, features + 1]`; the last of each class is its constant.
    coefficients: Vec<f64>,
}

impl Logistic {
    /// Fits the coefficients to `rows`, `[row, features]`, with each row's true class and weight.
    ///
    /// Half the features' covariance bounds the curvature of the loss for all coefficients (Böhning
    /// 1992). So a Newton step with it never overshoots, and it is factored only once. The bound is
    /// loose, for which Nesterov's momentum makes up.
    pub(super) fn fit(
        classes: usize,
        features: usize,
        rows: &[f32],
        truths: &[usize],
        weights: &[f32],
    ) -> Logistic {
        let (mean, deviation) = statistics(features, rows);
        let mut model = Logistic {
            features,
            mean,
            deviation,
            coefficients: vec![0.0; classes * (features + 1)],
        };
        let inputs = model.standardised(rows);
        let width = features + 1;
        let mut curvature = model.sums(&inputs, width * width, |sums, row, input| {
            for (i, &one) in input.iter().enumerate() {
                for (j, &other) in input[..=i].iter().enumerate() {
                    sums[i * width + j] += 0.5 * f64::from(weights[row] * one * other);
                }
            }
        });
        for i in 0..width {
            curvature[i * width + i] += PENALTY;
        }
        cholesky(&mut curvature, width);

        let mut ahead = model.coefficients.clone();
        for step in 0..STEPS {
            let mut gradient = model.sums(&inputs, ahead.len(), |sums, row, input| {
                let mut errors = softmax(&logits(&ahead, input), 1.0);
                errors[truths[row]] -= 1.0;
                for (sums, error) in sums.chunks_exact_mut(width).zip(errors) {
                    let error = f64::from(error * weights[row]);
                    for (sum, input) in sums.iter_mut().zip(input) {
                        *sum += error * f64::from(*input);
                    }
                }
            });
            for (gradient, coefficient) in gradient.iter_mut().zip(&ahead) {
                *gradient += PENALTY * coefficient;
            }
            for gradient in gradient.chunks_exact_mut(width) {
                solve(&curvature, gradient);
            }
            let momentum = step as f64 / (step as f64 + 3.0);
            for (index, gradient) in gradient.iter().enumerate() {
                let next = ahead[index] - gradient;
                ahead[index] = next + momentum * (next - model.coefficients[index]);
                model.coefficients[index] = next;
            }
        }
        model
    }

    /// The logits of rows of features, `[row, class]`.
    pub(super) fn logits(&self, rows: &[f32]) -> Vec<f32> {
        let inputs = self.standardised(rows);
        let inputs = inputs.par_chunks_exact(self.features + 1);
        let logits = inputs.flat_map_iter(|input| logits(&self.coefficients, input));
        logits.collect()
    }

    /// The rows with features of mean 0 and deviation 1, and a 1 after the last feature.
    fn standardised(&self, rows: &[f32]) -> Vec<f32> {
        let mut inputs = Vec::with_capacity(rows.len() / self.features * (self.features + 1));
        for row in rows.chunks_exact(self.features) {
            let features = row.iter().zip(&self.mean).zip(&self.deviation);
            inputs
                .extend(features.map(|((feature, mean), deviation)| (feature - mean) / deviation));
            inputs.push(1.0);
        }
        inputs
    }

    /// Has `add` add something for each row to `count` sums, and divides them by the number of rows.
    fn sums(
        &self,
        inputs: &[f32],
        count: usize,
        add: impl Fn(&mut [f64], usize, &[f32]) + Sync,
    ) -> Vec<f64> {
        let width = self.features + 1;
        let pieces: Vec<Vec<f64>> = inputs
            .par_chunks(ROWS * width)
            .enumerate()
            .map(|(piece, inputs)| {
                let mut sums = vec![0.0; count];
                for (row, input) in inputs.chunks_exact(width).enumerate() {
                    add(&mut sums, piece * ROWS + row, input);
                }
                sums
            })
            .collect();
        let rows = (inputs.len() / width).max(1) as f64;
        let sum = |index: usize| pieces.iter().map(|sums| sums[index]).sum::<f64>() / rows;
        (0..count).map(sum).collect()
    }
}

/// Mean and standard deviation of each feature.
fn statistics(features: usize, rows: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let count = (rows.len() / features).max(1) as f64;
    let column = |feature: usize| {
        let values = rows.iter().skip(feature).step_by(features);
        let (sum, squares) = values.fold((0.0, 0.0), |(sum, squares), &value| {
            let value = f64::from(value);
            (sum + value, squares + value * value)
        });
        let mean = sum / count;
        let variance = squares / count - mean * mean;
        // a colour that no poster has must not make a division by zero
        let deviation = if variance > 1e-9 {
            variance.sqrt()
        } else {
            1.0
        };
        (mean as f32, deviation as f32)
    };
    (0..features).map(column).unzip()
}

fn logits(coefficients: &[f64], input: &[f32]) -> Vec<f32> {
    let classes = coefficients.chunks_exact(input.len());
    classes
        .map(|class| {
            let products = class.iter().zip(input);
            let sum: f64 = products.map(|(one, other)| one * f64::from(*other)).sum();
            sum as f32
        })
        .collect()
}

/// Replaces the lower triangle of a positive definite matrix with that of its Cholesky factor.
fn cholesky(matrix: &mut [f64], width: usize) {
    for i in 0..width {
        for j in 0..=i {
            let dot: f64 = (0..j)
                .map(|k| matrix[i * width + k] * matrix[j * width + k])
                .sum();
            let rest = matrix[i * width + j] - dot;
            matrix[i * width + j] = match i == j {
                true => rest.sqrt(),
                false => rest / matrix[j * width + j],
            };
        }
    }
}

/// Replaces a right-hand side with the solution, given the matrix's Cholesky factor.
fn solve(factor: &[f64], vector: &mut [f64]) {
    let width = vector.len();
    for i in 0..width {
        let dot: f64 = (0..i).map(|k| factor[i * width + k] * vector[k]).sum();
        vector[i] = (vector[i] - dot) / factor[i * width + i];
    }
    for i in (0..width).rev() {
        let dot: f64 = (i + 1..width)
            .map(|k| factor[k * width + i] * vector[k])
            .sum();
        vector[i] = (vector[i] - dot) / factor[i * width + i];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::metrics::cross_entropy;
    use marquee_models::math::argmax;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// Rows of two dependent features, with classes drawn by known coefficients.
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
    fn the_coefficients_that_rows_were_drawn_by_are_found() {
        let (features, truths) = drawn(20_000);
        let model = Logistic::fit(3, 2, &features, &truths, &vec![1.0; truths.len()]);
        let logits = |first: f32, second: f32| {
            let logits = model.logits(&[first, second]);
            [logits[1] - logits[0], logits[2] - logits[0]]
        };
        for (first, second) in [(0.0, 0.0), (0.5, 0.2), (-0.8, -0.6)] {
            let found = logits(first, second);
            let expected = [2.0 * first, 1.0 - 3.0 * second];
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 0.15, "{found} is not {expected}");
            }
        }
    }

    #[test]
    fn another_start_could_not_end_lower() {
        // around a minimum every small change makes the loss greater
        let (features, truths) = drawn(2_000);
        let mut model = Logistic::fit(3, 2, &features, &truths, &vec![1.0; truths.len()]);
        let loss = |model: &Logistic| -> f64 {
            let logits = model.logits(&features);
            let films = logits.chunks_exact(3).zip(&truths);
            let sum: f64 = films
                .map(|(logits, &truth)| cross_entropy(logits, truth))
                .sum();
            let squares: f64 = model.coefficients.iter().map(|c| c * c).sum();
            sum / truths.len() as f64 + 0.5 * PENALTY * squares
        };
        let least = loss(&model);
        for index in 0..model.coefficients.len() {
            for change in [-0.02, 0.02] {
                model.coefficients[index] += change;
                assert!(loss(&model) > least, "coefficient {index}");
                model.coefficients[index] -= change;
            }
        }
    }

    #[test]
    fn what_counts_more_is_predicted_more() {
        let (features, truths) = drawn(2_000);
        let predicted = |weight: f32| {
            let weights: Vec<f32> = truths
                .iter()
                .map(|&truth| if truth == 0 { weight } else { 1.0 })
                .collect();
            let model = Logistic::fit(3, 2, &features, &truths, &weights);
            let logits = model.logits(&features);
            logits
                .chunks_exact(3)
                .filter(|logits| argmax(logits) == 0)
                .count()
        };
        assert!(predicted(4.0) > 2 * predicted(1.0));
    }
}
