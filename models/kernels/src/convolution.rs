//! Convolutions of one picture.

use crate::activation::Activation;
use crate::convolve::{self, Convolve, LANES, Lanes};
use crate::features::Features;

/// The shape of a convolution with a square kernel, padded by half of it (PyTorch's `Conv2d` with
/// `padding=kernel // 2`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convolution {
    /// Pixels in a row of the input, at least 1.
    pub width: usize,
    /// Rows of the input, at least 1.
    pub height: usize,
    /// Channels of the input.
    pub in_channels: usize,
    /// Channels of the output.
    pub out_channels: usize,
    /// Side of the kernel in pixels, an odd number.
    pub kernel: usize,
    /// Pixels from one place of the kernel to the next, at least 1.
    pub stride: usize,
    /// Whether each channel is convolved on its own; then `out_channels` is `in_channels`.
    pub depthwise: bool,
    /// What becomes of the output.
    pub activation: Activation,
}

impl Convolution {
    /// Width of the border of zeros around the input, in pixels.
    pub const fn pad(&self) -> usize {
        self.kernel / 2
    }

    /// How many numbers of the input one number of the output is computed from.
    pub const fn taps(&self) -> usize {
        self.kernel * self.kernel * self.in_channels_per_group()
    }

    /// How many channels of the input one channel of the output is computed from.
    pub const fn in_channels_per_group(&self) -> usize {
        if self.depthwise { 1 } else { self.in_channels }
    }

    /// Groups of channels that do not see each other (PyTorch's `groups`).
    pub const fn groups(&self) -> usize {
        if self.depthwise { self.in_channels } else { 1 }
    }

    /// Whether each output pixel is computed from the input pixel at the same place alone.
    pub const fn pointwise(&self) -> bool {
        self.kernel == 1 && self.stride == 1
    }

    /// Pixels in a row of the output.
    pub const fn output_width(&self) -> usize {
        (self.width - 1) / self.stride + 1
    }

    /// Rows of the output.
    pub const fn output_height(&self) -> usize {
        (self.height - 1) / self.stride + 1
    }

    /// Numbers of the output.
    pub const fn output_len(&self) -> usize {
        self.output_width() * self.output_height() * self.out_channels
    }

    /// Multiply-adds for one picture.
    pub const fn multiply_adds(&self) -> usize {
        self.output_len() * self.taps()
    }

    /// The shape of the input.
    pub const fn input(&self) -> Features {
        Features {
            width: self.width,
            height: self.height,
            channels: self.in_channels,
            border: self.pad(),
        }
    }

    /// The shape of the output, with a border for the next convolution.
    pub const fn output(&self, border: usize) -> Features {
        Features {
            width: self.output_width(),
            height: self.output_height(),
            channels: self.out_channels,
            border,
        }
    }

    /// Convolution and activation of one picture, [`input`](Self::input).
    ///
    /// `output` are the rows of [`output`](Self::output) with this `border`, without the border's own
    /// rows above and below; what is left and right of each row stays as it is. `skip`, of the same
    /// shape, is added to an output without a border.
    ///
    /// `weights` are `[blocks, kernel, kernel, in_channels_per_group]`, and `biases` `[blocks]`, of
    /// [`LANES`] output channels each; the last block is filled up with zeros.
    ///
    /// # Panics
    ///
    /// If the length of a slice does not fit the shape, or a depthwise convolution's channels are not a
    /// multiple of [`LANES`], or there are `skip` and a border.
    pub fn run(
        &self,
        input: &[f32],
        skip: Option<&[f32]>,
        weights: &[Lanes],
        biases: &[Lanes],
        border: usize,
        output: &mut [f32],
    ) {
        let shapes = [self.input(), self.output(border)];
        let fits = input.len() == shapes[0].numbers()
            && output.len() == self.output_height() * shapes[1].row()
            && biases.len() == self.out_channels.div_ceil(LANES)
            && weights.len() == biases.len() * self.taps()
            && (!self.depthwise || self.in_channels.is_multiple_of(LANES))
            && skip.is_none_or(|skip| skip.len() == output.len() && border == 0);
        // a short condition: its text is part of the page
        assert!(fits);
        let convolve = Convolve {
            conv: self,
            input,
            weights,
            biases,
            shapes,
        };
        convolve::convolve(&convolve, output);
        if let Some(skip) = skip {
            for (output, skip) in output.iter_mut().zip(skip) {
                *output += skip;
            }
        }
    }
}
