//! The forward pass of a block.

use rayon::prelude::*;

use super::block::Block;
use super::elementwise::{Norm, activate};
use super::matrix::{Matrix, product};
use super::moments::Sums;
use super::pool::pool;
use super::spatial::Spatial;
use super::tile::Tile;
use super::{GROUP, depthwise};

/// A block's weights.
#[derive(Clone, Copy, Debug)]
pub struct Weights<'a> {
    /// The convolution's, `[kernel, kernel, in_channels_per_group, out_channels]`.
    pub conv: &'a [f32],
    /// Batch norm's factors, `[out_channels]` (PyTorch's `weight`).
    pub gamma: &'a [f32],
    /// Batch norm's summands, `[out_channels]` (PyTorch's `bias`).
    pub beta: &'a [f32],
}

impl Weights<'_> {
    /// # Panics
    ///
    /// If the length of a slice does not fit the block's shape.
    pub(super) fn check(&self, block: &Block) {
        let channels = block.conv.out_channels;
        assert_eq!(self.conv.len(), block.conv.taps() * channels);
        assert_eq!((self.gamma.len(), self.beta.len()), (channels, channels));
    }
}

/// What a forward pass gives.
#[derive(Clone, Debug)]
pub struct Forward {
    /// The block's output, `[batch, output height, output width, out_channels]`.
    pub output: Vec<f32>,
    /// What the backward pass needs.
    pub kept: Kept,
}

/// What is kept of a forward pass for the backward pass.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The convolution's output, before the max-pool.
    pub(super) convolved: Vec<f32>,
    /// Its mean over the batch, `[out_channels]`.
    pub mean: Vec<f32>,
    /// Its variance over the batch (divided by the count), `[out_channels]`.
    pub variance: Vec<f32>,
    epsilon: f32,
}

impl Kept {
    /// Batch norm as a factor and a summand for each channel.
    pub(super) fn affine(&self, weights: Weights) -> (Vec<f32>, Vec<f32>) {
        let inverse = self.inverse_deviation();
        let factors: Vec<f32> = inverse.zip(weights.gamma).map(|(i, g)| i * g).collect();
        let summands = factors.iter().zip(&self.mean).zip(weights.beta);
        let summands = summands.map(|((factor, mean), beta)| beta - factor * mean);
        let summands = summands.collect();
        (factors, summands)
    }

    /// 1 / standard deviation of each channel.
    pub(super) fn inverse_deviation(&self) -> impl Iterator<Item = f32> {
        let epsilon = self.epsilon;
        self.variance
            .iter()
            .map(move |variance| (variance + epsilon).sqrt().recip())
    }
}

impl Block {
    /// Runs a batch through the block, normalised by its own mean and variance.
    ///
    /// `input` is `[batch, height, width, in_channels]`. `skip` has the output's shape and is added to
    /// it, for a residual connection. `epsilon` is added to the variance.
    ///
    /// # Panics
    ///
    /// If the length of a slice does not fit the shape.
    pub fn forward(
        &self,
        input: &[f32],
        skip: Option<&[f32]>,
        weights: Weights,
        epsilon: f32,
    ) -> Forward {
        weights.check(self);
        let samples = self.samples(input.len());
        let mut convolved = vec![0.0; samples * self.convolved_len()];
        let pass = Convolve::new(self, weights.conv);
        let sums: Vec<Sums> = input
            .par_chunks(GROUP * self.input_len())
            .zip(convolved.par_chunks_mut(GROUP * self.convolved_len()))
            .map(|(input, convolved)| pass.run(input, convolved))
            .collect();
        let (mean, variance) = Sums::of_all(&sums, self.conv.out_channels).moments();
        let kept = Kept {
            convolved,
            mean,
            variance,
            epsilon,
        };

        let affine = kept.affine(weights);
        let mut output = self.begun_output(samples, skip);
        output
            .par_chunks_mut(self.output_len())
            .zip(kept.convolved.par_chunks(self.convolved_len()))
            .for_each(|(output, convolved)| self.finish(convolved, &affine, output));
        Forward { output, kept }
    }

