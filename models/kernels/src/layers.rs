//! The layers of a network that are no convolutions, for one picture.

use crate::convolve::vectorised;
use crate::features::Features;

/// Outputs of a linear layer that are summed up at a time, in registers.
const SUMS: usize = 32;

/// 2×2 max-pool (PyTorch's `MaxPool2d(2)`) of features without a border; `output` becomes features of
/// half the width and height, with a border of `border` zeros. A last odd row or column is left out, as
/// PyTorch does.
///
/// # Panics
///
/// If `from` has a border or no channels, or `input` has not its length.
pub fn max_pool(from: &Features, input: &[f32], border: usize, output: &mut Vec<f32>) {
    assert!(from.border == 0 && input.len() == from.numbers());
    let channels = from.channels;
    let to = Features {
        width: from.width / 2,
        height: from.height / 2,
        channels,
        border,
    };
    let rows = to.prepare(output).chunks_exact_mut(to.row());
    let pairs = input.chunks_exact(2 * from.row());
    vectorised(move || {
        for (output, pair) in rows.zip(pairs) {
            let output = output[border * channels..].chunks_exact_mut(channels);
            let (upper, lower) = pair.split_at(from.row());
            let upper = upper.chunks_exact(2 * channels);
            let squares = upper.zip(lower.chunks_exact(2 * channels));
            for (output, (upper, lower)) in output.zip(squares) {
                let (upper, lower) = (upper.split_at(channels), lower.split_at(channels));
                let upper = upper.0.iter().zip(upper.1);
                let lower = lower.0.iter().zip(lower.1);
                for (output, (upper, lower)) in output.iter_mut().zip(upper.zip(lower)) {
                    *output = larger(larger(*upper.0, *upper.1), larger(*lower.0, *lower.1));
                }
            }
        }
    });
}

/// `f32::max` takes care of NaN, which WebAssembly has no fast instruction for.
#[inline(always)]
fn larger(one: f32, other: f32) -> f32 {
    if other > one { other } else { one }
}

/// The mean of each channel over all pixels of `[height, width, channels]`; NaN if there are no pixels.
/// Numbers after the last whole pixel are ignored.
///
/// # Panics
///
/// If `channels` is 0.
pub fn mean(input: &[f32], channels: usize) -> Vec<f32> {
    let mut means = vec![0.0; channels];
    for pixel in input.chunks_exact(channels) {
        for (sum, value) in means.iter_mut().zip(pixel) {
            *sum += value;
        }
    }
    let pixels = (input.len() / channels) as f32;
    for mean in &mut means {
        *mean /= pixels;
    }
    means
}

/// Appends `biases + input · weights` to `output` (PyTorch's `Linear`). `input` is `[in_features]`,
/// `weights` `[in_features, out_features]`, `biases` `[out_features]`.
///
/// # Panics
///
/// If a slice has not the length that the others ask for, or `biases` is empty.
pub fn linear(input: &[f32], weights: &[f32], biases: &[f32], output: &mut Vec<f32>) {
    assert!(weights.len() == input.len() * biases.len());
    let start = output.len();
    output.extend_from_slice(biases);
    let (blocks, rest) = output[start..].as_chunks_mut::<SUMS>();
    let (columns, rows) = (blocks.len() * SUMS, weights.chunks_exact(biases.len()));
    vectorised(move || {
        for (block, sums) in blocks.iter_mut().enumerate() {
            // a copy, which stays in registers
            let mut registers = *sums;
            for (input, row) in input.iter().zip(rows.clone()) {
                let weights = row[block * SUMS..].first_chunk::<SUMS>();
                for (sum, weight) in registers.iter_mut().zip(weights.unwrap_or(&[0.0; SUMS])) {
                    *sum += input * weight;
                }
            }
            *sums = registers;
        }
        for (input, row) in input.iter().zip(rows) {
            for (sum, weight) in rest.iter_mut().zip(&row[columns..]) {
                *sum += input * weight;
            }
        }
    });
}
