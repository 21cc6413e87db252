//! Convolutions of one picture.

use multiversion::multiversion;

use crate::activation::Activation;

/// Output channels that are computed together: two SIMD registers of four numbers.
pub const LANES: usize = 8;

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

    /// Multiply-adds for one picture.
    pub const fn multiply_adds(&self) -> usize {
        self.output_width() * self.output_height() * self.taps() * self.out_channels
    }

    /// Convolution and activation of one picture, `[height, width, in_channels]`. `output` becomes
    /// `[output_height, output_width, out_channels]`; `skip`, of the same shape, is added to it.
    ///
    /// `weights` are `[blocks, kernel, kernel, in_channels_per_group]`, and `biases` `[blocks]`, of
    /// [`LANES`] output channels each; the last block is filled up with zeros. A depthwise
    /// convolution's channels must be a multiple of [`LANES`]: what is beyond the last whole block gets
    /// `skip` alone. `padded` is a buffer that is overwritten.
    ///
    /// # Panics
    ///
    /// If a slice has not the length that the shape asks for.
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
        );
        output.clear();
        output.resize(
            self.output_width() * self.output_height() * self.out_channels,
            0.0,
        );
        if let Some(skip) = skip {
            output.copy_from_slice(skip);
        }
        let padded = match self.pad() {
            0 => input,
            _ => {
                self.pad_into(input, padded);
                padded
            }
        };
        let operands = Operands {
            padded,
            weights,
            biases,
        };
        add(self, operands, output);
    }

    /// Copies the input into a buffer with a border of zeros.
    fn pad_into(&self, input: &[f32], padded: &mut Vec<f32>) {
        let (pad, row) = (self.pad(), self.width * self.in_channels);
        padded.clear();
        padded.resize((self.height + 2 * pad) * self.padded_row(), 0.0);
        let rows = padded.chunks_exact_mut(self.padded_row()).skip(pad);
        for (target, source) in rows.zip(input.chunks_exact(row)) {
            target[pad * self.in_channels..][..row].copy_from_slice(source);
        }
    }

    /// Numbers in a row of the padded input.
    fn padded_row(&self) -> usize {
        (self.width + 2 * self.pad()) * self.in_channels
    }

    /// Adds all channels of the `N` neighbouring output pixels that begin at column `x` of row `y`.
    #[inline(always)]
    fn add_dense<const N: usize>(
        &self,
        operands: Operands,
        (x, y): (usize, usize),
        output: &mut [f32],
    ) {
        let (low, high) = self.activation.bounds();
        let step = self.stride * self.in_channels;
        for (block, bias) in operands.biases.iter().enumerate() {
            let mut sums = [*bias; N];
            let weights = &operands.weights[block * self.taps()..][..self.taps()];
            let rows = weights.chunks_exact(self.kernel * self.in_channels);
            for (ky, weights) in rows.enumerate() {
                // what a row of the kernel sees are neighbouring numbers: its pixels × channels
                let row = &operands.padded[(y * self.stride + ky) * self.padded_row()..];
                let windows = std::array::from_fn(|pixel| &row[(x + pixel) * step..]);
                multiply_add(&mut sums, windows, weights);
            }
            let lanes = LANES.min(self.out_channels - block * LANES);
            for (pixel, sums) in sums.iter().enumerate() {
                let at = (y * self.output_width() + x + pixel) * self.out_channels + block * LANES;
                for (output, sum) in output[at..][..lanes].iter_mut().zip(sums) {
                    *output += sum.max(low).min(high);
                }
            }
        }
    }

    /// Adds all channels of the output pixel in column `x` of row `y`, for a depthwise convolution.
    #[inline(always)]
    fn add_depthwise(&self, operands: Operands, (x, y): (usize, usize), output: &mut [f32]) {
        let (low, high) = self.activation.bounds();
        let (row, kernel) = (self.padded_row(), self.kernel);
        let seen = &operands.padded[y * self.stride * row + x * self.stride * self.in_channels..];
        let at = (y * self.output_width() + x) * self.out_channels;
        let blocks = output[at..][..self.out_channels].as_chunks_mut::<LANES>().0;
        for (block, (output, bias)) in blocks.iter_mut().zip(operands.biases).enumerate() {
            let mut sums = *bias;
            let weights = &operands.weights[block * self.taps()..][..self.taps()];
            for (tap, weights) in weights.iter().enumerate() {
                let place = tap / kernel * row + tap % kernel * self.in_channels;
                let values = &seen[place + block * LANES..][..LANES];
                for lane in 0..LANES {
                    sums[lane] += values[lane] * weights[lane];
                }
            }
            for lane in 0..LANES {
                output[lane] += sums[lane].max(low).min(high);
            }
        }
    }
}

/// What a convolution reads; see [`Convolution::run`].
#[derive(Clone, Copy)]
struct Operands<'a> {
    padded: &'a [f32],
    weights: &'a [[f32; LANES]],
    biases: &'a [[f32; LANES]],
}

/// `output += activation(convolution)`.
#[multiversion(targets("x86_64+avx2+fma"))]
fn add(conv: &Convolution, operands: Operands, output: &mut [f32]) {
    let width = conv.output_width();
    for y in 0..conv.output_height() {
        let mut x = 0;
        while !conv.depthwise && x + PIXELS <= width {
            conv.add_dense::<PIXELS>(operands, (x, y), output);
            x += PIXELS;
        }
        while x < width {
            match conv.depthwise {
                true => conv.add_depthwise(operands, (x, y), output),
                false => conv.add_dense::<1>(operands, (x, y), output),
            }
            x += 1;
        }
    }
}

/// `sums[pixel][lane] += Σ windows[pixel][tap] · weights[tap][lane]`.
///
/// A function of its own, with the sums in a local copy, so that they stay in registers.
#[inline(always)]
fn multiply_add<const N: usize>(
    sums: &mut [[f32; LANES]; N],
    windows: [&[f32]; N],
    weights: &[[f32; LANES]],
) {
    let windows = windows.map(|window| &window[..weights.len()]);
    let mut local = *sums;
    for (tap, weights) in weights.iter().enumerate() {
        for pixel in 0..N {
            let value = windows[pixel][tap];
            for lane in 0..LANES {
                local[pixel][lane] += value * weights[lane];
            }
        }
    }
    *sums = local;
}
