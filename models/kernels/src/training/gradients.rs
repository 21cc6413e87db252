use rayon::prelude::*;

use super::product::{Matrix, product};
use super::tiles::Tile;
use super::{Block, GROUP, Kept, Weights, depthwise};

/// How the loss changes with what a block was given.
#[derive(Clone, Debug)]
pub struct Gradients {
    /// Of the input; empty where it was not asked for.
    pub input: Vec<f32>,
    /// Of the convolution's weights, `[kernel, kernel, in_channels per group, out_channels]`.
    pub conv: Vec<f32>,
    /// Of batch norm's factors.
    pub gamma: Vec<f32>,
    /// Of batch norm's summands.
    pub beta: Vec<f32>,
}

impl Block {
    /// From the gradient of the output to those of the input, where it is `wanted`, and of the
    /// weights.
    ///
    /// # Panics
    ///
    /// Where a slice has not the length that the shape says.
    pub fn backward(
        &self,
        input: &[f32],
        kept: &Kept,
        weights: Weights,
        output: &[f32],
        wanted: bool,
    ) -> Gradients {
        let out_channels = self.conv.out_channels;
        let samples = input.len() / self.input_len();
        assert_eq!(output.len(), samples * self.output_len());
        let back = Back {
            block: self,
            kept,
            weights,
            affine: kept.affine(weights),
            inverse: kept.inverse_deviation().collect(),
        };

        let groups = output
            .par_chunks(GROUP * self.output_len())
            .zip(kept.convolved.par_chunks(GROUP * self.convolved_len()));
        let sums: Vec<_> = groups
            .map(|(output, convolved)| back.sums(output, convolved))
            .collect();
        let beta = total(sums.iter().map(|(beta, _)| beta), out_channels);
        let gamma = total(sums.iter().map(|(_, gamma)| gamma), out_channels);

        let count = (samples * self.convolved_len() / out_channels) as f32;
        let share = |sum: &Vec<f32>| sum.iter().map(|sum| sum / count).collect::<Vec<f32>>();
        let means = (share(&beta), share(&gamma));
        let mut of_input = vec![0.0; if wanted { input.len() } else { 0 }];
        // without a gradient of the input every group gets an empty slice of it
        let mut parts: Vec<&mut [f32]> = match wanted {
            true => of_input.chunks_mut(GROUP * self.input_len()).collect(),
            false => (0..samples.div_ceil(GROUP)).map(|_| &mut [][..]).collect(),
        };
        let of_conv: Vec<_> = input
            .par_chunks(GROUP * self.input_len())
            .zip(parts.par_iter_mut())
            .zip(output.par_chunks(GROUP * self.output_len()))
            .zip(kept.convolved.par_chunks(GROUP * self.convolved_len()))
            .map(|(((input, of_input), output), convolved)| {
                back.group(input, output, convolved, &means, of_input)
            })
            .collect();
        Gradients {
            conv: total(of_conv.iter(), weights.conv.len()),
            input: of_input,
            gamma,
            beta,
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

/// What a pass back through a block needs.
struct Back<'a> {
    block: &'a Block,
    kept: &'a Kept,
    weights: Weights<'a>,
    /// Batch norm's factors and summands.
    affine: (Vec<f32>, Vec<f32>),
    /// 1 / the deviation, per channel.
    inverse: Vec<f32>,
}

impl Back<'_> {
    /// A group's share of the gradients of batch norm's summands and factors.
    fn sums(&self, output: &[f32], convolved: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let conv = &self.block.conv;
        let (mut beta, mut gamma) = (vec![0.0; conv.out_channels], vec![0.0; conv.out_channels]);
        let mut gradient = Vec::new();
        for tile in Tile::all(conv, convolved.len() / self.block.convolved_len()) {
            self.through_activation(&tile, output, convolved, &mut gradient);
            let convolved = &convolved[tile.range(conv.out_channels)];
            add_sums(
                &gradient,
                convolved,
                &self.kept.mean,
                (&mut beta, &mut gamma),
            );
        }
        for (gamma, inverse) in gamma.iter_mut().zip(&self.inverse) {
            *gamma *= inverse;
        }
        (beta, gamma)
    }

    /// A group's share of the gradient of the convolution's weights; that of the input is added to
    /// `of_input`, unless it is empty.
    fn group(
        &self,
        input: &[f32],
        output: &[f32],
        convolved: &[f32],
        means: &(Vec<f32>, Vec<f32>),
        of_input: &mut [f32],
    ) -> Vec<f32> {
        let conv = &self.block.conv;
        let (taps, out_channels) = (conv.taps(), conv.out_channels);
        let mut of_weights = vec![0.0; self.weights.conv.len()];
        let (mut columns, mut gradient) = (Vec::new(), Vec::new());
        for tile in Tile::all(conv, input.len() / self.block.input_len()) {
            self.through_activation(&tile, output, convolved, &mut gradient);
            self.through_norm(&convolved[tile.range(out_channels)], means, &mut gradient);
            if conv.depthwise {
                let sums = (&mut of_weights[..], &mut *of_input);
                depthwise::backward(conv, &tile, input, self.weights.conv, &gradient, sums);
                continue;
            }
            let gradient = Matrix::new(&gradient, tile.pixels(), out_channels);
            let seen = tile.seen(conv, input, &mut columns);
            let seen = Matrix::new(seen, tile.pixels(), taps);
            product(seen.transposed(), gradient, true, &mut of_weights);
            if of_input.is_empty() {
                continue;
            }
            let weights = Matrix::new(self.weights.conv, taps, out_channels).transposed();
            if conv.pointwise() {
                // every input is seen once
                let of_input = &mut of_input[tile.range(conv.in_channels)];
                product(gradient, weights, false, of_input);
            } else {
                columns.resize(tile.pixels() * taps, 0.0);
                product(gradient, weights, false, &mut columns);
                tile.add_columns(conv, &columns, of_input);
            }
        }
        of_weights
    }

    /// The gradient before the activation (and max-pool) of a tile.
    fn through_activation(
        &self,
        tile: &Tile,
        output: &[f32],
        convolved: &[f32],
        gradient: &mut Vec<f32>,
    ) {
        let channels = self.block.conv.out_channels;
        let (factors, summands) = &self.affine;
        let bounds = self.block.conv.activation.bounds();
        gradient.clear();
        gradient.resize(tile.pixels() * channels, 0.0);
        let convolved = &convolved[tile.range(channels)];
        if !self.block.pool {
            let output = &output[tile.range(channels)];
            return behind_activation(output, convolved, factors, summands, bounds, gradient);
        }
        let row = self.block.conv.output_width() * channels;
        let pooled_row = self.block.output_size().0 * channels;
        for (sample, pooled) in tile.pooled_rows() {
            let upper = tile.row_of(sample, 2 * (pooled - sample * self.block.output_size().1));
            let rows = upper * row..(upper + 2) * row;
            behind_pool(
                &output[pooled * pooled_row..][..pooled_row],
                &convolved[rows.clone()],
                factors,
                summands,
                bounds,
                &mut gradient[rows],
            );
        }
    }

    /// Turns the gradient after batch norm into the one before it, in place.
    fn through_norm(
        &self,
        convolved: &[f32],
        (beta, gamma): &(Vec<f32>, Vec<f32>),
        gradient: &mut [f32],
    ) {
        // factor · (gradient − mean gradient − x̂ · mean (gradient · x̂)), with x̂ = (x − mean) / σ
        let (factors, _) = &self.affine;
        let scales: Vec<f32> = gamma
            .iter()
            .zip(&self.inverse)
            .map(|(g, i)| g * i)
            .collect();
        let offsets: Vec<f32> = beta
            .iter()
            .zip(&self.kept.mean)
            .zip(&scales)
            .map(|((beta, mean), scale)| beta - mean * scale)
            .collect();
        behind_norm(convolved, factors, &scales, &offsets, gradient);
    }
}

#[multiversion::multiversion(targets("x86_64+avx2+fma"))]
fn add_sums(gradient: &[f32], convolved: &[f32], mean: &[f32], sums: (&mut [f32], &mut [f32])) {
    let (beta, gamma) = sums;
    let channels = mean.len();
    let pixels = gradient.chunks_exact(channels);
    for (gradient, convolved) in pixels.zip(convolved.chunks_exact(channels)) {
        let sums = beta.iter_mut().zip(&mut *gamma);
        let values = gradient.iter().zip(convolved).zip(mean);
        for (((gradient, value), mean), (beta, gamma)) in values.zip(sums) {
            *beta += gradient;
            *gamma += gradient * (value - mean);
        }
    }
}

#[multiversion::multiversion(targets("x86_64+avx2+fma"))]
fn behind_activation(
    output: &[f32],
    convolved: &[f32],
    factors: &[f32],
    summands: &[f32],
    (low, high): (f32, f32),
    gradient: &mut [f32],
) {
    let channels = factors.len();
    let pixels = gradient.chunks_exact_mut(channels);
    let given = output.chunks_exact(channels);
    for ((gradient, output), convolved) in pixels.zip(given).zip(convolved.chunks_exact(channels)) {
        let affine = factors.iter().zip(summands);
        let values = output.iter().zip(convolved).zip(affine);
        for (gradient, ((output, value), (factor, summand))) in gradient.iter_mut().zip(values) {
            let given = factor * value + summand;
            let open = given > low && given < high;
            *gradient = if open { *output } else { 0.0 };
        }
    }
}

/// Two rows: the gradient goes to the highest of 2×2 pixels, the first where several are.
fn behind_pool(
    output: &[f32],
    convolved: &[f32],
    factors: &[f32],
    summands: &[f32],
    (low, high): (f32, f32),
    gradient: &mut [f32],
) {
    let channels = factors.len();
    let row = convolved.len() / 2;
    for (x, output) in output.chunks_exact(channels).enumerate() {
        let corner = 2 * x * channels;
        let places = [
            corner,
            corner + channels,
            corner + row,
            corner + row + channels,
        ];
        for channel in 0..channels {
            let (mut place, mut highest) = (0, low);
            for corner in places {
                let value = factors[channel] * convolved[corner + channel] + summands[channel];
                if value > highest {
                    (place, highest) = (corner + channel, value);
                }
            }
            if highest > low && highest < high {
                gradient[place] = output[channel];
            }
        }
    }
}

#[multiversion::multiversion(targets("x86_64+avx2+fma"))]
fn behind_norm(
    convolved: &[f32],
    factors: &[f32],
    scales: &[f32],
    offsets: &[f32],
    gradient: &mut [f32],
) {
    let channels = factors.len();
    let pixels = gradient.chunks_exact_mut(channels);
    for (gradient, convolved) in pixels.zip(convolved.chunks_exact(channels)) {
        let terms = factors.iter().zip(scales).zip(offsets);
        let values = gradient.iter_mut().zip(convolved).zip(terms);
        for ((gradient, value), ((factor, scale), offset)) in values {
            *gradient = factor * (*gradient - offset - value * scale);
        }
    }
}
