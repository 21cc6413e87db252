//! The backward pass of a block.

use rayon::prelude::*;

use super::block::Block;
use super::forward::{Kept, Weights};
use super::matrix::{Matrix, product};
use super::tile::Tile;
use super::{GROUP, depthwise};

/// The gradients of the loss with respect to what a block was given.
#[derive(Clone, Debug)]
pub struct Gradients {
    /// With respect to the input, in its shape; empty if it was not asked for.
    pub grad_input: Vec<f32>,
    /// With respect to the convolution's weights, `[kernel, kernel, in_channels_per_group,
    /// out_channels]`.
    pub grad_conv: Vec<f32>,
    /// With respect to batch norm's factors, `[out_channels]`.
    pub grad_gamma: Vec<f32>,
    /// With respect to batch norm's summands, `[out_channels]`.
    pub grad_beta: Vec<f32>,
}

impl Block {
    /// From the gradient with respect to the output to those with respect to the weights and, if
    /// `wants_input`, the input.
    ///
    /// `input` is `[batch, height, width, in_channels]`, as it was given to
    /// [`forward`](Self::forward), which returned `kept` for the same `weights`. `grad_output` is
    /// `[batch, output height, output width, out_channels]`. The gradient with respect to a `skip`
    /// is `grad_output` itself.
    ///
    /// # Panics
    ///
    /// If the length of a slice does not fit the shape.
    pub fn backward(
        &self,
        input: &[f32],
        kept: &Kept,
        weights: Weights,
        grad_output: &[f32],
        wants_input: bool,
    ) -> Gradients {
        weights.check(self);
        let samples = self.samples(input.len());
        assert_eq!(grad_output.len(), samples * self.output_len());
        assert_eq!(kept.convolved.len(), samples * self.convolved_len());
        let pass = Backward {
            block: self,
            kept,
            weights,
            affine: kept.affine(weights),
            inverse: kept.inverse_deviation().collect(),
        };

        let groups = grad_output
            .par_chunks(GROUP * self.output_len())
            .zip(kept.convolved.par_chunks(GROUP * self.convolved_len()));
        let sums: Vec<_> = groups
            .map(|(grad_output, convolved)| pass.norm_sums(grad_output, convolved))
            .collect();
        let channels = self.conv.out_channels;
        let grad_beta = total(sums.iter().map(|(beta, _)| beta), channels);
        let grad_gamma = total(sums.iter().map(|(_, gamma)| gamma), channels);

        let count = (samples * self.convolved_len() / channels) as f32;
        let mean = |sum: &Vec<f32>| sum.iter().map(|sum| sum / count).collect::<Vec<f32>>();
        let means = (mean(&grad_beta), mean(&grad_gamma));
        let mut grad_input = vec![0.0; if wants_input { input.len() } else { 0 }];
        // if the input's gradient is not wanted, every group gets an empty slice of it
        let mut parts: Vec<&mut [f32]> = match wants_input {
            true => grad_input.chunks_mut(GROUP * self.input_len()).collect(),
            false => (0..samples.div_ceil(GROUP)).map(|_| &mut [][..]).collect(),
        };
        let grad_conv: Vec<_> = input
            .par_chunks(GROUP * self.input_len())
            .zip(parts.par_iter_mut())
            .zip(grad_output.par_chunks(GROUP * self.output_len()))
            .zip(kept.convolved.par_chunks(GROUP * self.convolved_len()))
            .map(|(((input, grad_input), grad_output), convolved)| {
                pass.convolution(input, grad_output, convolved, &means, grad_input)
            })
            .collect();
        Gradients {
            grad_conv: total(grad_conv.iter(), weights.conv.len()),
            grad_input,
            grad_gamma,
            grad_beta,
        }
    }
}

fn total<'a>(parts: impl Iterator<Item = &'a Vec<f32>>, len: usize) -> Vec<f32> {
    let mut total = vec![0.0; len];
    for part in parts {
        for (total, value) in total.iter_mut().zip(part) {
            *total += value;
        }
    }
    total
}

/// What a backward pass needs.
struct Backward<'a> {
    block: &'a Block,
    kept: &'a Kept,
    weights: Weights<'a>,
    /// Batch norm's factors and summands.
    affine: (Vec<f32>, Vec<f32>),
    /// 1 / standard deviation of each channel.
    inverse: Vec<f32>,
}

