use marquee_kernels::{Convolution, LANES, max_pool};

use super::Scratch;
use crate::file::Weights;
use crate::network::{BATCH_NORM_EPSILON, ConvBlock};

/// Convolution with batch norm folded in, ReLU, and perhaps a max-pool or a residual connection.
pub(super) struct Conv {
    shape: Convolution,
    pool: bool,
    residual: bool,
    /// `[outputs / LANES, kernel, kernel, inputs, LANES]`.
    weights: Vec<[f32; LANES]>,
    /// `[outputs / LANES, LANES]`.
    biases: Vec<[f32; LANES]>,
}

impl Conv {
    pub(super) fn new(block: &ConvBlock, conv: &str, norm: &str, from: &Weights) -> Conv {
        let field = |prefix: &str, name: &str| from.values(&format!("{prefix}.{name}"));
        let weight = field(conv, "weight");
        let bias = block.bias.then(|| field(conv, "bias"));
        let (gamma, beta) = (field(norm, "weight"), field(norm, "bias"));
        let (mean, variance) = (field(norm, "running_mean"), field(norm, "running_var"));

        let shape = block.convolution();
        let taps = block.kernel * block.kernel;
        let groups = shape.outputs.div_ceil(LANES);
        let mut weights = vec![[0.0; LANES]; groups * shape.taps()];
        let mut biases = vec![[0.0; LANES]; groups];
        for output in 0..shape.outputs {
            let (group, lane) = (output / LANES, output % LANES);
            let scale = gamma[output] / (variance[output] + BATCH_NORM_EPSILON).sqrt();
            let bias = bias.map_or(0.0, |bias| bias[output]);
            biases[group][lane] = (bias - mean[output]) * scale + beta[output];
            for input in 0..shape.inputs {
                for tap in 0..taps {
                    weights[(group * taps + tap) * shape.inputs + input][lane] =
                        weight[(output * shape.inputs + input) * taps + tap] * scale;
                }
            }
        }
        Conv {
            shape,
            pool: block.pool,
            residual: block.residual,
            weights,
            biases,
        }
    }

    pub(super) fn apply(&self, scratch: &mut Scratch) {
        let Scratch {
            activations,
            before,
            next,
            padded,
        } = scratch;
        let skip = self.residual.then_some(&before[..]);
        let Conv {
            weights, biases, ..
        } = self;
        self.shape
            .relu(activations, skip, weights, biases, padded, next);
        if self.pool {
            let row = self.shape.output_width() * self.shape.outputs;
            max_pool(next, row, self.shape.outputs, before);
            std::mem::swap(activations, before);
        } else {
            // what came in is what the next block's residual connection wants
            std::mem::swap(activations, before);
            std::mem::swap(activations, next);
        }
    }
}
