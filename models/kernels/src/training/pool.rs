//! A 2×2 max-pool behind batch norm and activation, forward and backward.
//!
//! Its comparisons are branches to a compiler, so the vector instructions are named.

use pulp::{Simd, WithSimd};

use super::elementwise::Norm;
use crate::convolve::dispatch_even;

/// `output += max-pool(activation(factor · convolved + summand))`; `row` is the length of a row of `convolved`.
pub(super) fn pool(norm: Norm, row: usize, convolved: &[f32], output: &mut [f32]) {
    let channels = norm.factors.len();
    let pooled_row = row / channels / 2 * channels;
    let rows = output.chunks_exact_mut(pooled_row);
    for (output, rows) in rows.zip(convolved.chunks_exact(2 * row)) {
        dispatch_even(
            channels,
            Rows {
                norm,
                convolved: rows,
                work: Forward { output },
            },
        );
    }
}

/// Adds the gradients with respect to batch norm's summands and factors, the latter still to be divided by the
/// standard deviation, for two rows of `convolved`. `grad_output` is the gradient with respect to the max-pool's output.
pub(super) fn pooled_norm_sums(
    norm: Norm,
    mean: &[f32],
    convolved: &[f32],
    grad_output: &[f32],
    (grad_beta, grad_gamma): (&mut [f32], &mut [f32]),
) {
    let work = NormSums {
        mean,
        grad_output,
        grad_beta,
        grad_gamma,
    };
    dispatch_even(
        mean.len(),
        Rows {
            norm,
            convolved,
            work,
        },
    );
}

/// Sets the gradient with respect to the activation's input, for two rows: it goes to the highest of 2×2 pixels, to the
/// first of them if several are as high. What the max-pool leaves out keeps its gradient.
pub(super) fn pool_backward(norm: Norm, convolved: &[f32], grad_output: &[f32], grad: &mut [f32]) {
    let work = Backward { grad_output, grad };
    dispatch_even(
        norm.factors.len(),
        Rows {
            norm,
            convolved,
            work,
        },
    );
}

/// Work on two rows of a convolution's output.
struct Rows<'a, W> {
    norm: Norm<'a>,
    convolved: &'a [f32],
    work: W,
}

/// What is done with each 2×2 pixels.
trait Work {
    /// Does it for the channels of a register. `pixel` is where the pooled pixel's channels begin, `channel` where the
    /// register's do among them, and `row` how long a row of the convolution's output is.
    fn square<S: Simd>(&mut self, simd: S, square: &Square<S>, at: Place);
}

/// Where a register of 2×2 pixels is.
#[derive(Clone, Copy)]
struct Place {
    /// The channel.
    channel: usize,
    /// The number among those of a pooled row.
    pooled: usize,
    /// The numbers among those of the two rows.
    corners: [usize; 4],
}

/// 2×2 pixels: upper left, upper right, lower left, lower right.
struct Square<S: Simd> {
    /// The convolution's output.
    convolved: [S::f32s; 4],
    /// The same after batch norm.
    normed: [S::f32s; 4],
    /// The highest of these.
    highest: S::f32s,
    /// The lowest and the highest value that the activation lets through.
    bounds: [S::f32s; 2],
}

impl<S: Simd> Square<S> {
    /// The gradient where the activation lets the highest value through, otherwise 0.
    #[inline(always)]
    fn let_through(&self, simd: S, grad: S::f32s) -> S::f32s {
        let [low, high] = self.bounds;
        let open = simd.and_m32s(
            simd.greater_than_f32s(self.highest, low),
            simd.less_than_f32s(self.highest, high),
        );
        simd.select_f32s(open, grad, simd.splat_f32s(0.0))
    }

    /// How much of what is `left` of a gradient a pixel takes.
    #[inline(always)]
    fn taken(&self, simd: S, corner: usize, left: S::f32s) -> S::f32s {
        let highest = simd.equal_f32s(self.normed[corner], self.highest);
        simd.select_f32s(highest, left, simd.splat_f32s(0.0))
    }
}

/// The register that begins at a number.
#[inline(always)]
fn load<S: Simd>(from: &[f32], at: usize) -> S::f32s {
    S::as_simd_f32s(&from[at..][..S::F32_LANES]).0[0]
}

/// The place of a register in memory.
#[inline(always)]
fn place<S: Simd>(to: &mut [f32], at: usize) -> &mut S::f32s {
    &mut S::as_mut_simd_f32s(&mut to[at..][..S::F32_LANES]).0[0]
}

impl<W: Work> WithSimd for Rows<'_, W> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let Norm {
            factors,
            summands,
            bounds,
        } = self.norm;
        let (channels, row) = (factors.len(), self.convolved.len() / 2);
        let bounds = [simd.splat_f32s(bounds.0), simd.splat_f32s(bounds.1)];
        for pixel in 0..row / channels / 2 {
            for channel in (0..channels).step_by(S::F32_LANES) {
                let first = 2 * pixel * channels + channel;
                let corners = [first, first + channels, row + first, row + first + channels];
                let factor = load::<S>(factors, channel);
                let summand = load::<S>(summands, channel);
                let (mut convolved, mut normed) = ([factor; 4], [factor; 4]);
                for (corner, at) in corners.into_iter().enumerate() {
                    convolved[corner] = load::<S>(self.convolved, at);
                    normed[corner] = simd.mul_add_e_f32s(convolved[corner], factor, summand);
                }
                let upper = simd.max_f32s(normed[0], normed[1]);
                let lower = simd.max_f32s(normed[2], normed[3]);
                let square = Square {
                    convolved,
                    normed,
                    highest: simd.max_f32s(upper, lower),
                    bounds,
                };
                let at = Place {
                    channel,
                    pooled: pixel * channels + channel,
                    corners,
                };
                self.work.square(simd, &square, at);
            }
        }
    }
}

