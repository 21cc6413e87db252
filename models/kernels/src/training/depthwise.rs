//! Depthwise convolutions: each channel on its own (Howard et al. 2017).
//!
//! Weights are `[kernel, kernel, channels]`, so that a row of the kernel and the part of the input
//! that it sees are both neighbouring numbers, and equally many.

use super::tile::Tile;
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

/// From the gradient with respect to a tile's convolution, adds the one with respect to the weights to
/// `grad_weights`, and the one with respect to the input to `grad_input`, unless that is empty.
pub(super) fn backward(
    conv: &Convolution,
    tile: &Tile,
    input: &[f32],
    weights: &[f32],
    grad: &[f32],
    (grad_weights, grad_input): (&mut [f32], &mut [f32]),
) {
    let pixels = grad.chunks_exact(conv.out_channels);
    for (grad, windows) in pixels.zip(tile.windows(conv)) {
        for window in windows {
            let seen = &input[window.input.clone()];
            add_scaled(seen, grad, &mut grad_weights[window.seen.clone()]);
            if !grad_input.is_empty() {
                let weights = &weights[window.seen];
                add_scaled(weights, grad, &mut grad_input[window.input]);
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
fn add_scaled(values: &[f32], factors: &[f32], sums: &mut [f32]) {
    let channels = factors.len();
    let places = values.chunks_exact(channels);
    for (values, sums) in places.zip(sums.chunks_exact_mut(channels)) {
        for ((sum, value), factor) in sums.iter_mut().zip(values).zip(factors) {
            *sum += value * factor;
        }
    }
}
