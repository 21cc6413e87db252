//! Depthwise convolutions: each channel on its own (Howard et al. 2017).
//!
//! Weights are `[kernel, kernel, channels]`, so that a row of the kernel and the part of the input
//! that it sees are both neighbouring numbers, and equally many.

use super::tile::{Tile, Window};
use crate::Convolution;

/// Channels whose sums stay in registers while the kernel passes over a pixel's inputs.
const AT_ONCE: usize = 32;

/// Channels that are taken through a whole tile backwards before the next ones are, so that their weights and the
/// gradients of these stay in the core's nearest cache.
const BACKWARD: usize = 64;

/// Convolves a tile; `convolved` is overwritten.
#[multiversion::multiversion(targets("x86_64+avx2+fma"))]
pub(super) fn forward(
    conv: &Convolution,
    tile: &Tile,
    input: &[f32],
    weights: &[f32],
    convolved: &mut [f32],
) {
    let channels = conv.out_channels;
    let mut seen = Vec::with_capacity(conv.kernel);
    for (output, windows) in convolved.chunks_exact_mut(channels).zip(tile.windows(conv)) {
        seen.clear();
        seen.extend(windows);
        let mut blocks = output.chunks_exact_mut(AT_ONCE);
        let mut channel = 0;
        for block in &mut blocks {
            let sums = sums::<AT_ONCE>(&seen, input, weights, channels, channel);
            block.copy_from_slice(&sums);
            channel += AT_ONCE;
        }
        for (last, sum) in blocks.into_remainder().iter_mut().enumerate() {
            *sum = sums::<1>(&seen, input, weights, channels, channel + last)[0];
        }
    }
}

/// `Σ input[place][channel] · weights[place][channel]` for `N` channels from one on, over all places that are seen.
#[inline(always)]
fn sums<const N: usize>(
    seen: &[Window],
    input: &[f32],
    weights: &[f32],
    channels: usize,
    channel: usize,
) -> [f32; N] {
    let mut sums = [0.0; N];
    for window in seen {
        let inputs = input[window.input.clone()].chunks_exact(channels);
        let weights = weights[window.seen.clone()].chunks_exact(channels);
        for (inputs, weights) in inputs.zip(weights) {
            let (inputs, weights) = (&inputs[channel..][..N], &weights[channel..][..N]);
            for ((sum, value), weight) in sums.iter_mut().zip(inputs).zip(weights) {
                *sum += value * weight;
            }
        }
    }
    sums
}

/// From the gradient with respect to a tile's convolution, adds the one with respect to the weights to
/// `grad_weights`, and the one with respect to the input to `grad_input`, unless that is empty.
#[multiversion::multiversion(targets("x86_64+avx2+fma"))]
pub(super) fn backward(
    conv: &Convolution,
    tile: &Tile,
    input: &[f32],
    weights: &[f32],
    grad: &[f32],
    (grad_weights, grad_input): (&mut [f32], &mut [f32]),
) {
    let channels = conv.out_channels;
    for begin in (0..channels).step_by(BACKWARD) {
        let block = begin..channels.min(begin + BACKWARD);
        for (grad, windows) in grad.chunks_exact(channels).zip(tile.windows(conv)) {
            let grad = &grad[block.clone()];
            for window in windows {
                let inputs = input[window.input.clone()].chunks_exact(channels);
                let sums = grad_weights[window.seen.clone()].chunks_exact_mut(channels);
                for (inputs, sums) in inputs.zip(sums) {
                    let pairs = inputs[block.clone()].iter().zip(grad);
                    for (sum, (value, grad)) in sums[block.clone()].iter_mut().zip(pairs) {
                        *sum += value * grad;
                    }
                }
                if grad_input.is_empty() {
                    continue;
                }
                let weights = weights[window.seen].chunks_exact(channels);
                let sums = grad_input[window.input].chunks_exact_mut(channels);
                for (weights, sums) in weights.zip(sums) {
                    let pairs = weights[block.clone()].iter().zip(grad);
                    for (sum, (weight, grad)) in sums[block.clone()].iter_mut().zip(pairs) {
                        *sum += weight * grad;
                    }
                }
            }
        }
    }
}
