//! The loops for WebAssembly's instructions.

use super::lanes::Registers;
use super::{Convolve, LANES, Lanes};

/// Neighbouring pixels that are computed together, so that each weight is loaded once for all of them.
const PIXELS: usize = 4;

pub(crate) fn convolve(convolve: &Convolve, output: &mut [f32]) {
    let [seen, shape] = &convolve.shapes;
    // a pointwise convolution treats all pixels alike, so they count as one long row
    let (width, height) = match convolve.conv.pointwise() && shape.border == 0 {
        true => (seen.width * seen.height, 1),
        false => (shape.width, shape.height),
    };
    for y in 0..height {
        for x in (0..width).step_by(PIXELS) {
            if width < PIXELS {
                (0..width).for_each(|x| convolve.pixels::<1>((x, y), output));
            } else {
                // the last group ends with the row, so some of its pixels may be computed twice
                convolve.pixels::<PIXELS>((x.min(width - PIXELS), y), output);
            }
        }
    }
}

/// Runs `work`, which the compiler may make SIMD instructions of.
pub(crate) fn vectorised<R>(work: impl FnOnce() -> R) -> R {
    work()
}

impl Convolve<'_> {
    /// Computes all channels of the `N` neighbouring output pixels that begin at column `x` of row `y`.
    #[inline(always)]
    fn pixels<const N: usize>(&self, (x, y): (usize, usize), output: &mut [f32]) {
        let (conv, [seen, shape]) = (self.conv, &self.shapes);
        let (low, high) = conv.activation.bounds();
        let begin = conv.stride * (y * seen.row() + x * conv.in_channels);
        let sides = (conv.kernel - 1) * seen.row() + (N - 1) * conv.stride * conv.in_channels;
        // the input that these pixels depend on; its bounds are checked here, once: checks within the
        // loops would take a quarter of the time
        let seen = &self.input[begin..][..sides + conv.kernel * conv.in_channels];
        let first = y * shape.row() + (x + shape.border) * conv.out_channels;
        let output = &mut output[first..][..N * conv.out_channels];
        let blocks = self.weights.chunks_exact(conv.taps()).zip(self.biases);
        for (block, (weights, bias)) in blocks.enumerate() {
            let channel = block * LANES;
            let sums: [Registers; N] = match conv.depthwise {
                true => self.sums::<N, true>(bias, weights, &seen[channel..]),
                false => self.sums::<N, false>(bias, weights, seen),
            };
            // the last block may have more lanes than channels are left
            let lanes = LANES.min(conv.out_channels - channel);
            for (output, sum) in output.chunks_exact_mut(conv.out_channels).zip(sums) {
                let (output, sum) = (&mut output[channel..][..lanes], sum.clamp(low, high));
                match output.as_mut_array() {
                    Some(output) => sum.store(output),
                    None => {
                        let mut numbers = [0.0; LANES];
                        sum.store(&mut numbers);
                        output.copy_from_slice(&numbers[..lanes]);
                    }
                }
            }
        }
    }

    /// Computes one block of channels of `N` pixels. `seen` is the input that they depend on; for a
    /// depthwise convolution it begins at the block's first channel.
    #[inline(always)]
    fn sums<const N: usize, const DEPTHWISE: bool>(
        &self,
        bias: &Lanes,
        weights: &[Lanes],
        seen: &[f32],
    ) -> [Registers; N] {
        let (conv, row) = (self.conv, self.shapes[0].row());
        let mut sums = [Registers::load(&bias.0); N];
        // the inputs under one row of the kernel lie side by side: pixels × channels
        let (taps, step) = match DEPTHWISE {
            true => (conv.kernel, conv.in_channels),
            false => (conv.kernel * conv.in_channels, 1),
        };
        for (ky, weights) in weights.chunks_exact(taps).enumerate() {
            for (tap, weights) in weights.iter().enumerate() {
                let weights = Registers::load(&weights.0);
                for (pixel, sum) in sums.iter_mut().enumerate() {
                    let column = pixel * conv.stride * conv.in_channels + tap * step;
                    let at = ky * row + column;
                    // SAFETY: `seen` reaches to the last input of the last pixel, and a depthwise
                    // convolution has only whole blocks.
                    #[allow(unsafe_code)]
                    let value = match DEPTHWISE {
                        true => Registers::load(unsafe { &*seen.as_ptr().add(at).cast() }),
                        false => Registers::splat(unsafe { *seen.get_unchecked(at) }),
                    };
                    *sum = sum.multiply_add(value, weights);
                }
            }
        }
        sums
    }
}
