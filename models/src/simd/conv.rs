use marquee_kernels::{Convolution, LANES, max_pool};

use super::Scratch;
use crate::file::Weights;
use crate::network::{BATCH_NORM_EPSILON, ConvBlock, KERNEL};

/// 3×3 convolution with batch norm folded in, ReLU, and perhaps a max-pool.
pub(super) struct Conv {
    shape: Convolution,
    pool: bool,
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

        let shape = Convolution {
            width: block.size.width,
            height: block.size.height,
            inputs: block.inputs,
            outputs: block.outputs,
        };
        let groups = shape.outputs.div_ceil(LANES);
        let mut weights = vec![[0.0; LANES]; groups * KERNEL * KERNEL * shape.inputs];
        let mut biases = vec![[0.0; LANES]; groups];
        for output in 0..shape.outputs {
            let (group, lane) = (output / LANES, output % LANES);
            let scale = gamma[output] / (variance[output] + BATCH_NORM_EPSILON).sqrt();
            biases[group][lane] = (bias[output] - mean[output]) * scale + beta[output];
            for input in 0..shape.inputs {
                for tap in 0..KERNEL * KERNEL {
                    weights[(group * KERNEL * KERNEL + tap) * shape.inputs + input][lane] =
                        weight[(output * shape.inputs + input) * KERNEL * KERNEL + tap] * scale;
                }
            }
        }
        Conv {
            shape,
            pool: block.pool,
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
        self.shape
            .relu(activations, &self.weights, &self.biases, padded, next);
        if self.pool {
            let row = self.shape.width * self.shape.outputs;
            max_pool(next, row, self.shape.outputs, activations);
        } else {
            std::mem::swap(activations, next);
        }
    }
}
