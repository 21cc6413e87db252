//! A network's layers on one of Burn's devices.

use burn::module::{Module, Param, ParamGroup, RunningState};
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor, TensorData};

use super::block::Block;
#[cfg(all(feature = "training", not(target_arch = "wasm32")))]
use super::fused;
use crate::file::{Model, Weights};
use crate::network::{self, Network, Pooling, RESIDUAL};

/// A network's layers on a device.
#[derive(Module, Debug)]
pub struct Net {
    blocks: Vec<Block>,
    #[module(skip)]
    pooling: Pooling,
    hidden: Vec<Linear>,
    heads: Vec<Linear>,
}

impl Net {
    /// An untrained network: convolutions Kaiming-uniform (He et al. 2015), linear layers as in
    /// PyTorch. The random numbers follow from the device's seed.
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
            pooling: network.pooling,
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
    /// If `weights` lacks a tensor of the network.
    pub fn with_weights(mut self, network: &Network, weights: &Weights, device: &Device) -> Net {
        let prefixes = network.prefixes();
        let from = &(weights, device);
        for (block, (conv, norm)) in self.blocks.iter_mut().zip(&prefixes.blocks) {
            block.conv.weight = Param::from_tensor(load(from, conv, "weight"));
            if let Some(bias) = &mut block.conv.bias {
                *bias = Param::from_tensor(load(from, conv, "bias"));
            }
            block.norm.gamma = Param::from_tensor(load(from, norm, "weight"));
            block.norm.beta = Param::from_tensor(load(from, norm, "bias"));
            block.norm.running_mean = RunningState::new(load(from, norm, "running_mean"));
            block.norm.running_var = RunningState::new(load(from, norm, "running_var"));
        }
        let linears = self.hidden.iter_mut().chain(&mut self.heads);
        for (linear, prefix) in linears.zip(prefixes.linears()) {
            linear.weight = Param::from_tensor(load_transposed(from, prefix, "weight"));
            linear.bias = Some(Param::from_tensor(load(from, prefix, "bias")));
        }
        self
    }

    /// The network whose first `count` blocks learn nothing: their weights get no gradient, and batch norm normalises
    /// by its running mean and variance, which stay as they are.
    pub fn freeze_blocks(mut self, count: usize) -> Net {
        let blocks = self.blocks.into_iter().enumerate();
        self.blocks = blocks
            .map(|(index, block)| match index < count {
                true => block.freeze(),
                false => block,
            })
            .collect();
        self
    }

    /// The parameters of the convolutional blocks, without linear layers and heads.
    pub fn block_parameters(&self) -> ParamGroup {
        ParamGroup::ids_from_module(self.blocks.clone())
    }

