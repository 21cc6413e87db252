//! The block that all convolutional parts consist of.

use marquee_kernels::Convolution;

use super::size::Size;

/// A residual connection adds the input of the block this many places before the one it ends in: an
/// inverted bottleneck (Sandler et al. 2018) is one block that widens, one depthwise, one that
/// narrows.
pub const RESIDUAL: usize = 2;

/// A convolution, batch norm and an activation; perhaps a max-pool, or a residual connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvBlock {
    /// The convolution, and the activation that follows batch norm.
    pub conv: Convolution,
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
    /// Width and height of the output; the max-pool rounds both down.
    pub fn output_size(&self) -> Size {
        let stride = if self.pool { 2 } else { 1 };
        Size {
            width: self.conv.output_width() / stride,
            height: self.conv.output_height() / stride,
        }
    }
}
