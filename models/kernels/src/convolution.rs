//! Convolutions of one picture.

use multiversion::multiversion;

use crate::activation::Activation;
use crate::lanes::{LANES, Lanes};

/// Neighbouring pixels that are computed together, so that each weight is loaded once for all of them.
const PIXELS: usize = 4;

/// The shape of a convolution with a square kernel, padded by half of it (PyTorch's `Conv2d` with
/// `padding=kernel // 2`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convolution {
    /// Pixels in a row of the input, at least 1.
    pub width: usize,
    /// Rows of the input, at least 1.
    pub height: usize,
    /// Channels of the input.
    pub in_channels: usize,
    /// Channels of the output.
    pub out_channels: usize,
    /// Side of the kernel in pixels, an odd number.
    pub kernel: usize,
    /// Pixels from one place of the kernel to the next, at least 1.
    pub stride: usize,
    /// Whether each channel is convolved on its own; then `out_channels` is `in_channels`.
    pub depthwise: bool,
    /// What becomes of the output.
    pub activation: Activation,
}

impl Convolution {
    /// Width of the border of zeros around the input, in pixels.
    pub const fn pad(&self) -> usize {
        self.kernel / 2
    }

    /// How many numbers of the input one number of the output is computed from.
    pub const fn taps(&self) -> usize {
        self.kernel * self.kernel * self.in_channels_per_group()
    }

    /// How many channels of the input one channel of the output is computed from.
    pub const fn in_channels_per_group(&self) -> usize {
        if self.depthwise { 1 } else { self.in_channels }
    }

    /// Groups of channels that do not see each other (PyTorch's `groups`).
    pub const fn groups(&self) -> usize {
        if self.depthwise { self.in_channels } else { 1 }
    }

    /// Whether each output pixel is computed from the input pixel at the same place alone.
    pub const fn pointwise(&self) -> bool {
        self.kernel == 1 && self.stride == 1
    }

    /// Pixels in a row of the output.
    pub const fn output_width(&self) -> usize {
        (self.width - 1) / self.stride + 1
    }

    /// Rows of the output.
    pub const fn output_height(&self) -> usize {
        (self.height - 1) / self.stride + 1
    }

    /// Numbers of the output.
    pub const fn output_len(&self) -> usize {
        self.output_width() * self.output_height() * self.out_channels
    }

    /// Multiply-adds for one picture.
    pub const fn multiply_adds(&self) -> usize {
        self.output_len() * self.taps()
    }

    /// Convolution and activation of one picture, `[height, width, in_channels]`. `output` becomes
    /// `[output_height, output_width, out_channels]`; `skip`, of the same shape, is added to it.
    ///
    /// `weights` are `[blocks, kernel, kernel, in_channels_per_group]`, and `biases` `[blocks]`, of
    /// [`LANES`] output channels each; the last block is filled up with zeros. `padded` is a buffer that is
    /// overwritten.
    ///
    /// # Panics
    ///
    /// If the length of a slice does not fit the shape, or a depthwise convolution's channels are not a
    /// multiple of [`LANES`].
    pub fn run(
        &self,
        input: &[f32],
        skip: Option<&[f32]>,
        weights: &[[f32; LANES]],
        biases: &[[f32; LANES]],
        padded: &mut Vec<f32>,
        output: &mut Vec<f32>,
    ) {
        assert!(
            input.len() == self.width * self.height * self.in_channels
                && biases.len() == self.out_channels.div_ceil(LANES)
                && weights.len() == biases.len() * self.taps()
                && (!self.depthwise || self.in_channels.is_multiple_of(LANES))
                && skip.is_none_or(|skip| skip.len() == self.output_len())
        );
        // all of it is overwritten
        output.resize(self.output_len(), 0.0);
        let padded = match self.pad() {
            0 => input,
            _ => {
                self.pad_into(input, padded);
                padded
            }
        };
        convolve(self, padded, weights, biases, output);
        if let Some(skip) = skip {
            for (output, skip) in output.iter_mut().zip(skip) {
                *output += skip;
            }
        }
    }

