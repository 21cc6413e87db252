use super::Scratch;
use crate::file::Weights;
use crate::network::{BATCH_NORM_EPSILON, ConvBlock, KERNEL};

/// Output channels that are computed together: two SIMD registers of four.
const LANES: usize = 8;

/// Neighbouring pixels that are computed together, so that a weight that was loaded is used more
/// than once.
const PIXELS: usize = 4;

/// Zeros around a convolution's input, in pixels.
const PAD: usize = KERNEL / 2;

/// 3×3 convolution with batch norm folded in, ReLU, and perhaps a max-pool.
pub(super) struct Conv {
    block: ConvBlock,
    /// `[outputs / LANES, KERNEL, KERNEL, inputs, LANES]`.
    weights: Vec<[f32; LANES]>,
    /// `[outputs / LANES, LANES]`.
    biases: Vec<[f32; LANES]>,
}

impl Conv {
    pub(super) fn new(block: ConvBlock, conv: &str, norm: &str, from: &Weights) -> Conv {
        let field = |prefix: &str, name: &str| from.values(&format!("{prefix}.{name}"));
        let (weight, bias) = (field(conv, "weight"), field(conv, "bias"));
        let (gamma, beta) = (field(norm, "weight"), field(norm, "bias"));
        let (mean, variance) = (field(norm, "running_mean"), field(norm, "running_var"));

        let ConvBlock {
            inputs, outputs, ..
        } = block;
        let groups = outputs.div_ceil(LANES);
        let mut weights = vec![[0.0; LANES]; groups * KERNEL * KERNEL * inputs];
        let mut biases = vec![[0.0; LANES]; groups];
        for output in 0..outputs {
            let (group, lane) = (output / LANES, output % LANES);
            let scale = gamma[output] / (variance[output] + BATCH_NORM_EPSILON).sqrt();
            biases[group][lane] = (bias[output] - mean[output]) * scale + beta[output];
            for input in 0..inputs {
                for tap in 0..KERNEL * KERNEL {
                    weights[(group * KERNEL * KERNEL + tap) * inputs + input][lane] =
                        weight[(output * inputs + input) * KERNEL * KERNEL + tap] * scale;
                }
            }
        }
        Conv {
            block,
            weights,
            biases,
        }
    }

    pub(super) fn apply(&self, scratch: &mut Scratch) {
        let Scratch {
            activations,
            next,
            padded,
        } = scratch;
        self.pad(activations, padded);
        let (width, height) = (self.block.size.width, self.block.size.height);
        next.clear();
        next.resize(width * height * self.block.outputs, 0.0);
        for y in 0..height {
            let mut x = 0;
            while x + PIXELS <= width {
                self.pixels::<PIXELS>(padded, next, x, y);
                x += PIXELS;
            }
            while x < width {
                self.pixels::<1>(padded, next, x, y);
                x += 1;
            }
        }
        if self.block.pool {
            self.max_pool(next, activations);
        } else {
            std::mem::swap(activations, next);
        }
    }

    /// Copies the input into a buffer with a border of zeros.
    fn pad(&self, input: &[f32], padded: &mut Vec<f32>) {
        let row = self.block.size.width * self.block.inputs;
        let padded_row = self.padded_row();
        padded.clear();
        padded.resize((self.block.size.height + 2 * PAD) * padded_row, 0.0);
        let rows = padded.chunks_exact_mut(padded_row).skip(PAD);
        for (target, source) in rows.zip(input.chunks_exact(row)) {
            target[PAD * self.block.inputs..][..row].copy_from_slice(source);
        }
    }

    fn padded_row(&self) -> usize {
        (self.block.size.width + 2 * PAD) * self.block.inputs
    }

    /// All channels of `N` neighbouring output pixels, from `(x, y)` on.
    fn pixels<const N: usize>(&self, padded: &[f32], output: &mut [f32], x: usize, y: usize) {
        let ConvBlock {
            inputs, outputs, ..
        } = self.block;
        let per_group = KERNEL * KERNEL * inputs;
        for (group, bias) in self.biases.iter().enumerate() {
            let mut sums = [*bias; N];
            let weights = &self.weights[group * per_group..][..per_group];
            for (ky, weights) in weights.chunks_exact(KERNEL * inputs).enumerate() {
                // a row of the kernel reads neighbouring numbers: KERNEL pixels × inputs
                let start = (y + ky) * self.padded_row() + x * inputs;
                let windows = std::array::from_fn(|pixel| &padded[start + pixel * inputs..]);
                multiply_add(&mut sums, windows, weights);
            }
            let lanes = LANES.min(outputs - group * LANES);
            for (pixel, sums) in sums.iter().enumerate() {
                let at = ((y * self.block.size.width) + x + pixel) * outputs + group * LANES;
                for (output, sum) in output[at..][..lanes].iter_mut().zip(sums) {
                    *output = sum.max(0.0);
                }
            }
        }
    }

    /// 2×2; a last odd row or column is left out, as PyTorch's `MaxPool2d(2)` does.
    fn max_pool(&self, input: &[f32], output: &mut Vec<f32>) {
        let channels = self.block.outputs;
        let row = self.block.size.width * channels;
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
