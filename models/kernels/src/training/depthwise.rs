//! Convolutions of each channel on its own (Howard et al. 2017).
//!
//! Weights are `[kernel, kernel, channels]`, so that a row of the kernel and what it sees of the
//! input are equally long runs of neighbouring numbers.

use super::tiles::Tile;
use crate::Convolution;

/// Convolves a tile; `convolved` is overwritten.
pub(super) fn forward(
    conv: &Convolution,
    tile: &Tile,
    input: &[f32],
    weights: &[f32],
    convolved: &mut [f32],
) {
    convolved.fill(0.0);
    let pixels = convolved.chunks_exact_mut(conv.out_channels);
    for (output, windows) in pixels.zip(tile.windows(conv)) {
        for window in windows {
            add_products(&input[window.input], &weights[window.seen], output);
        }
    }
}

/// From the gradient of a tile's convolution: adds the weights' to `of_weights`, and the input's to
/// `of_input`, unless it is empty.
pub(super) fn backward(
    conv: &Convolution,
    tile: &Tile,
    input: &[f32],
    weights: &[f32],
    gradient: &[f32],
    (of_weights, of_input): (&mut [f32], &mut [f32]),
) {
    let pixels = gradient.chunks_exact(conv.out_channels);
    for (gradient, windows) in pixels.zip(tile.windows(conv)) {
        for window in windows {
            let seen = &input[window.input.clone()];
            spread(seen, gradient, &mut of_weights[window.seen.clone()]);
            if !of_input.is_empty() {
                let weights = &weights[window.seen];
                spread(weights, gradient, &mut of_input[window.input]);
            }
        }
    }
}

/// `sums[channel] += Σ left[place][channel] · right[place][channel]`.
#[multiversion::multiversion(targets("x86_64+avx2+fma"))]
fn add_products(left: &[f32], right: &[f32], sums: &mut [f32]) {
    let channels = sums.len();
    let places = left.chunks_exact(channels);
    for (left, right) in places.zip(right.chunks_exact(channels)) {
        for ((sum, left), right) in sums.iter_mut().zip(left).zip(right) {
            *sum += left * right;
        }
    }
}

/// `sums[place][channel] += values[place][channel] · factors[channel]`.
#[multiversion::multiversion(targets("x86_64+avx2+fma"))]
fn spread(values: &[f32], factors: &[f32], sums: &mut [f32]) {
    let channels = factors.len();
    let places = values.chunks_exact(channels);
    for (values, sums) in places.zip(sums.chunks_exact_mut(channels)) {
        for ((sum, value), factor) in sums.iter_mut().zip(values).zip(factors) {
            *sum += value * factor;
        }
    }
}
