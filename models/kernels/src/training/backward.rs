//! The backward pass of a block.

use std::ops::Range;

use rayon::prelude::*;

use super::block::Block;
use super::elementwise::{Norm, activation_backward, norm_backward, norm_sums};
use super::forward::{Kept, Weights};
use super::matrix::{Matrix, product};
use super::pool::{pool_backward, pooled_norm_sums};
use super::spatial::Spatial;
use super::tile::Tile;
use super::{GROUP, depthwise};
use crate::room;

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
            spatial: self.spatial(weights.conv),
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
    spatial: Option<Spatial>,
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
        let norm = self.norm();
        let mean = &self.kept.mean;
        for tile in Tile::all(conv, convolved.len() / self.block.convolved_len()) {
            if !self.block.pool {
                let range = tile.range(channels);
                let (convolved, grad) = (&convolved[range.clone()], &grad_output[range]);
                let sums = (&mut grad_beta[..], &mut grad_gamma[..]);
                norm_sums(norm, mean, convolved, grad, sums);
                continue;
            }
            for rows in self.pooled_rows(&tile) {
                let (convolved, grad) = (&convolved[rows.convolved], &grad_output[rows.pooled]);
                let sums = (&mut grad_beta[..], &mut grad_gamma[..]);
                pooled_norm_sums(norm, mean, convolved, grad, sums);
            }
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
        let mut grad_conv = vec![0.0; self.weights.conv.len()];
        let (mut grad, mut padded) = (Vec::new(), Vec::new());
        let samples = input.len() / self.block.input_len();
        if let Some(spatial) = &self.spatial {
            for sample in 0..samples {
                let tile = Tile::sample(conv, sample);
                let grad = self.through_activation(&tile, grad_output, convolved, &mut grad);
                self.through_norm(&convolved[tile.range(conv.out_channels)], means, grad);
                let seen = tile.input_range(conv);
                let grad_input = match grad_input.is_empty() {
                    true => &mut [][..],
                    false => &mut grad_input[seen.clone()],
                };
                spatial.backward(
                    &input[seen],
                    grad,
                    &mut padded,
                    (&mut grad_conv, grad_input),
                );
            }
            return grad_conv;
        }
        for tile in Tile::all(conv, samples) {
            let grad = self.through_activation(&tile, grad_output, convolved, &mut grad);
            self.through_norm(&convolved[tile.range(conv.out_channels)], means, grad);
            if conv.depthwise {
                let sums = (&mut grad_conv[..], &mut *grad_input);
                depthwise::backward(conv, &tile, input, self.weights.conv, grad, sums);
                continue;
            }
            let grad = Matrix::new(grad, tile.pixels(), conv.out_channels);
            let seen = tile.range(conv.in_channels);
            let input = Matrix::new(&input[seen.clone()], tile.pixels(), conv.in_channels);
            product(input.transposed(), grad, true, &mut grad_conv);
            if !grad_input.is_empty() {
                let weights = Matrix::new(self.weights.conv, conv.in_channels, conv.out_channels);
                product(grad, weights.transposed(), false, &mut grad_input[seen]);
            }
        }
        grad_conv
    }

    /// Sets `grad` to the gradient with respect to the input of a tile's activation and max-pool, and returns it.
    fn through_activation<'b>(
        &self,
        tile: &Tile,
        grad_output: &[f32],
        convolved: &[f32],
        grad: &'b mut Vec<f32>,
    ) -> &'b mut [f32] {
        let channels = self.block.conv.out_channels;
        let range = tile.range(channels);
        let (norm, convolved) = (self.norm(), &convolved[range.clone()]);
        let grad = room(grad, convolved.len());
        if !self.block.pool {
            activation_backward(norm, convolved, &grad_output[range], grad);
            return grad;
        }
        let (width, height) = self.block.output_size();
        if self.block.conv.output_width() != 2 * width
            || self.block.conv.output_height() != 2 * height
        {
            // the max-pool leaves a row or a column out
            grad.fill(0.0);
        }
        for rows in self.pooled_rows(tile) {
            let in_tile = rows.convolved.start - range.start..rows.convolved.end - range.start;
            let (convolved, given) = (&convolved[in_tile.clone()], &grad_output[rows.pooled]);
            pool_backward(norm, convolved, given, &mut grad[in_tile]);
        }
        grad
    }

    /// The pairs of rows that a tile's max-pool reads, and the row that it makes of each.
    fn pooled_rows(&self, tile: &Tile) -> impl Iterator<Item = Rows> {
        let conv = &self.block.conv;
        let (pooled_width, pooled_height) = self.block.output_size();
        let row = conv.output_width() * conv.out_channels;
        let pooled_row = pooled_width * conv.out_channels;
        let height = conv.output_height();
        tile.pooled_rows().map(move |(sample, pooled)| {
            let upper = sample * height + 2 * (pooled - sample * pooled_height);
            Rows {
                convolved: upper * row..(upper + 2) * row,
                pooled: pooled * pooled_row..(pooled + 1) * pooled_row,
            }
        })
    }

    fn norm(&self) -> Norm<'_> {
        Norm {
            factors: &self.affine.0,
            summands: &self.affine.1,
            bounds: self.block.conv.activation.bounds(),
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
        norm_backward(factors, &scales, &offsets, convolved, grad);
    }
}

/// Where two rows of a convolution's output are in that of a group, and the row that a max-pool makes of them.
struct Rows {
    convolved: Range<usize>,
    pooled: Range<usize>,
}
