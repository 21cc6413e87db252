//! A convolutional block on one of Burn's devices.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Initializer, PaddingConfig2d};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

use crate::network::{Activation, BATCH_NORM_EPSILON, ConvBlock};

/// A [`ConvBlock`]'s layers on a device.
#[derive(Module, Debug)]
pub(super) struct Block {
    pub(super) conv: Conv2d,
    pub(super) norm: BatchNorm,
    pool: Option<MaxPool2d>,
    #[module(skip)]
    pub(super) shape: ConvBlock,
}

impl Block {
    pub(super) fn init(block: &ConvBlock, device: &Device) -> Block {
        let initializer = Initializer::KaimingUniform {
            gain: std::f64::consts::SQRT_2,
            fan_out_only: false,
        };
        let shape = block.conv;
        let pad = shape.pad();
        Block {
            conv: Conv2dConfig::new([shape.in_channels, shape.out_channels], [shape.kernel; 2])
                .with_stride([shape.stride; 2])
                .with_groups(shape.groups())
                .with_padding(PaddingConfig2d::Explicit(pad, pad, pad, pad))
                .with_bias(block.bias)
                .with_initializer(initializer)
                .init(device),
            norm: BatchNormConfig::new(shape.out_channels)
                .with_epsilon(f64::from(BATCH_NORM_EPSILON))
                .init(device),
            pool: block
                .pool
                .then(|| MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init()),
            shape: *block,
        }
    }

    /// `features` are `[batch, channels, height, width]`; `skip` is what a residual connection adds.
    pub(super) fn forward(&self, features: Tensor<4>, skip: Option<Tensor<4>>) -> Tensor<4> {
        let features = self.norm.forward(self.conv.forward(features));
        let activation = self.shape.conv.activation;
        let features = match activation {
            Activation::None => features,
            Activation::Relu => relu(features),
            Activation::Relu6 => {
                let (low, high) = activation.bounds();
                features.clamp(low, high)
            }
        };
        let features = match &self.pool {
            Some(pool) => pool.forward(features),
            None => features,
        };
        match skip {
            Some(skip) => features + skip,
            None => features,
        }
    }

    /// The same for features `[batch, height, width, channels]`, as one operation that normalises by the
    /// batch's own mean and variance, or if the block is frozen by the running ones.
    #[cfg(all(feature = "training", not(target_arch = "wasm32")))]
    pub(super) fn forward_fused(&self, features: Tensor<4>, skip: Option<Tensor<4>>) -> Tensor<4> {
        use super::fused::{self, Parameters};

        let block = marquee_kernels::training::Block {
            conv: self.shape.conv,
            pool: self.shape.pool,
        };
        let parameters = Parameters {
            conv: self.conv.weight.val(),
            gamma: self.norm.gamma.val(),
            beta: self.norm.beta.val(),
        };
        if !self.norm.training.is_enabled() {
            let statistics = [&self.norm.running_mean, &self.norm.running_var];
            let statistics = statistics.map(|running| running.value_sync());
            return fused::forward_frozen(
                block,
                features,
                skip,
                parameters,
                statistics,
                BATCH_NORM_EPSILON,
            );
        }
        let output = fused::forward(block, features, skip, parameters, BATCH_NORM_EPSILON);
        self.update_running(&output.mean, &output.variance);
        output.features
    }

    /// Moves batch norm's running mean and variance towards a batch's.
    ///
    /// The fused operation ignores the convolution's bias, which batch norm subtracts again: it
    /// shifts the mean and nothing else, and its gradient is zero.
    #[cfg(all(feature = "training", not(target_arch = "wasm32")))]
    fn update_running(&self, mean: &[f32], variance: &[f32]) {
        let norm = &self.norm;
        let device = norm.running_mean.value_sync().device();
        let mut mean = Tensor::<1>::from_floats(mean, &device);
        if let Some(bias) = &self.conv.bias {
            mean = mean + bias.val().inner();
        }
        let variance = Tensor::<1>::from_floats(variance, &device);
        for (running, new) in [(&norm.running_mean, mean), (&norm.running_var, variance)] {
            let old = running.value_sync().mul_scalar(1.0 - norm.momentum);
            running.update(old + new.mul_scalar(norm.momentum));
        }
    }
}

#[cfg(all(test, feature = "training", not(target_arch = "wasm32")))]
mod tests {
    use burn::tensor::{Distribution, TensorData, Tolerance};
    use marquee_kernels::Convolution;

    use super::*;
    use crate::network::Size;

