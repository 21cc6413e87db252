//! Puts a network together, layer by layer, each with the shape that the last one leaves.

use marquee_kernels::{Activation, Convolution};

use super::conv_block::ConvBlock;
use super::heads::{Head, Linear, Pooling, Task};
use super::prefixes::Naming;
use super::size::{CHANNELS, Size};

/// A network's layers so far. First come the convolutions, then [`pool`](Self::pool), then linear
/// layers, then heads.
pub(super) struct Builder {
    pub(super) input: Size,
    pub(super) naming: Naming,
    pub(super) blocks: Vec<ConvBlock>,
    pub(super) pooling: Pooling,
    pub(super) hidden: Vec<Linear>,
    pub(super) heads: Vec<Head>,
    /// What the last block leaves.
    channels: usize,
    size: Size,
    /// What pooling and the last hidden layer leave.
    features: usize,
}

impl Builder {
    pub(super) fn new(input: Size, naming: Naming) -> Builder {
        Builder {
            input,
            naming,
            blocks: Vec::new(),
            pooling: Pooling::Flatten,
            hidden: Vec::new(),
            heads: Vec::new(),
            channels: CHANNELS,
            size: input,
            features: 0,
        }
    }

    /// Adds a 3×3 convolution with stride 1 and a ReLU; `change` may make it another one.
    pub(super) fn conv(&mut self, out_channels: usize, change: impl FnOnce(&mut ConvBlock)) {
        let conv = Convolution {
            width: self.size.width,
            height: self.size.height,
            in_channels: self.channels,
            out_channels,
            kernel: 3,
            stride: 1,
            depthwise: false,
            activation: Activation::Relu,
        };
        let mut block = ConvBlock {
            conv,
            bias: false,
            pool: false,
            residual: false,
        };
        change(&mut block);
        (self.channels, self.size) = (out_channels, block.output_size());
        self.blocks.push(block);
    }

    /// Adds an inverted bottleneck (Sandler et al. 2018): a 1×1 convolution to `expansion` times the
    /// channels (none if that is 1), a depthwise one with this kernel and stride, and a linear 1×1
    /// convolution to `out_channels`. A residual connection reaches over all three where the shape
    /// stays the same.
    pub(super) fn bottleneck(
        &mut self,
        expansion: usize,
        out_channels: usize,
        kernel: usize,
        stride: usize,
    ) {
        let (in_channels, wide) = (self.channels, self.channels * expansion);
        if expansion > 1 {
            self.conv(wide, |block| {
                block.conv.kernel = 1;
                block.conv.activation = Activation::Relu6;
            });
        }
        self.conv(wide, |block| {
            (block.conv.kernel, block.conv.stride) = (kernel, stride);
            block.conv.depthwise = true;
            block.conv.activation = Activation::Relu6;
        });
        self.conv(out_channels, |block| {
            block.conv.kernel = 1;
            block.conv.activation = Activation::None;
            block.residual = expansion > 1 && stride == 1 && in_channels == out_channels;
        });
    }

    /// Ends the convolutional part.
    pub(super) fn pool(&mut self, pooling: Pooling) {
        self.pooling = pooling;
        self.features = match pooling {
            Pooling::Flatten => self.channels * self.size.pixels(),
            Pooling::Mean => self.channels,
        };
    }

    /// Adds a linear layer with a ReLU.
    pub(super) fn hidden(&mut self, out_features: usize) {
        self.hidden.push(self.linear(out_features));
        self.features = out_features;
    }

    /// Adds a head, unless it has nothing to answer.
    pub(super) fn head(&mut self, task: Task, out_features: usize) {
        if out_features > 0 {
            let linear = self.linear(out_features);
            self.heads.push(Head { task, linear });
        }
    }

    fn linear(&self, out_features: usize) -> Linear {
        Linear {
            in_features: self.features,
            out_features,
        }
    }
}