    /// Copies the input into a buffer with a border of zeros.
    fn pad_into(&self, input: &[f32], padded: &mut Vec<f32>) {
        let (side, row) = (self.pad() * self.in_channels, self.width * self.in_channels);
        padded.resize((self.height + 2 * self.pad()) * self.padded_row(), 0.0);
        let (above, rows) = padded.split_at_mut(self.pad() * self.padded_row());
        let (rows, below) = rows.split_at_mut(self.height * self.padded_row());
        above.fill(0.0);
        let rows = rows.chunks_exact_mut(self.padded_row());
        for (target, source) in rows.zip(input.chunks_exact(row)) {
            target[..side].fill(0.0);
            target[side..][..row].copy_from_slice(source);
            target[side + row..].fill(0.0);
        }
        below.fill(0.0);
    }

    /// Numbers in a row of the padded input.
    fn padded_row(&self) -> usize {
        (self.width + 2 * self.pad()) * self.in_channels
    }

    /// Computes all channels of the `N` neighbouring output pixels that begin at column `x` of row `y`.
    #[inline(always)]
    fn convolve<const N: usize>(
        &self,
        padded: &[f32],
        weights: &[[f32; LANES]],
        biases: &[[f32; LANES]],
        (x, y): (usize, usize),
        output: &mut [f32],
    ) {
        let (low, high) = self.activation.bounds();
        let begin = y * self.stride * self.padded_row() + x * self.stride * self.in_channels;
        let sides =
            (self.kernel - 1) * self.padded_row() + (N - 1) * self.stride * self.in_channels;
        // the input that these pixels depend on; its bounds are checked here, once: checks within the
        // loops would take a quarter of the time
        let seen = &padded[begin..][..sides + self.kernel * self.in_channels];
        let pixel = y * self.output_width() + x;
        let output = &mut output[pixel * self.out_channels..][..N * self.out_channels];
        let blocks = weights.chunks_exact(self.taps()).zip(biases);
        for (block, (weights, bias)) in blocks.enumerate() {
            let channel = block * LANES;
            let sums: [Lanes; N] = match self.depthwise {
                true => self.sums::<N, true>(bias, weights, &seen[channel..]),
                false => self.sums::<N, false>(bias, weights, seen),
            };
            // the last block may have more lanes than channels are left
            let lanes = LANES.min(self.out_channels - channel);
            for (output, sum) in output.chunks_exact_mut(self.out_channels).zip(sums) {
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
        bias: &[f32; LANES],
        weights: &[[f32; LANES]],
        seen: &[f32],
    ) -> [Lanes; N] {
        let mut sums = [Lanes::load(bias); N];
        // the inputs under one row of the kernel lie side by side: pixels × channels
        let (taps, step) = match DEPTHWISE {
            true => (self.kernel, self.in_channels),
            false => (self.kernel * self.in_channels, 1),
        };
        for (ky, weights) in weights.chunks_exact(taps).enumerate() {
            for (tap, weights) in weights.iter().enumerate() {
                let weights = Lanes::load(weights);
                for (pixel, sum) in sums.iter_mut().enumerate() {
                    let column = pixel * self.stride * self.in_channels + tap * step;
                    let at = ky * self.padded_row() + column;
                    // SAFETY: `seen` reaches to the last input of the last pixel, and a depthwise
                    // convolution has only whole blocks.
                    #[allow(unsafe_code)]
                    let value = match DEPTHWISE {
                        true => Lanes::load(unsafe { &*seen.as_ptr().add(at).cast() }),
                        false => Lanes::splat(unsafe { *seen.get_unchecked(at) }),
                    };
                    *sum = sum.multiply_add(value, weights);
                }
            }
        }
        sums
    }
}

/// `output = activation(convolution)`.
#[multiversion(targets("x86_64+avx2+fma"))]
fn convolve(
    conv: &Convolution,
    padded: &[f32],
    weights: &[[f32; LANES]],
    biases: &[[f32; LANES]],
    output: &mut [f32],
) {
    // a pointwise convolution treats all pixels alike, so they count as one long row
    let (width, height) = match conv.pointwise() {
        true => (conv.width * conv.height, 1),
        false => (conv.output_width(), conv.output_height()),
    };
    for y in 0..height {
        for x in (0..width).step_by(PIXELS) {
            if width < PIXELS {
                (0..width)
                    .for_each(|x| conv.convolve::<1>(padded, weights, biases, (x, y), output));
            } else {
                // the last group ends with the row, so some of its pixels may be computed twice
                let x = x.min(width - PIXELS);
                conv.convolve::<PIXELS>(padded, weights, biases, (x, y), output);
            }
        }
    }
}