    const PLAIN: ConvBlock = ConvBlock {
        conv: Convolution {
            width: 11,
            height: 14,
            in_channels: 3,
            out_channels: 5,
            kernel: 3,
            stride: 1,
            depthwise: false,
            activation: Activation::Relu,
        },
        bias: false,
        pool: false,
        residual: false,
    };

    /// Two blocks' output, their running statistics, and the gradients of a weighted sum of the output
    /// with respect to the input and the blocks' weights.
    fn run([first, second]: [ConvBlock; 2], fused: bool) -> Vec<TensorData> {
        let device = Device::flex().autodiff();
        device.seed(5);
        let blocks = [Block::init(&first, &device), Block::init(&second, &device)];
        let draw = |shape| Tensor::<4>::random(shape, Distribution::Normal(0.3, 1.0), &device);
        let conv = first.conv;
        let input = draw([19, conv.in_channels, conv.height, conv.width]).require_grad();
        let Size { width, height } = second.output_size();
        let weights = draw([19, second.conv.out_channels, height, width]);

        let skip = |input: Tensor<4>| second.residual.then_some(input);
        let output = if fused {
            let input = input.clone().permute([0, 2, 3, 1]);
            let between = blocks[0].forward_fused(input.clone(), None);
            let output = blocks[1].forward_fused(between, skip(input));
            output.permute([0, 3, 1, 2])
        } else {
            let between = blocks[0].forward(input.clone(), None);
            blocks[1].forward(between, skip(input.clone()))
        };
        let gradients = (output.clone() * weights).sum().backward();
        let mut results = vec![output.into_data()];
        results.extend(input.grad(&gradients).map(Tensor::into_data));
        for Block { conv, norm, .. } in &blocks {
            let vectors = [norm.gamma.val(), norm.beta.val()];
            results.extend(conv.weight.val().grad(&gradients).map(Tensor::into_data));
            results.extend(vectors.map(|vector| {
                let gradient = vector.grad(&gradients);
                gradient.expect("batch norm has a gradient").into_data()
            }));
            results.push(norm.running_mean.value_sync().into_data());
            results.push(norm.running_var.value_sync().into_data());
        }
        assert_eq!(results.len(), 12);
        results
    }

    type Change = fn(&mut ConvBlock);

    #[test]
    fn one_operation_gives_what_burns_layers_give() {
        let pointwise: Change =
            |block| (block.conv.kernel, block.conv.activation) = (1, Activation::None);
        let depthwise: Change = |block| {
            (
                block.conv.in_channels,
                block.conv.kernel,
                block.conv.depthwise,
            ) = (5, 5, true);
            block.conv.activation = Activation::Relu6;
        };
        let pooled: Change = |block| (block.pool, block.bias) = (true, true);
        let strided: Change = |block| {
            (
                block.conv.kernel,
                block.conv.stride,
                block.conv.out_channels,
            ) = (5, 2, 3);
        };
        let large: Change = |block| {
            (block.conv.width, block.conv.height) = (33, 31);
            block.pool = true;
        };
        // channels that fill registers
        let wide: Change = |block| (block.conv.out_channels, block.conv.stride) = (24, 2);
        let wide_and_pooled: Change = |block| {
            (block.conv.out_channels, block.pool) = (16, true);
            block.conv.activation = Activation::Relu6;
        };
        let cases: [[Change; 2]; 10] = [
            [pointwise, |block| {
                (block.conv.depthwise, block.conv.stride) = (true, 2);
                block.conv.activation = Activation::Relu6;
            }],
            [depthwise, |block| {
                (block.conv.kernel, block.residual) = (1, true);
                block.conv.activation = Activation::None;
            }],
            [depthwise, |block| {
                (block.conv.depthwise, block.pool) = (true, true)
            }],
            [pooled, |block| block.conv.out_channels = 4],
            [pooled, |block| block.pool = true],
            [strided, |block| block.conv.stride = 2],
            [
                |block| block.conv.in_channels = 5,
                |block| block.residual = true,
            ],
            [large, |_| ()],
            [wide, wide_and_pooled],
            [wide_and_pooled, wide],
        ];
        for changes in cases {
            let mut blocks = [PLAIN; 2];
            changes[0](&mut blocks[0]);
            let Size { width, height } = blocks[0].output_size();
            blocks[1].conv = Convolution {
                width,
                height,
                in_channels: blocks[0].conv.out_channels,
                ..PLAIN.conv
            };
            changes[1](&mut blocks[1]);
            let results = run(blocks, false).into_iter().zip(run(blocks, true));
            for (burns, ours) in results {
                burns.assert_approx_eq::<f32>(&ours, Tolerance::rel_abs(1e-3, 1e-3));
            }
        }
    }
}