    /// The weights, under PyTorch's names and in its layout. `network` is the one that this was made
    /// from, and gives the names. Panics if the device fails.
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
            let weight = linear.weight.val().transpose();
            store(&mut weights, prefix, "weight", weight);
            if let Some(bias) = &linear.bias {
                store(&mut weights, prefix, "bias", bias.val());
            }
        }
        weights
    }

    /// Moves the weights towards another network's of the same shape by this share of the way, from 0 to 1:
    /// how an exponential moving average follows training (Polyak & Juditsky 1992). It stays on the device.
    pub fn approach(&mut self, other: &Net, share: f64) {
        for (own, other) in self.blocks.iter_mut().zip(&other.blocks) {
            approach(&mut own.conv.weight, &other.conv.weight, share);
            if let (Some(own), Some(other)) = (&mut own.conv.bias, &other.conv.bias) {
                approach(own, other, share);
            }
            let (own, other) = (&mut own.norm, &other.norm);
            approach(&mut own.gamma, &other.gamma, share);
            approach(&mut own.beta, &other.beta, share);
            for (own, other) in [
                (&own.running_mean, &other.running_mean),
                (&own.running_var, &other.running_var),
            ] {
                own.update(between(own.value_sync(), other.value_sync(), share));
            }
        }
        let linears = self.hidden.iter_mut().chain(&mut self.heads);
        for (own, other) in linears.zip(other.hidden.iter().chain(&other.heads)) {
            approach(&mut own.weight, &other.weight, share);
            if let (Some(own), Some(other)) = (&mut own.bias, &other.bias) {
                approach(own, other, share);
            }
        }
    }

    /// The heads' outputs, `[batch, output_len]`, for normalised inputs `[batch, 3, height, width]`;
    /// [`Network::output_range`] says where each head's are. Panics if a layer can't take inputs of this
    /// shape, or the device fails.
    ///
    /// On a CPU device that records gradients, each block is one operation, and batch norm takes the
    /// batch's own mean and variance; elsewhere Burn's layers are used.
    pub fn forward(&self, inputs: Tensor<4>) -> Tensor<2> {
        self.outputs(self.features(inputs))
    }

    /// The same through Burn's own layers on every device, to compare with.
    pub fn forward_by_layers(&self, inputs: Tensor<4>) -> Tensor<2> {
        self.outputs(self.features_by_layers(inputs))
    }

    /// The pooled features, `[batch, feature_len]`, which all heads read; otherwise like [`forward`](Self::forward).
    pub fn features(&self, inputs: Tensor<4>) -> Tensor<2> {
        #[cfg(all(feature = "training", not(target_arch = "wasm32")))]
        if fused::applies(&inputs) {
            let features = self.through_blocks(inputs.permute([0, 2, 3, 1]), Block::forward_fused);
            return self.through_hidden(match self.pooling {
                Pooling::Mean => features.flatten::<3>(1, 2).mean_dim(1).squeeze_dim(1),
                Pooling::Flatten => features.permute([0, 3, 1, 2]).flatten(1, 3),
            });
        }
        self.features_by_layers(inputs)
    }

    fn features_by_layers(&self, inputs: Tensor<4>) -> Tensor<2> {
        let features = self.through_blocks(inputs, Block::forward);
        self.through_hidden(match self.pooling {
            Pooling::Mean => features.flatten::<3>(2, 3).mean_dim(2).squeeze_dim(2),
            Pooling::Flatten => features.flatten(1, 3),
        })
    }

    fn through_hidden(&self, pooled: Tensor<2>) -> Tensor<2> {
        let hidden = self.hidden.iter();
        hidden.fold(pooled, |features, layer| relu(layer.forward(features)))
    }

    /// The heads' outputs for pooled features.
    fn outputs(&self, features: Tensor<2>) -> Tensor<2> {
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
                && end.shape.residual
            {
                remembered = Some(features.clone());
            }
            let skip = remembered.take_if(|_| block.shape.residual);
            features = forward(block, features, skip);
        }
        features
    }
}

fn approach<const D: usize>(own: &mut Param<Tensor<D>>, other: &Param<Tensor<D>>, share: f64) {
    *own = Param::from_tensor(between(own.val(), other.val(), share));
}

/// The tensor that lies this share of the way from one to another.
fn between<const D: usize>(from: Tensor<D>, to: Tensor<D>, share: f64) -> Tensor<D> {
    from.clone() + (to - from).mul_scalar(share)
}

/// A tensor of the weights, on the device.
fn load<const D: usize>(
    (weights, device): &(&Weights, &Device),
    prefix: &str,
    field: &str,
) -> Tensor<D> {
    let name = format!("{prefix}.{field}");
    let (values, shape) = (weights.values(&name), weights.shape(&name));
    Tensor::from_data(TensorData::new(values.to_vec(), shape.to_vec()), *device)
}

/// A matrix of the weights with rows and columns exchanged: Burn's linear weight is `[in_features,
/// out_features]`. The numbers themselves change places. If only the strides did, products would be summed in
/// another order, and a run that goes on with weights from a checkpoint would round differently.
fn load_transposed(
    (weights, device): &(&Weights, &Device),
    prefix: &str,
    field: &str,
) -> Tensor<2> {
    let name = format!("{prefix}.{field}");
    let (values, shape) = (weights.values(&name), weights.shape(&name));
    let columns = shape[1];
    let transposed = (0..values.len()).map(|at| {
        let (row, column) = (at % shape[0], at / shape[0]);
        values[row * columns + column]
    });
    let transposed = TensorData::new(transposed.collect::<Vec<f32>>(), [columns, shape[0]]);
    Tensor::from_data(transposed, *device)
}

fn store<const D: usize>(weights: &mut Weights, prefix: &str, field: &str, tensor: Tensor<D>) {
    let data = tensor.into_data().convert::<f32>();
    let shape = data.shape().to_vec();
    let values = data
        .try_into_vec()
        .expect("the data was just converted to f32");
    weights.insert(format!("{prefix}.{field}"), shape, values);
}
