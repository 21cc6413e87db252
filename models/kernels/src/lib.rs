//! The loops of Marquee's executors.
//!
//! Plain Rust over blocks of fixed size, which the compiler turns into SIMD instructions natively
//! and on WebAssembly. They are a crate of their own so that they, and not all that the page's
//! worker downloads, are compiled for speed rather than size.
//!
//! Features are `[height, width, channels]`: the innermost loop runs over neighbouring output
//! channels.

#[cfg(feature = "training")]
pub mod training;

use multiversion::multiversion;

/// Output channels that are computed together: two SIMD registers of four.
pub const LANES: usize = 8;

/// Neighbouring pixels that are computed together, so that a weight that was loaded is used more
/// than once.
const PIXELS: usize = 4;

/// What becomes of a convolution's result, after batch norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// It stays as it is: a *linear* layer.
    None,
    /// Nothing below zero (PyTorch's `ReLU`).
    Relu,
    /// Nor above six (PyTorch's `ReLU6`).
    Relu6,
}

impl Activation {
    /// The lowest and the highest that it lets through.
    pub const fn bounds(self) -> (f32, f32) {
        match self {
            Activation::None => (f32::NEG_INFINITY, f32::INFINITY),
            Activation::Relu => (0.0, f32::INFINITY),
            Activation::Relu6 => (0.0, 6.0),
        }
    }
}

/// The shape of a convolution with a square kernel, padded by half of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convolution {
    /// Pixels in a row of the input.
    pub width: usize,
    /// Rows of the input.
    pub height: usize,
    /// Channels that come in.
    pub in_channels: usize,
    /// Channels that go out.
    pub out_channels: usize,
    /// Side of the kernel in pixels, an odd number.
    pub kernel: usize,
    /// Pixels from one place of the kernel to the next.
    pub stride: usize,
    /// Whether each channel is convolved on its own, so that as many go out as come in.
    pub depthwise: bool,
    /// What becomes of the result.
    pub activation: Activation,
}

impl Convolution {
    /// Zeros around the input, in pixels: with a stride of 1, what keeps its size.
    pub const fn pad(&self) -> usize {
        self.kernel / 2
    }

    /// Numbers that a channel of an output pixel is computed from.
    pub const fn taps(&self) -> usize {
        self.kernel * self.kernel * self.in_channels_per_group()
    }

    /// Channels that a channel of the output is computed from.
    pub const fn in_channels_per_group(&self) -> usize {
        if self.depthwise { 1 } else { self.in_channels }
    }

    /// Into how many groups the channels are parted that do not see each other (PyTorch's `groups`).
    pub const fn groups(&self) -> usize {
        if self.depthwise { self.in_channels } else { 1 }
    }

    /// Whether an output pixel is computed from one input pixel, so that both stand in the same
    /// order.
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

