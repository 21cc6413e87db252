//! The loops of the small executor.
//!
//! Plain Rust over blocks of fixed size, which the compiler turns into SIMD instructions natively
//! and on WebAssembly. They are a crate of their own so that they, and not all that the page's
//! worker downloads, are compiled for speed rather than size.
//!
//! Activations are `[height, width, channels]`: the innermost loop runs over neighbouring output
//! channels.

/// Side of a convolution's kernel, in pixels.
pub const KERNEL: usize = 3;

/// Zeros around a convolution's input, in pixels: what keeps its size.
pub const PAD: usize = KERNEL / 2;

/// Output channels that are computed together: two SIMD registers of four.
pub const LANES: usize = 8;

/// Neighbouring pixels that are computed together, so that a weight that was loaded is used more
/// than once.
const PIXELS: usize = 4;

/// The shape of a 3×3 convolution with stride 1 and padding 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convolution {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Channels that come in.
    pub inputs: usize,
    /// Channels that go out.
    pub outputs: usize,
}

impl Convolution {
    /// Convolution and ReLU, from `input` to `output`.
    ///
    /// `weights` is `[outputs / LANES, KERNEL, KERNEL, inputs]` blocks of [`LANES`] output
    /// channels, `biases` a block for each `outputs / LANES`, both rounded up and filled with
    /// zeros. `padded` is overwritten.
    ///
    /// # Panics
    ///
    /// Where a slice is shorter than the shape says.
    pub fn relu(
        &self,
        input: &[f32],
        weights: &[[f32; LANES]],
        biases: &[[f32; LANES]],
        padded: &mut Vec<f32>,
        output: &mut Vec<f32>,
    ) {
        self.pad(input, padded);
        output.clear();
        output.resize(self.width * self.height * self.outputs, 0.0);
        for y in 0..self.height {
            let mut x = 0;
            while x + PIXELS <= self.width {
                self.pixels::<PIXELS>(padded, weights, biases, (x, y), output);
                x += PIXELS;
            }
            while x < self.width {
                self.pixels::<1>(padded, weights, biases, (x, y), output);
                x += 1;
            }
        }
    }

    /// Copies the input into a buffer with a border of zeros.
    fn pad(&self, input: &[f32], padded: &mut Vec<f32>) {
        let row = self.width * self.inputs;
        padded.clear();
        padded.resize((self.height + 2 * PAD) * self.padded_row(), 0.0);
        let rows = padded.chunks_exact_mut(self.padded_row()).skip(PAD);
        for (target, source) in rows.zip(input.chunks_exact(row)) {
            target[PAD * self.inputs..][..row].copy_from_slice(source);
        }
    }

    fn padded_row(&self) -> usize {
        (self.width + 2 * PAD) * self.inputs
    }

    /// All channels of `N` neighbouring output pixels, from `(x, y)` on.
    fn pixels<const N: usize>(
        &self,
        padded: &[f32],
        weights: &[[f32; LANES]],
        biases: &[[f32; LANES]],
        (x, y): (usize, usize),
        output: &mut [f32],
    ) {
        let per_group = KERNEL * KERNEL * self.inputs;
        for (group, bias) in biases.iter().enumerate() {
            let mut sums = [*bias; N];
            let weights = &weights[group * per_group..][..per_group];
            for (ky, weights) in weights.chunks_exact(KERNEL * self.inputs).enumerate() {
                // a row of the kernel reads neighbouring numbers: KERNEL pixels × inputs
                let start = (y + ky) * self.padded_row() + x * self.inputs;
                let windows = std::array::from_fn(|pixel| &padded[start + pixel * self.inputs..]);
                multiply_add(&mut sums, windows, weights);
            }
            let lanes = LANES.min(self.outputs - group * LANES);
            for (pixel, sums) in sums.iter().enumerate() {
                let at = (y * self.width + x + pixel) * self.outputs + group * LANES;
                for (output, sum) in output[at..][..lanes].iter_mut().zip(sums) {
                    *output = sum.max(0.0);
                }
            }
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

/// `output = biases + input · weights`, with `weights` as `[inputs, outputs]`.
pub fn linear(input: &[f32], weights: &[f32], biases: &[f32], output: &mut Vec<f32>) {
    output.clear();
    output.extend_from_slice(biases);
    for (input, weights) in input.iter().zip(weights.chunks_exact(biases.len())) {
        for (sum, weight) in output.iter_mut().zip(weights) {
            *sum += input * weight;
        }
    }
}