    /// Runs a batch through the block, normalised by a given mean and variance, `[out_channels]` each: as a trained
    /// block answers, and as [`forward`](Self::forward) otherwise. Nothing is kept for a backward pass.
    ///
    /// # Panics
    ///
    /// If the length of a slice does not fit the shape.
    pub fn forward_frozen(
        &self,
        input: &[f32],
        skip: Option<&[f32]>,
        weights: Weights,
        (mean, variance): (&[f32], &[f32]),
        epsilon: f32,
    ) -> Vec<f32> {
        weights.check(self);
        let kept = Kept {
            convolved: Vec::new(),
            mean: mean.to_vec(),
            variance: variance.to_vec(),
            epsilon,
        };
        let affine = kept.affine(weights);
        let mut output = self.begun_output(self.samples(input.len()), skip);
        let pass = Convolve::new(self, weights.conv);
        input
            .par_chunks(self.input_len())
            .zip(output.par_chunks_mut(self.output_len()))
            .for_each_init(
                || vec![0.0; self.convolved_len()],
                |convolved, (input, output)| {
                    pass.run(input, convolved);
                    self.finish(convolved, &affine, output);
                },
            );
        output
    }

    /// What activation and max-pool add to: a residual connection's input, or zeros.
    fn begun_output(&self, samples: usize, skip: Option<&[f32]>) -> Vec<f32> {
        let output = match skip {
            Some(skip) => skip.to_vec(),
            None => vec![0.0; samples * self.output_len()],
        };
        assert_eq!(output.len(), samples * self.output_len());
        output
    }

    /// Adds to a sample's output what follows from its convolution: batch norm as factors and summands, activation,
    /// max-pool.
    fn finish(
        &self,
        convolved: &[f32],
        (factors, summands): &(Vec<f32>, Vec<f32>),
        output: &mut [f32],
    ) {
        let norm = Norm {
            factors,
            summands,
            bounds: self.conv.activation.bounds(),
        };
        let row = self.conv.output_width() * self.conv.out_channels;
        match self.pool {
            true => pool(norm, row, convolved, output),
            false => activate(norm, convolved, output),
        }
    }
}

/// What a forward pass needs for its convolutions.
struct Convolve<'a> {
    block: &'a Block,
    weights: &'a [f32],
    spatial: Option<Spatial>,
}

impl<'a> Convolve<'a> {
    fn new(block: &'a Block, weights: &'a [f32]) -> Convolve<'a> {
        Convolve {
            block,
            weights,
            spatial: block.spatial(weights),
        }
    }

    /// Convolves a group of samples, and adds up what batch norm's mean and variance need.
    fn run(&self, input: &[f32], convolved: &mut [f32]) -> Sums {
        let Block { conv, .. } = self.block;
        let mut sums = Sums::new(conv.out_channels);
        if let Some(spatial) = &self.spatial {
            let mut room = Vec::new();
            let samples = input.chunks_exact(self.block.input_len());
            let convolved = convolved.chunks_exact_mut(self.block.convolved_len());
            for (input, convolved) in samples.zip(convolved) {
                spatial.forward(input, &mut room, convolved);
                sums.add(convolved);
            }
            return sums;
        }
        for tile in Tile::all(conv, input.len() / self.block.input_len()) {
            let convolved = &mut convolved[tile.range(conv.out_channels)];
            if conv.depthwise {
                depthwise::forward(conv, &tile, input, self.weights, convolved);
            } else {
                let seen = &input[tile.range(conv.in_channels)];
                let seen = Matrix::new(seen, tile.pixels(), conv.in_channels);
                let weights = Matrix::new(self.weights, conv.in_channels, conv.out_channels);
                product(seen, weights, false, convolved);
            }
            sums.add(convolved);
        }
        sums
    }
}
