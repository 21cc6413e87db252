//! The Burn executor: training on any of Burn's devices, and WebGPU in the page. It is the
//! reference that the small executor is tested against.

mod block;
#[cfg(feature = "training")]
mod fused;

use burn::module::{Module, Param, RunningState};
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor, TensorData};

use crate::file::{Model, Weights};
use crate::network::{self, Network, Pooling, RESIDUAL};
use block::Block;

/// A network's layers on a device.
#[derive(Module, Debug)]
pub struct Net {
    blocks: Vec<Block>,
    #[module(skip)]
    mean: bool,
    hidden: Vec<Linear>,
    heads: Vec<Linear>,
}

impl Net {
    /// An untrained network: convolutions Kaiming-uniform (He et al. 2015), linear layers as in
    /// PyTorch. What it draws is set by the device's seed.
    pub fn init(network: &Network, device: &Device) -> Net {
        let blocks = network
            .blocks
            .iter()
            .map(|block| Block::init(block, device));
        let linear = |linear: &network::Linear| {
            LinearConfig::new(linear.in_features, linear.out_features).init(device)
        };
        Net {
            blocks: blocks.collect(),
            mean: network.pooling == Pooling::Mean,
            hidden: network.hidden.iter().map(linear).collect(),
            heads: network
                .heads
                .iter()
                .map(|head| linear(&head.linear))
                .collect(),
        }
    }

    /// A trained network.
    pub fn new(model: &Model, device: &Device) -> Net {
        Net::init(model.network(), device).with_weights(model.network(), model.weights(), device)
    }

    /// The network with these weights.
    ///
    /// # Panics
    ///
    /// Where they are not those of the network.
    pub fn with_weights(mut self, network: &Network, weights: &Weights, device: &Device) -> Net {
        let prefixes = network.prefixes();
        for (block, (conv, norm)) in self.blocks.iter_mut().zip(&prefixes.blocks) {
            let load = Loader { weights, device };
            block.conv.weight = Param::from_tensor(load.tensor(conv, "weight"));
            if let Some(bias) = &mut block.conv.bias {
                *bias = Param::from_tensor(load.tensor(conv, "bias"));
            }
            block.norm.gamma = Param::from_tensor(load.tensor(norm, "weight"));
            block.norm.beta = Param::from_tensor(load.tensor(norm, "bias"));
            block.norm.running_mean = RunningState::new(load.tensor(norm, "running_mean"));
            block.norm.running_var = RunningState::new(load.tensor(norm, "running_var"));
        }
        let linears = self.hidden.iter_mut().chain(&mut self.heads);
        for (linear, prefix) in linears.zip(prefixes.linears()) {
            let load = Loader { weights, device };
            // Burn's linear weight is [in, out]
            linear.weight = Param::from_tensor(load.tensor::<2>(prefix, "weight").transpose());
            linear.bias = Some(Param::from_tensor(load.tensor(prefix, "bias")));
        }
        self
    }

    /// Reads the weights back, under PyTorch's names and in its layout.
    pub fn weights(&self, network: &Network) -> Weights {
        let prefixes = network.prefixes();
        let mut weights = Weights::default();
        for (block, (conv, norm)) in self.blocks.iter().zip(&prefixes.blocks) {
            store(&mut weights, conv, "weight", block.conv.weight.val());
            if let Some(bias) = &block.conv.bias {
                store(&mut weights, conv, "bias", bias.val());
            }
            store(&mut weights, norm, "weight", block.norm.gamma.val());
            store(&mut weights, norm, "bias", block.norm.beta.val());
            let (mean, var) = (&block.norm.running_mean, &block.norm.running_var);
            store(&mut weights, norm, "running_mean", mean.value_sync());
            store(&mut weights, norm, "running_var", var.value_sync());
        }
        let linears = self.hidden.iter().chain(&self.heads);
        for (linear, prefix) in linears.zip(prefixes.linears()) {
            store(
                &mut weights,
                prefix,
                "weight",
                linear.weight.val().transpose(),
            );
            if let Some(bias) = &linear.bias {
                store(&mut weights, prefix, "bias", bias.val());
            }
        }
        weights
    }

    /// What the heads answer, `[batch, outputs]`, to normalised inputs `[batch, 3, height, width]`;
    /// see [`Network::output_range`].
    pub fn forward(&self, inputs: Tensor<4>) -> Tensor<2> {
        #[cfg(feature = "training")]
        if fused::applies(&inputs) {
            let features = self.through_blocks(inputs.permute([0, 2, 3, 1]), Block::forward_fused);
            let features = match self.mean {
                true => features.flatten::<3>(1, 2).mean_dim(1).squeeze_dim(1),
                false => features.permute([0, 3, 1, 2]).flatten(1, 3),
            };
            return self.answers(features);
        }
        self.forward_by_layers(inputs)
    }

    /// The same through Burn's own layers, on every device: what training on a CPU is compared to.
    pub fn forward_by_layers(&self, inputs: Tensor<4>) -> Tensor<2> {
        let features = self.through_blocks(inputs, Block::forward);
        self.answers(match self.mean {
            true => features.flatten::<3>(2, 3).mean_dim(2).squeeze_dim(2),
            false => features.flatten(1, 3),
        })
    }

    /// From what the blocks give to what the heads answer.
    fn answers(&self, features: Tensor<2>) -> Tensor<2> {
        let features = self
            .hidden
            .iter()
            .fold(features, |features, layer| relu(layer.forward(features)));
        let heads = self.heads.iter();
        Tensor::cat(
            heads.map(|head| head.forward(features.clone())).collect(),
            1,
        )
    }

    fn through_blocks(
        &self,
        inputs: Tensor<4>,
        forward: impl Fn(&Block, Tensor<4>, Option<Tensor<4>>) -> Tensor<4>,
    ) -> Tensor<4> {
        let (mut features, mut remembered) = (inputs, None);
        for (index, block) in self.blocks.iter().enumerate() {
            if let Some(end) = self.blocks.get(index + RESIDUAL)
                && end.residual
            {
                remembered = Some(features.clone());
            }
            let skip = remembered.take_if(|_| block.residual);
            features = forward(block, features, skip);
        }
        features
    }
}

struct Loader<'a> {
    weights: &'a Weights,
    device: &'a Device,
}

impl Loader<'_> {
    fn tensor<const D: usize>(&self, prefix: &str, field: &str) -> Tensor<D> {
        let name = format!("{prefix}.{field}");
        let values = self.weights.values(&name).to_vec();
        let shape = self.weights.shape(&name).to_vec();
        Tensor::from_data(TensorData::new(values, shape), self.device)
    }
}

fn store<const D: usize>(weights: &mut Weights, prefix: &str, field: &str, tensor: Tensor<D>) {
    let data = tensor.into_data().convert::<f32>();
    let shape = data.shape().to_vec();
    let values = data
        .try_into_vec()
        .expect("the data was just converted to f32");
    weights.insert(format!("{prefix}.{field}"), shape, values);
}
