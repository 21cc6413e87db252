//! A model made ready to run.

use super::conv::Conv;
use super::linear::Linear;
use super::scratch::Scratch;
use crate::file::Model;
use crate::network::{Network, Pooling, RESIDUAL};

/// A model made ready to run: batch norm is folded into the convolutions, and the weights are laid
/// out as the kernels take them.
pub struct Executor {
    network: Network,
    convs: Vec<Conv>,
    hidden: Vec<Linear>,
    heads: Vec<Linear>,
}

impl Executor {
    /// Lays out the weights of `model`.
    pub fn new(model: &Model) -> Executor {
        let (network, weights) = (model.network(), model.weights());
        let prefixes = network.prefixes();
        let blocks = network.blocks.iter().zip(&prefixes.blocks).enumerate();
        let convs = blocks.map(|(index, (block, prefixes))| {
            let end = network.blocks.get(index + RESIDUAL);
            let remembers = end.is_some_and(|end| end.residual);
            Conv::new(block, remembers, prefixes, weights)
        });
        // features are channels-last here, and PyTorch's first linear layer takes them channels-first
        let mut channels = match (network.pooling, network.blocks.last()) {
            (Pooling::Flatten, Some(block)) => block.conv.out_channels,
            _ => 1,
        };
        let mut hidden = Vec::new();
        for (linear, prefix) in network.hidden.iter().zip(&prefixes.hidden) {
            hidden.push(Linear::new(linear, channels, prefix, weights));
            channels = 1;
        }
        let heads = network.heads.iter().zip(&prefixes.heads);
        let heads =
            heads.map(|(head, prefix)| Linear::new(&head.linear, channels, prefix, weights));
        Executor {
            convs: convs.collect(),
            heads: heads.collect(),
            hidden,
            network: network.clone(),
        }
    }

    /// The heads' outputs for a batch, one picture after the other on one core.
    ///
    /// `inputs` are normalised and `[batch, 3, height, width]`, the outputs `[batch, output_len]`;
    /// [`Network::output_range`] says where each head's are.
    ///
    /// # Panics
    ///
    /// If `inputs` is not a whole number of the network's inputs.
    pub fn run(&self, inputs: &[f32]) -> Vec<f32> {
        let one = self.network.input_len();
        assert_eq!(inputs.len() % one, 0, "an input is {one} numbers");
        let mut outputs = Vec::with_capacity(inputs.len() / one * self.network.output_len());
        let mut scratch = Scratch::default();
        for input in inputs.chunks_exact(one) {
            self.forward(input, &mut scratch);
            for head in &self.heads {
                head.apply(&scratch.activations, &mut outputs);
            }
        }
        outputs
    }

    /// Runs everything but the heads; what they read is left in `scratch.activations`.
    fn forward(&self, input: &[f32], scratch: &mut Scratch) {
        channels_last(input, self.network.input.pixels(), &mut scratch.activations);
        for conv in &self.convs {
            conv.apply(scratch);
        }
        let Scratch {
            activations, next, ..
        } = scratch;
        if let (Pooling::Mean, Some(block)) = (self.network.pooling, self.network.blocks.last()) {
            marquee_kernels::mean(activations, block.conv.out_channels, next);
            std::mem::swap(activations, next);
        }
        for hidden in &self.hidden {
            next.clear();
            hidden.apply(activations, next);
            for value in next.iter_mut() {
                *value = value.max(0.0);
            }
            std::mem::swap(activations, next);
        }
    }
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
