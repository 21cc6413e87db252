//! The Burn executor: training on any of Burn's devices, and WebGPU in the page. It is the
//! reference that the small executor is tested against.

use burn::module::{Module, Param, RunningState};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Initializer, Linear, LinearConfig, PaddingConfig2d};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor, TensorData};

use crate::file::{Model, Weights};
use crate::network::{BATCH_NORM_EPSILON, ConvBlock, KERNEL, Network, Prefixes};

/// A network's layers on a device.
#[derive(Module, Debug)]
pub struct Net {
    blocks: Vec<Block>,
    linears: Vec<Linear>,
}

#[derive(Module, Debug)]
struct Block {
    conv: Conv2d,
    norm: BatchNorm,
    pool: Option<MaxPool2d>,
}

impl Net {
    /// An untrained network: convolutions Kaiming-uniform (He et al. 2015), linear layers as in
    /// PyTorch. What it draws is set by the device's seed.
    pub fn init(network: &Network, device: &Device) -> Net {
        let blocks = network
            .blocks
            .iter()
            .map(|block| Block::init(block, device));
        let linears = network.linears.iter();
        Net {
            blocks: blocks.collect(),
            linears: linears
                .map(|linear| LinearConfig::new(linear.inputs, linear.outputs).init(device))
                .collect(),
        }
    }

    /// A trained network.
    pub fn new(model: &Model, device: &Device) -> Net {
        Net::init(model.network(), device).with_weights(
            model.network().prefixes(),
            model.weights(),
            device,
        )
    }

    fn with_weights(mut self, prefixes: Prefixes, weights: &Weights, device: &Device) -> Net {
        for (block, (conv, norm)) in self.blocks.iter_mut().zip(&prefixes.blocks) {
            let load = Loader { weights, device };
            block.conv.weight = Param::from_tensor(load.tensor(conv, "weight"));
            block.conv.bias = Some(Param::from_tensor(load.tensor(conv, "bias")));
            block.norm.gamma = Param::from_tensor(load.tensor(norm, "weight"));
            block.norm.beta = Param::from_tensor(load.tensor(norm, "bias"));
            block.norm.running_mean = RunningState::new(load.tensor(norm, "running_mean"));
            block.norm.running_var = RunningState::new(load.tensor(norm, "running_var"));
        }
        for (linear, prefix) in self.linears.iter_mut().zip(&prefixes.linears) {
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
        for (linear, prefix) in self.linears.iter().zip(&prefixes.linears) {
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

    /// Logits `[batch, classes]` of normalised inputs `[batch, 3, height, width]`.
    pub fn forward(&self, inputs: Tensor<4>) -> Tensor<2> {
        let features = self
            .blocks
            .iter()
            .fold(inputs, |features, block| block.forward(features));
        let mut layers = self.linears.iter();
        let first = layers
            .next()
            .map(|layer| layer.forward(features.clone().flatten(1, 3)));
        let first = first.unwrap_or_else(|| features.flatten(1, 3));
        layers.fold(first, |hidden, layer| layer.forward(relu(hidden)))
    }
}

impl Block {
    fn init(block: &ConvBlock, device: &Device) -> Block {
        let initializer = Initializer::KaimingUniform {
            gain: std::f64::consts::SQRT_2,
            fan_out_only: false,
        };
        Block {
            conv: Conv2dConfig::new([block.inputs, block.outputs], [KERNEL, KERNEL])
                .with_padding(PaddingConfig2d::Same)
                .with_initializer(initializer)
                .init(device),
            norm: BatchNormConfig::new(block.outputs)
                .with_epsilon(f64::from(BATCH_NORM_EPSILON))
                .init(device),
            pool: block
                .pool
                .then(|| MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init()),
        }
    }

    fn forward(&self, features: Tensor<4>) -> Tensor<4> {
        let features = relu(self.norm.forward(self.conv.forward(features)));
        match &self.pool {
            Some(pool) => pool.forward(features),
            None => features,
        }
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
