//! The small executor: a network's forward pass without Burn.
//!
//! Its loops are [`marquee_kernels`]. Activations are `[height, width, channels]` there.

mod conv;
mod linear;

use crate::file::Model;
use crate::network::Network;
use conv::Conv;
use linear::Linear;

/// A model made ready to run: batch norm folded into the convolutions, weights laid out for the
/// loops.
pub struct Executor {
    network: Network,
    convs: Vec<Conv>,
    linears: Vec<Linear>,
}

impl Executor {
    /// Lays out the weights of `model`.
    pub fn new(model: &Model) -> Executor {
        let (network, weights) = (model.network(), model.weights());
        let prefixes = network.prefixes();
        let convs = network
            .blocks
            .iter()
            .zip(&prefixes.blocks)
            .map(|(block, (conv, norm))| Conv::new(*block, conv, norm, weights))
            .collect();
        let last = network.linears.len() - 1;
        let linears = network.linears.iter().zip(&prefixes.linears).enumerate();
        let linears = linears
            .map(|(index, (linear, prefix))| {
                // the first takes what the convolutions leave, which stands channels-last here
                let channels = match index {
                    0 => network.blocks.last().map_or(1, |block| block.outputs),
                    _ => 1,
                };
                Linear::new(*linear, channels, index != last, prefix, weights)
            })
            .collect();
        Executor {
            network: network.clone(),
            convs,
            linears,
        }
    }

    /// The logits of a batch: `inputs` is `[batch, 3, height, width]`, the answer `[batch,
    /// classes]`.
    ///
    /// # Panics
    ///
    /// Where `inputs` is not a whole number of the network's inputs.
    pub fn logits(&self, inputs: &[f32]) -> Vec<f32> {
        let one = self.network.input_len();
        assert_eq!(inputs.len() % one, 0, "an input is {one} numbers");
        let mut logits = Vec::with_capacity(inputs.len() / one * self.network.classes());
        let mut scratch = Scratch::default();
        for input in inputs.chunks_exact(one) {
            self.forward(input, &mut scratch);
            logits.extend_from_slice(&scratch.activations);
        }
        logits
    }

    /// Leaves one input's logits in `scratch.activations`.
    fn forward(&self, input: &[f32], scratch: &mut Scratch) {
        channels_last(input, self.network.input.pixels(), &mut scratch.activations);
        for conv in &self.convs {
            conv.apply(scratch);
        }
        for linear in &self.linears {
            linear.apply(scratch);
        }
    }
}

/// Buffers that one forward pass fills and the next reuses.
#[derive(Default)]
struct Scratch {
    /// What the last layer gave.
    activations: Vec<f32>,
    /// What the current layer gives.
    next: Vec<f32>,
    /// What a convolution reads: its input with a border of zeros.
    padded: Vec<f32>,
}

/// `[channels, pixels]` → `[pixels, channels]`.
fn channels_last(planes: &[f32], pixels: usize, target: &mut Vec<f32>) {
    let channels = planes.len() / pixels;
    target.clear();
    target.resize(planes.len(), 0.0);
    for (channel, plane) in planes.chunks_exact(pixels).enumerate() {
        for (pixel, value) in target.chunks_exact_mut(channels).zip(plane) {
            pixel[channel] = *value;
        }
    }
}