impl Backward<'_> {
    /// A group's part of the gradients with respect to beta and gamma.
    fn norm_sums(&self, grad_output: &[f32], convolved: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let conv = &self.block.conv;
        let channels = conv.out_channels;
        let (mut grad_beta, mut grad_gamma) = (vec![0.0; channels], vec![0.0; channels]);
        let mut grad = Vec::new();
        for tile in Tile::all(conv, convolved.len() / self.block.convolved_len()) {
            self.through_activation(&tile, grad_output, convolved, &mut grad);
            let convolved = &convolved[tile.range(channels)];
            let sums = (&mut grad_beta[..], &mut grad_gamma[..]);
            add_norm_sums(&grad, convolved, &self.kept.mean, sums);
        }
        for (grad_gamma, inverse) in grad_gamma.iter_mut().zip(&self.inverse) {
            *grad_gamma *= inverse;
        }
        (grad_beta, grad_gamma)
    }

    /// A group's part of the gradient with respect to the convolution's weights; the one with respect
    /// to the input is added to `grad_input`, unless that is empty. `means` are those of the gradients
    /// with respect to beta and gamma, over all pixels of the batch.
    fn convolution(
        &self,
        input: &[f32],
        grad_output: &[f32],
        convolved: &[f32],
        means: &(Vec<f32>, Vec<f32>),
        grad_input: &mut [f32],
    ) -> Vec<f32> {
        let conv = &self.block.conv;
        let (taps, out_channels) = (conv.taps(), conv.out_channels);
        let mut grad_conv = vec![0.0; self.weights.conv.len()];
        let (mut columns, mut grad) = (Vec::new(), Vec::new());
        for tile in Tile::all(conv, input.len() / self.block.input_len()) {
            self.through_activation(&tile, grad_output, convolved, &mut grad);
            self.through_norm(&convolved[tile.range(out_channels)], means, &mut grad);
            if conv.depthwise {
                let sums = (&mut grad_conv[..], &mut *grad_input);
                depthwise::backward(conv, &tile, input, self.weights.conv, &grad, sums);
                continue;
            }
            let grad = Matrix::new(&grad, tile.pixels(), out_channels);
            let seen = tile.seen(conv, input, &mut columns);
            let seen = Matrix::new(seen, tile.pixels(), taps);
            product(seen.transposed(), grad, true, &mut grad_conv);
            if grad_input.is_empty() {
                continue;
            }
            let weights = Matrix::new(self.weights.conv, taps, out_channels).transposed();
            if conv.pointwise() {
                // each input is seen by one output pixel alone
                let grad_input = &mut grad_input[tile.range(conv.in_channels)];
                product(grad, weights, false, grad_input);
            } else {
                columns.resize(tile.pixels() * taps, 0.0);
                product(grad, weights, false, &mut columns);
                tile.add_columns(conv, &columns, grad_input);
            }
        }
        grad_conv
    }

    /// Sets `grad` to the gradient with respect to the input of a tile's activation and max-pool.
    fn through_activation(
        &self,
        tile: &Tile,
        grad_output: &[f32],
        convolved: &[f32],
        grad: &mut Vec<f32>,
    ) {
        let channels = self.block.conv.out_channels;
        let (factors, summands) = &self.affine;
        let bounds = self.block.conv.activation.bounds();
        grad.clear();
        grad.resize(tile.pixels() * channels, 0.0);
        let convolved = &convolved[tile.range(channels)];
        if !self.block.pool {
            let grad_output = &grad_output[tile.range(channels)];
            return activation_backward(grad_output, convolved, factors, summands, bounds, grad);
        }
        let (pooled_width, pooled_height) = self.block.output_size();
        let row = self.block.conv.output_width() * channels;
        let pooled_row = pooled_width * channels;
        for (sample, pooled) in tile.pooled_rows() {
            let upper = tile.row_of(sample, 2 * (pooled - sample * pooled_height));
            let rows = upper * row..(upper + 2) * row;
            pool_backward(
                &grad_output[pooled * pooled_row..][..pooled_row],
                &convolved[rows.clone()],
                factors,
                summands,
                bounds,
                &mut grad[rows],
            );
        }
    }

    /// Replaces the gradient with respect to batch norm's output by the one with respect to its input.
    fn through_norm(
        &self,
        convolved: &[f32],
        (mean_grad_beta, mean_grad_gamma): &(Vec<f32>, Vec<f32>),
        grad: &mut [f32],
    ) {
        // factor · (grad − mean grad − x̂ · mean (grad · x̂)), with x̂ = (x − mean) / σ
        let (factors, _) = &self.affine;
        let pairs = mean_grad_gamma.iter().zip(&self.inverse);
        let scales: Vec<f32> = pairs.map(|(g, i)| g * i).collect();
        let offsets: Vec<f32> = mean_grad_beta
            .iter()
            .zip(&self.kept.mean)
            .zip(&scales)
            .map(|((grad, mean), scale)| grad - mean * scale)
            .collect();
        norm_backward(convolved, factors, &scales, &offsets, grad);
    }
}

