//! Multinomial logistic regression.

use burn::nn::{Initializer, Linear, LinearConfig};
use burn::optim::{GradientsParams, LBFGSConfig, LineSearchFn};
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor, TensorData};

/// Weight of the coefficients' squares beside the mean loss: enough to make the solution unique, too
/// little to change it.
const PENALTY: f64 = 1e-4;

/// After this many iterations the loss no longer changes in any digit that is shown.
const ITERATIONS: usize = 100;

/// Coefficients that turn features into a logit for each class.
pub(super) struct Logistic {
    /// Mean and standard deviation of the features, `[1, features]`.
    mean: Tensor<2>,
    deviation: Tensor<2>,
    linear: Linear,
}

impl Logistic {
    /// Fits the coefficients to `rows`, `[row, features]`, with each row's true class and weight.
    pub(super) fn fit(
        classes: usize,
        features: usize,
        rows: &[f32],
        truths: &[usize],
        weights: &[f32],
    ) -> Logistic {
        let device = Device::flex().autodiff();
        let rows = matrix(rows.to_vec(), features, &device);
        let (variance, mean) = rows.clone().var_mean_bias(0);
        // a colour that no poster has must not make a division by zero
        let constant = variance.clone().lower_elem(1e-9);
        let deviation = variance.mask_fill(constant, 1.0).sqrt();
        let inputs = (rows - mean.clone()) / deviation.clone();

        let mut targets = vec![0.0; truths.len() * classes];
        for (row, (&truth, weight)) in truths.iter().zip(weights).enumerate() {
            targets[row * classes + truth] = weight / truths.len() as f32;
        }
        let targets = matrix(targets, classes, &device);
        let linear = LinearConfig::new(features, classes)
            .with_initializer(Initializer::Zeros)
            .init(&device);
        let mut optimizer = LBFGSConfig::new()
            .with_max_iter(ITERATIONS)
            .with_line_search_fn(LineSearchFn::StrongWolfe)
            .init();
        let (linear, _) = optimizer.step(1.0, linear, |linear: Linear| {
            let log_probabilities = log_softmax(linear.forward(inputs.clone()), 1);
            let squares = linear.weight.val().powi_scalar(2).sum();
            let loss =
                squares.mul_scalar(0.5 * PENALTY) - (log_probabilities * targets.clone()).sum();
            let gradients = GradientsParams::from_grads(loss.backward(), &linear);
            (loss.into_scalar(), gradients)
        });
        Logistic {
            mean,
            deviation,
            linear,
        }
    }

    /// The logits of rows of features, `[row, class]`.
    pub(super) fn logits(&self, rows: &[f32]) -> Vec<f32> {
        if rows.is_empty() {
            return Vec::new();
        }
        let [_, features] = self.mean.dims();
        let rows = matrix(rows.to_vec(), features, &self.mean.device());
        let inputs = (rows - self.mean.clone()) / self.deviation.clone();
        let logits = self.linear.forward(inputs).into_data();
        logits.try_into_vec().expect("logits are 32-bit floats")
    }
}

fn matrix(values: Vec<f32>, columns: usize, device: &Device) -> Tensor<2> {
    let rows = values.len() / columns;
    Tensor::from_data(TensorData::new(values, [rows, columns]), device)
}

#[cfg(test)]
mod tests {
    use super::*;
    use marquee_models::math::{argmax, softmax};
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
