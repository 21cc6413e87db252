//! The shape of a block.

use super::spatial::Spatial;
use crate::Convolution;

/// A convolution with batch norm, its activation and perhaps a 2×2 max-pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// The convolution, and the activation.
    pub conv: Convolution,
    /// Whether a 2×2 max-pool halves width and height at the end (PyTorch's `MaxPool2d(2)`); a last
    /// odd row or column is left out.
    pub pool: bool,
}

impl Block {
    /// Numbers in one sample's input: height × width × `in_channels`.
    pub fn input_len(&self) -> usize {
        self.conv.width * self.conv.height * self.conv.in_channels
    }

    /// Width and height of the output.
    pub fn output_size(&self) -> (usize, usize) {
        let (width, height) = (self.conv.output_width(), self.conv.output_height());
        match self.pool {
            true => (width / 2, height / 2),
            false => (width, height),
        }
    }

    /// Numbers in one sample's output: height × width × `out_channels`.
    pub fn output_len(&self) -> usize {
        let (width, height) = self.output_size();
        width * height * self.conv.out_channels
    }

    /// Numbers in the convolution's output for one sample, before the max-pool.
    pub(super) fn convolved_len(&self) -> usize {
        self.conv.output_width() * self.conv.output_height() * self.conv.out_channels
    }

    /// The convolution's weights, if they are laid out for its passes.
    pub(super) fn spatial(&self, weights: &[f32]) -> Option<Spatial> {
        let spatial = !self.conv.depthwise && !self.conv.pointwise();
        spatial.then(|| Spatial::new(&self.conv, weights))
    }

    /// Samples in an input of this length.
    ///
    /// # Panics
    ///
    /// If it is not a whole number of them.
    pub(super) fn samples(&self, input_len: usize) -> usize {
        assert_eq!(input_len % self.input_len(), 0, "whole samples");
        input_len / self.input_len()
    }
}
