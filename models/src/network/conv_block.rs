//! The block that all convolutional parts consist of.

use marquee_kernels::{Activation, Convolution};

use super::size::Size;

/// A residual connection adds the input of the block this many places before the one it ends in: an
/// inverted bottleneck (Sandler et al. 2018) is one block that widens, one depthwise, one that
/// narrows.
pub const RESIDUAL: usize = 2;

/// Convolution with a square kernel, padded by half of it, batch norm and an activation; perhaps a
/// max-pool, or a residual connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvBlock {
    /// Channels of the input.
    pub in_channels: usize,
    /// Channels of the output.
    pub out_channels: usize,
    /// Width and height of the input.
    pub size: Size,
    /// Side of the kernel in pixels, an odd number.
    pub kernel: usize,
    /// Pixels from one place of the kernel to the next, at least 1.
    pub stride: usize,
    /// Whether each channel is convolved on its own; then `out_channels` is `in_channels`.
    pub depthwise: bool,
    /// What follows batch norm.
    pub activation: Activation,
    /// Whether the convolution has a bias. It is useless in front of batch norm, but the student
    /// project's networks have one, since PyTorch's `Conv2d` has one by default.
    pub bias: bool,
    /// Whether a 2×2 max-pool (PyTorch's `MaxPool2d(2)`) halves width and height at the end.
    pub pool: bool,
    /// Whether the input of the block [`RESIDUAL`] places earlier is added at the end (He et al.
    /// 2016). It must have the shape of the output.
    pub residual: bool,
}

impl ConvBlock {
    /// The block's convolution, as the kernels take it.
    pub fn convolution(&self) -> Convolution {
        Convolution {
            width: self.size.width,
            height: self.size.height,
            in_channels: self.in_channels,
            out_channels: self.out_channels,
            kernel: self.kernel,
            stride: self.stride,
            depthwise: self.depthwise,
            activation: self.activation,
        }
    }

    /// Width and height after the convolution, before the max-pool.
    fn convolved(&self) -> Size {
        let conv = self.convolution();
        Size {
            width: conv.output_width(),
            height: conv.output_height(),
        }
    }

    /// Width and height of the output; the max-pool rounds both down.
    pub fn output_size(&self) -> Size {
        let Size { width, height } = self.convolved();
        match self.pool {
            true => Size {
                width: width / 2,
                height: height / 2,
            },
            false => Size { width, height },
        }
    }

    /// Multiply-adds of the convolution for one input.
    pub(super) fn multiply_adds(&self) -> usize {
        self.convolved().pixels() * self.convolution().taps() * self.out_channels
    }
}