struct Forward<'a> {
    output: &'a mut [f32],
}

impl Work for Forward<'_> {
    #[inline(always)]
    fn square<S: Simd>(&mut self, simd: S, square: &Square<S>, at: Place) {
        let [low, high] = square.bounds;
        let highest = simd.min_f32s(simd.max_f32s(square.highest, low), high);
        let output = place::<S>(self.output, at.pooled);
        *output = simd.add_f32s(*output, highest);
    }
}

struct NormSums<'a> {
    mean: &'a [f32],
    grad_output: &'a [f32],
    grad_beta: &'a mut [f32],
    grad_gamma: &'a mut [f32],
}

impl Work for NormSums<'_> {
    #[inline(always)]
    fn square<S: Simd>(&mut self, simd: S, square: &Square<S>, at: Place) {
        let grad = square.let_through(simd, load::<S>(self.grad_output, at.pooled));
        let mean = load::<S>(self.mean, at.channel);
        let beta = place::<S>(self.grad_beta, at.channel);
        *beta = simd.add_f32s(*beta, grad);
        // the highest pixel's value; of several that are as high it does not matter which
        let mut value = square.convolved[0];
        for corner in 1..4 {
            let highest = simd.equal_f32s(square.normed[corner], square.highest);
            value = simd.select_f32s(highest, square.convolved[corner], value);
        }
        let gamma = place::<S>(self.grad_gamma, at.channel);
        *gamma = simd.mul_add_e_f32s(grad, simd.sub_f32s(value, mean), *gamma);
    }
}

struct Backward<'a> {
    grad_output: &'a [f32],
    grad: &'a mut [f32],
}

impl Work for Backward<'_> {
    #[inline(always)]
    fn square<S: Simd>(&mut self, simd: S, square: &Square<S>, at: Place) {
        let mut left = square.let_through(simd, load::<S>(self.grad_output, at.pooled));
        for (corner, at) in at.corners.into_iter().enumerate() {
            let taken = square.taken(simd, corner, left);
            left = simd.sub_f32s(left, taken);
            *place::<S>(self.grad, at) = taken;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instruction_set_takes_the_same_gradients() {
        let (channels, row) = (16, 6 * 16);
        let noise = |count: usize, seed: usize| -> Vec<f32> {
            let numbers = (0..count).map(|at| (at * 7919 + seed * 31) % 41);
            numbers.map(|it| it as f32 / 20.0 - 1.0).collect()
        };
        let (factors, summands, mean) =
            (noise(channels, 1), noise(channels, 2), noise(channels, 4));
        let norm = Norm {
            factors: &factors,
            summands: &summands,
            bounds: (0.0, 0.5),
        };
        let (convolved, given) = (noise(2 * row, 3), noise(row / 2, 6));
        let (mut output, mut grad) = (vec![0.1; row / 2], vec![0.0; 2 * row]);
        let mut sums = [(); 2].map(|()| vec![0.0; channels]);
        pool(norm, row, &convolved, &mut output);
        pool_backward(norm, &convolved, &given, &mut grad);
        let [beta, gamma] = &mut sums;
        pooled_norm_sums(norm, &mean, &convolved, &given, (beta, gamma));

        let mut expected = [(); 2].map(|()| vec![0.0_f32; channels]);
        for pooled in 0..row / 2 {
            let (pixel, channel) = (pooled / channels, pooled % channels);
            let first = 2 * pixel * channels + channel;
            let corners = [first, first + channels, row + first, row + first + channels];
            let normed =
                corners.map(|at| factors[channel].mul_add(convolved[at], summands[channel]));
            let highest = normed.into_iter().fold(f32::NEG_INFINITY, f32::max);
            assert!((output[pooled] - 0.1 - highest.clamp(0.0, 0.5)).abs() < 1e-6);
            let open = highest > 0.0 && highest < 0.5;
            let taker = normed.iter().position(|it| *it == highest);
            for (corner, at) in corners.into_iter().enumerate() {
                let takes = open && taker == Some(corner);
                let taken = if takes { given[pooled] } else { 0.0 };
                assert_eq!(grad[at], taken, "pixel {pixel}, channel {channel}");
                expected[0][channel] += taken;
                expected[1][channel] += taken * (convolved[at] - mean[channel]);
            }
        }
        assert!(grad.iter().any(|it| *it != 0.0));
        for (sums, expected) in sums.iter().zip(&expected) {
            for (sum, expected) in sums.iter().zip(expected) {
                assert!((sum - expected).abs() < 1e-5);
            }
        }
    }
}
