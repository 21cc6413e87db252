//! Forward and backward passes over batches: what training on a CPU spends its time in.
//!
//! A block is *convolution, batch norm, activation, perhaps a 2×2 max-pool*, computed as one: of the
//! intermediate results only the convolution's is kept for the way back. Features are `[batch,
//! height, width, channels]`. Convolutions are products of matrices, over tiles of output pixels
//! whose inputs are laid out side by side (im2col; Chellapilla et al. 2006); depthwise ones, which
//! have too little to multiply for that, are loops over what each pixel sees.
//!
//! Work is cut into groups of samples that do not depend on how many cores there are, and their
//! sums are added in order: the same input gives the same output on every machine of a kind.

mod depthwise;
mod gradients;
mod product;
mod tiles;

pub use gradients::Gradients;

use rayon::prelude::*;

use crate::Convolution;
use product::{Matrix, product};
use tiles::Tile;

/// Samples that one task works on.
const GROUP: usize = 16;

/// A convolution with batch norm, its activation and perhaps a 2×2 max-pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// The convolution.
    pub conv: Convolution,
    /// Whether a max-pool halves width and height at the end; a last odd row or column is left out.
    pub pool: bool,
}

/// A block's weights.
#[derive(Clone, Copy, Debug)]
pub struct Weights<'a> {
    /// The convolution's, as `[kernel, kernel, in_channels per group, out_channels]`.
    pub conv: &'a [f32],
    /// Batch norm's factors, one per output channel.
    pub gamma: &'a [f32],
    /// Batch norm's summands, one per output channel.
    pub beta: &'a [f32],
}

/// What a forward pass gives.
#[derive(Clone, Debug)]
pub struct Forward {
    /// The block's output.
    pub output: Vec<f32>,
    /// What the way back needs.
    pub kept: Kept,
}

/// What is kept of a forward pass for the way back.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The convolution's output.
    convolved: Vec<f32>,
    /// Its mean over the batch, per channel.
    pub mean: Vec<f32>,
    /// Its variance over the batch (divided by the count), per channel.
    pub variance: Vec<f32>,
    epsilon: f32,
}

impl Kept {
    /// Batch norm as a factor and a summand per channel.
    fn affine(&self, weights: Weights) -> (Vec<f32>, Vec<f32>) {
        let inverse = self.inverse_deviation();
        let factors: Vec<f32> = inverse.zip(weights.gamma).map(|(i, g)| i * g).collect();
        let summands = factors.iter().zip(&self.mean).zip(weights.beta);
        let summands = summands.map(|((factor, mean), beta)| beta - factor * mean);
        let summands = summands.collect();
        (factors, summands)
    }

    fn inverse_deviation(&self) -> impl Iterator<Item = f32> {
        let epsilon = self.epsilon;
        self.variance
            .iter()
            .map(move |variance| (variance + epsilon).sqrt().recip())
    }
}

impl Block {
    /// Numbers in one sample's input.
    pub fn input_len(&self) -> usize {
        self.conv.width * self.conv.height * self.conv.in_channels
    }

    /// Width and height of the output.
    pub fn output_size(&self) -> (usize, usize) {
        let (width, height) = (self.conv.output_width(), self.conv.output_height());
        match self.pool {
            true => (width / 2, height / 2),
            false => (width, height),
        }
    }

    /// Numbers in one sample's output.
    pub fn output_len(&self) -> usize {
        let (width, height) = self.output_size();
        width * height * self.conv.out_channels
    }

    /// Numbers in one sample's convolution.
    fn convolved_len(&self) -> usize {
        self.conv.output_width() * self.conv.output_height() * self.conv.out_channels
    }

    /// Runs a batch through the block, normalised by the batch's own statistics. `skip`, of the
    /// output's shape, is added to the output.
    ///
    /// # Panics
    ///
    /// Where a slice has not the length that the shape says.
    pub fn forward(
        &self,
        input: &[f32],
        skip: Option<&[f32]>,
        weights: Weights,
        epsilon: f32,
    ) -> Forward {
        let samples = input.len() / self.input_len();
        assert_eq!(input.len(), samples * self.input_len());
        assert_eq!(
            weights.conv.len(),
            self.conv.taps() * self.conv.out_channels
        );

        let mut convolved = vec![0.0; samples * self.convolved_len()];
        let sums: Vec<Sums> = input
            .par_chunks(GROUP * self.input_len())
            .zip(convolved.par_chunks_mut(GROUP * self.convolved_len()))
            .map(|(input, convolved)| self.convolve(input, weights.conv, convolved))
            .collect();
        let (mean, variance) = Sums::of_all(&sums, self.conv.out_channels).moments();
        let kept = Kept {
            convolved,
            mean,
            variance,
            epsilon,
        };

        let (factors, summands) = kept.affine(weights);
        let mut output = match skip {
            Some(skip) => skip.to_vec(),
            None => vec![0.0; samples * self.output_len()],
        };
        assert_eq!(output.len(), samples * self.output_len());
        output
            .par_chunks_mut(self.output_len())
            .zip(kept.convolved.par_chunks(self.convolved_len()))
            .for_each(|(output, convolved)| match self.pool {
                true => {
                    let row = self.conv.output_width() * self.conv.out_channels;
                    let bounds = self.conv.activation.bounds();
                    pool(convolved, row, &factors, &summands, bounds, output);
                }
                false => {
                    let bounds = self.conv.activation.bounds();
                    activate(convolved, &factors, &summands, bounds, output);
                }
            });
        Forward { output, kept }
    }

