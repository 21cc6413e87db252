//! A convolutional block of the small executor.

use std::mem::swap;

use marquee_kernels::{Packed, max_pool};

use super::scratch::Scratch;
use crate::file::Weights;
use crate::network::{BATCH_NORM_EPSILON, ConvBlock};

/// Convolution with batch norm folded in, its activation, and perhaps a max-pool or a residual
/// connection.
pub(super) struct Conv {
    pub(super) packed: Packed,
    pub(super) pool: bool,
    pub(super) residual: bool,
    /// Whether a later block's residual connection adds this block's input.
    pub(super) remembers: bool,
}

impl Conv {
    /// `remembers` says whether a later block's residual connection adds this block's input. The names are
    /// those of the convolution and of the batch norm.
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
        let scale = |output: usize| gamma[output] / (variance[output] + BATCH_NORM_EPSILON).sqrt();
        let places = block.conv.kernel * block.conv.kernel;
        let in_channels = block.conv.in_channels_per_group();
        let packed = Packed::new(
            block.conv,
            |output| {
                let bias = bias.map_or(0.0, |bias| bias[output]);
                (bias - mean[output]) * scale(output) + beta[output]
            },
            |output, input, place| {
                weight[(output * in_channels + input) * places + place] * scale(output)
            },
        );
        Conv {
            packed,
            pool: block.pool,
            residual: block.residual,
            remembers,
        }
    }

    /// Runs it on `scratch.activations`, which become its output with this border.
    pub(super) fn run(&self, border: usize, scratch: &mut Scratch) {
        let Scratch {
            activations,
            next,
            remembered,
            ..
        } = scratch;
        let shape = &self.packed.shape;
        let output = shape.output(if self.pool { 0 } else { border });
        let rows = output.prepare(next);
        let input = &activations[..shape.input().numbers()];
        let skip = self.residual.then(|| &remembered[..rows.len()]);
        self.packed
            .run(shape.height, input, skip, output.border, rows);
        if self.remembers {
            swap(activations, remembered);
        }
        if self.pool {
            max_pool(&output, &next[..output.numbers()], border, activations);
        } else {
            swap(activations, next);
        }
    }
}