/// `grad_beta += grad` and `grad_gamma += grad · (convolved − mean)`, for each channel.
#[multiversion::multiversion(targets("x86_64+avx2+fma"))]
fn add_norm_sums(
    grad: &[f32],
    convolved: &[f32],
    mean: &[f32],
    (grad_beta, grad_gamma): (&mut [f32], &mut [f32]),
) {
    let channels = mean.len();
    let pixels = grad.chunks_exact(channels);
    for (grad, convolved) in pixels.zip(convolved.chunks_exact(channels)) {
        let sums = grad_beta.iter_mut().zip(&mut *grad_gamma);
        let values = grad.iter().zip(convolved).zip(mean);
        for (((grad, value), mean), (grad_beta, grad_gamma)) in values.zip(sums) {
            *grad_beta += grad;
            *grad_gamma += grad * (value - mean);
        }
    }
}

/// `grad = grad_output` where the activation let the value through, otherwise 0.
#[multiversion::multiversion(targets("x86_64+avx2+fma"))]
fn activation_backward(
    grad_output: &[f32],
    convolved: &[f32],
    factors: &[f32],
    summands: &[f32],
    (low, high): (f32, f32),
    grad: &mut [f32],
) {
    let channels = factors.len();
    let pixels = grad.chunks_exact_mut(channels);
    let given = grad_output.chunks_exact(channels);
    for ((grad, given), convolved) in pixels.zip(given).zip(convolved.chunks_exact(channels)) {
        let affine = factors.iter().zip(summands);
        let values = given.iter().zip(convolved).zip(affine);
        for (grad, ((given, value), (factor, summand))) in grad.iter_mut().zip(values) {
            let normed = factor * value + summand;
            let open = normed > low && normed < high;
            *grad = if open { *given } else { 0.0 };
        }
    }
}

/// The same with a max-pool, for two rows: the gradient goes to the highest of 2×2 pixels, to the
/// first of them if several are as high.
#[multiversion::multiversion(targets("x86_64+avx2+fma"))]
fn pool_backward(
    grad_output: &[f32],
    convolved: &[f32],
    factors: &[f32],
    summands: &[f32],
    (low, high): (f32, f32),
    grad: &mut [f32],
) {
    let channels = factors.len();
    let row = convolved.len() / 2;
    let (above, below) = convolved.split_at(row);
    let (grad_above, grad_below) = grad.split_at_mut(row);
    let values = above
        .chunks_exact(2 * channels)
        .zip(below.chunks_exact(2 * channels));
    let grads = grad_above
        .chunks_exact_mut(2 * channels)
        .zip(grad_below.chunks_exact_mut(2 * channels));
    let pixels = grad_output.chunks_exact(channels).zip(values).zip(grads);
    for ((grad_output, (above, below)), (grad_above, grad_below)) in pixels {
        // slices of one length, so that the loop needs no checks of its own
        let (first, second) = (&above[..channels], &above[channels..][..channels]);
        let (third, fourth) = (&below[..channels], &below[channels..][..channels]);
        let (grad_first, grad_second) = grad_above.split_at_mut(channels);
        let (grad_third, grad_fourth) = grad_below.split_at_mut(channels);
        let (grad_second, grad_fourth) =
            (&mut grad_second[..channels], &mut grad_fourth[..channels]);
        let (factors, summands) = (&factors[..channels], &summands[..channels]);
        let grad_output = &grad_output[..channels];
        // without branches, so that neighbouring channels are computed together
        for channel in 0..channels {
            let (factor, summand) = (factors[channel], summands[channel]);
            let corner = |values: &[f32]| factor * values[channel] + summand;
            let values = [corner(first), corner(second), corner(third), corner(fourth)];
            let highest = values[0].max(values[1]).max(values[2].max(values[3]));
            let open = highest > low && highest < high;
            let mut left = if open { grad_output[channel] } else { 0.0 };
            let mut take = |value: f32| {
                let taken = if value == highest { left } else { 0.0 };
                left -= taken;
                taken
            };
            grad_first[channel] = take(values[0]);
            grad_second[channel] = take(values[1]);
            grad_third[channel] = take(values[2]);
            grad_fourth[channel] = take(values[3]);
        }
    }
}

/// `grad = factor · (grad − offset − convolved · scale)`, with one of each for every channel.
#[multiversion::multiversion(targets("x86_64+avx2+fma"))]
fn norm_backward(
    convolved: &[f32],
    factors: &[f32],
    scales: &[f32],
    offsets: &[f32],
    grad: &mut [f32],
) {
    let channels = factors.len();
    let pixels = grad.chunks_exact_mut(channels);
    for (grad, convolved) in pixels.zip(convolved.chunks_exact(channels)) {
        let terms = factors.iter().zip(scales).zip(offsets);
        let values = grad.iter_mut().zip(convolved).zip(terms);
        for ((grad, value), ((factor, scale), offset)) in values {
            *grad = factor * (*grad - offset - value * scale);
        }
    }
}
