//! A model made ready to run.

use std::cell::RefCell;

use marquee_kernels::{Features, mean};

#[cfg(not(target_arch = "wasm32"))]
use super::bottleneck::Bottleneck;
use super::conv::Conv;
use super::linear::Linear;
use super::scratch::Scratch;
use crate::file::Model;
use crate::network::{CHANNELS, Network, Pooling, RESIDUAL, Size};

thread_local! {
    /// Kept from one poster to the next: a system takes longer to hand out so much memory than a
    /// network takes to fill it.
    static SCRATCH: RefCell<Scratch> = const { RefCell::new(Scratch::EMPTY) };
}

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
        for (layer, prefix) in network.hidden.iter().zip(&prefixes.hidden) {
            hidden.push(Linear::new(layer, channels, prefix, weights));
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
        for input in inputs.chunks_exact(one) {
            outputs.extend(self.outputs(&self.features(input)));
        }
        outputs
    }

    /// The pooled features of one normalised input: [`Network::feature_len`] numbers, which all heads
    /// read.
    ///
    /// # Panics
    ///
    /// If `input` is shorter than the network's.
    pub fn features(&self, input: &[f32]) -> Vec<f32> {
        SCRATCH.with_borrow_mut(|scratch| self.forward(input, scratch))
    }

    /// The heads' outputs for pooled features: [`Network::output_len`] numbers.
    ///
    /// # Panics
    ///
    /// If there are not as many features as [`Network::feature_len`].
    pub fn outputs(&self, features: &[f32]) -> Vec<f32> {
        let mut outputs = Vec::with_capacity(self.network.output_len());
        for head in &self.heads {
            head.apply(features, &mut outputs);
        }
        outputs
    }

    /// Runs everything but the heads, and returns what they read.
    fn forward(&self, input: &[f32], scratch: &mut Scratch) -> Vec<f32> {
        let border = |convs: &[Conv]| convs.first().map_or(0, |conv| conv.packed.shape.pad());
        let mut convs = &self.convs[..];
        channels_last(
            input,
            self.network.input,
            border(convs),
            &mut scratch.activations,
        );
        while let [conv, rest @ ..] = convs {
            #[cfg(not(target_arch = "wasm32"))]
            if let Some((bottleneck, rest)) = Bottleneck::first(convs) {
                bottleneck.run(border(rest), scratch);
                convs = rest;
                continue;
            }
            conv.run(border(rest), scratch);
            convs = rest;
        }
        let (mut pixels, mut channels) = (self.network.input.pixels(), CHANNELS);
        if let Some(last) = self.network.blocks.last() {
            (pixels, channels) = (last.output_size().pixels(), last.conv.out_channels);
        }
        let features = &scratch.activations[..pixels * channels];
        let mut features = match self.network.pooling {
            Pooling::Mean => mean(features, channels),
            Pooling::Flatten => features.to_vec(),
        };
        for hidden in &self.hidden {
            let mut output = Vec::new();
            hidden.apply(&features, &mut output);
            for value in &mut output {
                *value = value.max(0.0);
            }
            features = output;
        }
        features
    }
}

/// `[channels, height, width]` → `[height, width, channels]`, with this border.
fn channels_last(planes: &[f32], size: Size, border: usize, target: &mut Vec<f32>) {
    let shape = Features {
        width: size.width,
        height: size.height,
        channels: CHANNELS,
        border,
    };
    let target = shape.prepare(target);
    for (channel, plane) in planes.chunks_exact(size.pixels()).enumerate() {
        let rows = plane.chunks_exact(size.width);
        for (target, row) in target.chunks_exact_mut(shape.row()).zip(rows) {
            let pixels = target.chunks_exact_mut(CHANNELS).skip(border);
            for (pixel, value) in pixels.zip(row) {
                pixel[channel] = *value;
            }
        }
    }
}