    /// Convolution and activation, from `input` to `output`; `skip`, of the output's shape, is
    /// added.
    ///
    /// `weights` is `[out_channels / LANES, kernel, kernel, in_channels per group]` blocks of [`LANES`] output
    /// channels, `biases` a block for each `out_channels / LANES`, both rounded up and filled with
    /// zeros. `padded` is overwritten. A depthwise convolution's channels are a multiple of
    /// [`LANES`]; what is beyond the last whole block stays as it is.
    ///
    /// # Panics
    ///
    /// Where a slice is shorter than the shape says.
    pub fn run(
        &self,
        input: &[f32],
        skip: Option<&[f32]>,
        weights: &[[f32; LANES]],
        biases: &[[f32; LANES]],
        padded: &mut Vec<f32>,
        output: &mut Vec<f32>,
    ) {
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
        add(self, padded, weights, biases, output);
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

    fn padded_row(&self) -> usize {
        (self.width + 2 * self.pad()) * self.in_channels
    }

    /// All channels of `N` neighbouring output pixels, from `(x, y)` on.
    #[inline(always)]
    fn pixels<const N: usize>(
        &self,
        padded: &[f32],
        weights: &[[f32; LANES]],
        biases: &[[f32; LANES]],
        (x, y): (usize, usize),
        output: &mut [f32],
    ) {
        let (low, high) = self.activation.bounds();
        let step = self.stride * self.in_channels;
        for (group, bias) in biases.iter().enumerate() {
            let mut sums = [*bias; N];
            let weights = &weights[group * self.taps()..][..self.taps()];
            for (ky, weights) in weights
                .chunks_exact(self.kernel * self.in_channels)
                .enumerate()
            {
                // a row of the kernel reads neighbouring numbers: its pixels × channels
                let row = &padded[(y * self.stride + ky) * self.padded_row()..];
                let windows = std::array::from_fn(|pixel| &row[(x + pixel) * step..]);
                multiply_add(&mut sums, windows, weights);
            }
            let lanes = LANES.min(self.out_channels - group * LANES);
            for (pixel, sums) in sums.iter().enumerate() {
                let at = (y * self.output_width() + x + pixel) * self.out_channels + group * LANES;
                for (output, sum) in output[at..][..lanes].iter_mut().zip(sums) {
                    *output += sum.max(low).min(high);
                }
            }
        }
    }

    /// All channels of the output pixel `(x, y)` of a depthwise convolution.
    #[inline(always)]
    fn pixel_of_each(
        &self,
        padded: &[f32],
        weights: &[[f32; LANES]],
        biases: &[[f32; LANES]],
        (x, y): (usize, usize),
        output: &mut [f32],
    ) {
        let (low, high) = self.activation.bounds();
        let (row, kernel) = (self.padded_row(), self.kernel);
        let seen = &padded[y * self.stride * row + x * self.stride * self.in_channels..];
        let at = (y * self.output_width() + x) * self.out_channels;
        let outputs = output[at..][..self.out_channels].as_chunks_mut::<LANES>().0;
        for (group, (output, bias)) in outputs.iter_mut().zip(biases).enumerate() {
            let mut sums = *bias;
            for (tap, weights) in weights[group * self.taps()..][..self.taps()]
                .iter()
                .enumerate()
            {
                let place = tap / kernel * row + tap % kernel * self.in_channels;
                let values = &seen[place + group * LANES..][..LANES];
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

/// `output += activation(convolution)`.
#[multiversion(targets("x86_64+avx2+fma"))]
fn add(
    conv: &Convolution,
    padded: &[f32],
    weights: &[[f32; LANES]],
    biases: &[[f32; LANES]],
    output: &mut [f32],
) {
    let width = conv.output_width();
    for y in 0..conv.output_height() {
        let mut x = 0;
        while !conv.depthwise && x + PIXELS <= width {
            conv.pixels::<PIXELS>(padded, weights, biases, (x, y), output);
            x += PIXELS;
        }
        while x < width {
            match conv.depthwise {
                true => conv.pixel_of_each(padded, weights, biases, (x, y), output),
                false => conv.pixels::<1>(padded, weights, biases, (x, y), output),
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

/// 2×2 max-pool of `[height, width, channels]`, whose rows are `row` numbers; a last odd row or
/// column is left out, as PyTorch's `MaxPool2d(2)` does.
pub fn max_pool(input: &[f32], row: usize, channels: usize, output: &mut Vec<f32>) {
    output.clear();
    for rows in input.chunks_exact(2 * row) {
        let (upper, lower) = rows.split_at(row);
        let upper = upper.chunks_exact(2 * channels);
        for (upper, lower) in upper.zip(lower.chunks_exact(2 * channels)) {
            output.extend((0..channels).map(|channel| {
                upper[channel]
                    .max(upper[channels + channel])
                    .max(lower[channel])
                    .max(lower[channels + channel])
            }));
        }
    }
}

/// Mean of each channel over all pixels of `[height, width, channels]`.
pub fn mean(input: &[f32], channels: usize, output: &mut Vec<f32>) {
    output.clear();
    output.resize(channels, 0.0);
    for pixel in input.chunks_exact(channels) {
        for (sum, value) in output.iter_mut().zip(pixel) {
            *sum += value;
        }
    }
    let pixels = (input.len() / channels) as f32;
    for sum in output {
        *sum /= pixels;
    }
}

/// Appends `biases + input · weights` to `output`, with `weights` as `[in_features, out_features]`.
pub fn linear(input: &[f32], weights: &[f32], biases: &[f32], output: &mut Vec<f32>) {
    let start = output.len();
    output.extend_from_slice(biases);
    let sums = &mut output[start..];
    for (input, weights) in input.iter().zip(weights.chunks_exact(biases.len())) {
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum += input * weight;
        }
    }
}
