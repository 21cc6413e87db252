//! A convolutional block of the small executor.

use marquee_kernels::{Convolution, LANES, max_pool};

use super::scratch::Scratch;
use crate::file::Weights;
use crate::network::{BATCH_NORM_EPSILON, ConvBlock};

/// Convolution with batch norm folded in, its activation, and perhaps a max-pool or a residual
/// connection.
pub(super) struct Conv {
    shape: Convolution,
    pool: bool,
    residual: bool,
    /// Whether a later block's residual connection adds this block's input.
    remembers: bool,
    /// As [`Convolution::run`] takes them.
    weights: Vec<[f32; LANES]>,
    biases: Vec<[f32; LANES]>,
}

impl Conv {
    /// `remembers` says whether a later block's residual connection adds this block's input.
    pub(super) fn new(
        block: &ConvBlock,
        remembers: bool,
        (conv, norm): &(String, String),
        from: &Weights,
    ) -> Conv {
        let field = |prefix: &str, name: &str| from.values(&format!("{prefix}.{name}"));
        let weight = field(conv, "weight");
        let bias = block.bias.then(|| field(conv, "bias"));
        let (gamma, beta) = (field(norm, "weight"), field(norm, "bias"));
        let (mean, variance) = (field(norm, "running_mean"), field(norm, "running_var"));

        let shape = block.conv;
        let taps = shape.kernel * shape.kernel;
        let in_channels = shape.in_channels_per_group();
        let groups = shape.out_channels.div_ceil(LANES);
        let mut weights = vec![[0.0; LANES]; groups * shape.taps()];
        let mut biases = vec![[0.0; LANES]; groups];
        for output in 0..shape.out_channels {
            let (group, lane) = (output / LANES, output % LANES);
            let scale = gamma[output] / (variance[output] + BATCH_NORM_EPSILON).sqrt();
            let bias = bias.map_or(0.0, |bias| bias[output]);
            biases[group][lane] = (bias - mean[output]) * scale + beta[output];
            for input in 0..in_channels {
                for tap in 0..taps {
                    weights[(group * taps + tap) * in_channels + input][lane] =
                        weight[(output * in_channels + input) * taps + tap] * scale;
                }
            }
        }
        Conv {
            shape,
            pool: block.pool,
            residual: block.residual,
            remembers,
            weights,
            biases,
        }
    }

    pub(super) fn apply(&self, scratch: &mut Scratch) {
        let Scratch {
            activations,
            remembered,
            next,
            padded,
        } = scratch;
        if self.remembers {
            remembered.clone_from(activations);
        }
        let skip = self.residual.then_some(&remembered[..]);
        let Conv {
            weights, biases, ..
        } = self;
        self.shape
            .run(activations, skip, weights, biases, padded, next);
        if self.pool {
            let row = self.shape.output_width() * self.shape.out_channels;
            max_pool(next, row, self.shape.out_channels, activations);
        } else {
            std::mem::swap(activations, next);
        }
    }
}