    /// Convolves a group of samples, and counts up what batch norm wants to know.
    fn convolve(&self, input: &[f32], weights: &[f32], convolved: &mut [f32]) -> Sums {
        let (taps, out_channels) = (self.conv.taps(), self.conv.out_channels);
        let mut sums = Sums::new(out_channels);
        let mut columns = Vec::new();
        for tile in Tile::all(&self.conv, input.len() / self.input_len()) {
            let convolved = &mut convolved[tile.range(out_channels)];
            if self.conv.depthwise {
                depthwise::forward(&self.conv, &tile, input, weights, convolved);
            } else {
                product(
                    Matrix::new(
                        tile.seen(&self.conv, input, &mut columns),
                        tile.pixels(),
                        taps,
                    ),
                    Matrix::new(weights, taps, out_channels),
                    false,
                    convolved,
                );
            }
            sums.add(convolved);
        }
        sums
    }
}

/// Sums and sums of squares, per channel.
struct Sums {
    count: usize,
    sum: Vec<f64>,
    squares: Vec<f64>,
}

impl Sums {
    fn new(channels: usize) -> Sums {
        Sums {
            count: 0,
            sum: vec![0.0; channels],
            squares: vec![0.0; channels],
        }
    }

    fn add(&mut self, values: &[f32]) {
        let channels = self.sum.len();
        let (mut sum, mut squares) = (vec![0.0; channels], vec![0.0; channels]);
        add_moments(values, &mut sum, &mut squares);
        self.count += values.len() / channels;
        for channel in 0..channels {
            self.sum[channel] += f64::from(sum[channel]);
            self.squares[channel] += f64::from(squares[channel]);
        }
    }

    fn of_all(parts: &[Sums], channels: usize) -> Sums {
        let mut all = Sums::new(channels);
        for part in parts {
            all.count += part.count;
            for channel in 0..channels {
                all.sum[channel] += part.sum[channel];
                all.squares[channel] += part.squares[channel];
            }
        }
        all
    }

    /// Mean and variance per channel.
    fn moments(&self) -> (Vec<f32>, Vec<f32>) {
        let count = self.count.max(1) as f64;
        let both = self.sum.iter().zip(&self.squares).map(|(sum, squares)| {
            let mean = sum / count;
            (mean as f32, (squares / count - mean * mean).max(0.0) as f32)
        });
        both.unzip()
    }
}

#[multiversion::multiversion(targets("x86_64+avx2+fma"))]
fn add_moments(values: &[f32], sum: &mut [f32], squares: &mut [f32]) {
    for pixel in values.chunks_exact(sum.len()) {
        for ((value, sum), squares) in pixel.iter().zip(&mut *sum).zip(&mut *squares) {
            *sum += value;
            *squares += value * value;
        }
    }
}

/// `output += activation(factors · convolved + summands)`.
#[multiversion::multiversion(targets("x86_64+avx2+fma"))]
fn activate(
    convolved: &[f32],
    factors: &[f32],
    summands: &[f32],
    (low, high): (f32, f32),
    output: &mut [f32],
) {
    let channels = factors.len();
    let pixels = output.chunks_exact_mut(channels);
    for (output, convolved) in pixels.zip(convolved.chunks_exact(channels)) {
        let affine = factors.iter().zip(summands);
        for ((output, value), (factor, summand)) in output.iter_mut().zip(convolved).zip(affine) {
            *output += (factor * value + summand).max(low).min(high);
        }
    }
}

/// The same, with the highest of 2×2 pixels; `row` is the length of a convolved row.
#[multiversion::multiversion(targets("x86_64+avx2+fma"))]
fn pool(
    convolved: &[f32],
    row: usize,
    factors: &[f32],
    summands: &[f32],
    (low, high): (f32, f32),
    output: &mut [f32],
) {
    let channels = factors.len();
    let pooled_row = row / channels / 2 * channels;
    for (output, rows) in output
        .chunks_exact_mut(pooled_row)
        .zip(convolved.chunks_exact(2 * row))
    {
        let (upper, lower) = rows.split_at(row);
        let upper = upper.chunks_exact(2 * channels);
        let squares = upper.zip(lower.chunks_exact(2 * channels));
        for (output, (upper, lower)) in output.chunks_exact_mut(channels).zip(squares) {
            for channel in 0..channels {
                let apply = |value: f32| factors[channel] * value + summands[channel];
                output[channel] += apply(upper[channel])
                    .max(apply(upper[channels + channel]))
                    .max(apply(lower[channel]))
                    .max(apply(lower[channels + channel]))
                    .max(low)
                    .min(high);
            }
        }
    }
}
