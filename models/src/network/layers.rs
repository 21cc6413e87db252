use marquee_kernels::{Activation, Convolution};

use super::{CHANNELS, Size};

/// How many blocks a residual connection reaches over, beside the one that it ends in: those that
/// widen and convolve before one narrows (Sandler et al. 2018, *inverted residuals*).
pub const RESIDUAL: usize = 2;

/// Convolution with a square kernel, padded by half of it, batch norm and an activation; perhaps a
/// max-pool, or a residual connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvBlock {
    /// Channels of the input.
    pub in_channels: usize,
    /// Channels of the output.
    pub out_channels: usize,
    /// Width and height of what comes in.
    pub size: Size,
    /// Side of the kernel in pixels, an odd number.
    pub kernel: usize,
    /// Pixels from one place of the kernel to the next: above 1, width and height shrink.
    pub stride: usize,
    /// Whether each channel is convolved on its own.
    pub depthwise: bool,
    /// What follows batch norm.
    pub activation: Activation,
    /// Whether the convolution has a bias of its own. Batch norm takes it away again; the student
    /// project's networks have one, as PyTorch's convolutions do unless told otherwise.
    pub bias: bool,
    /// Whether a 2×2 max-pool halves width and height at the end.
    pub pool: bool,
    /// Whether what came in [`RESIDUAL`] blocks earlier is added at the end (He et al. 2016).
    pub residual: bool,
}

impl ConvBlock {
    /// The block's convolution, as the loops want it.
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

    /// Width and height of what goes out.
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

    pub(super) fn multiply_adds(&self) -> usize {
        self.convolved().pixels() * self.convolution().taps() * self.out_channels
    }
}

/// Blocks one after the other, from a picture of this size on.
pub(super) struct Stack {
    pub(super) blocks: Vec<ConvBlock>,
    channels: usize,
    size: Size,
}

impl Stack {
    pub(super) fn new(input: Size) -> Stack {
        Stack {
            blocks: Vec::new(),
            channels: CHANNELS,
            size: input,
        }
    }

    /// Adds a 3×3 convolution that keeps the size, changed as `change` says.
    pub(super) fn push(&mut self, out_channels: usize, change: impl FnOnce(&mut ConvBlock)) {
        let mut block = ConvBlock {
            in_channels: self.channels,
            out_channels,
            size: self.size,
            kernel: 3,
            stride: 1,
            depthwise: false,
            activation: Activation::Relu,
            bias: false,
            pool: false,
            residual: false,
        };
        change(&mut block);
        (self.channels, self.size) = (out_channels, block.output_size());
        self.blocks.push(block);
    }

    /// Adds an inverted bottleneck (Sandler et al. 2018): a 1×1 convolution to `expansion` times the
    /// channels, unless that is 1, a depthwise one of this kernel and stride, and a linear 1×1
    /// convolution to `out_channels`; of the three, what came in is added where it has the same shape.
    pub(super) fn push_bottleneck(
        &mut self,
        expansion: usize,
        out_channels: usize,
        kernel: usize,
        stride: usize,
    ) {
        let (in_channels, wide) = (self.channels, self.channels * expansion);
        if expansion > 1 {
            self.push(wide, |block| {
                block.kernel = 1;
                block.activation = Activation::Relu6;
            });
        }
        self.push(wide, |block| {
            (block.kernel, block.stride) = (kernel, stride);
            block.depthwise = true;
            block.activation = Activation::Relu6;
        });
        self.push(out_channels, |block| {
            block.kernel = 1;
            block.activation = Activation::None;
            block.residual = expansion > 1 && stride == 1 && in_channels == out_channels;
        });
    }

    /// Numbers that come out.
    pub(super) fn numbers(&self) -> usize {
        self.channels * self.size.pixels()
    }

    pub(super) fn channels(&self) -> usize {
        self.channels
    }
}

/// How the last block's output becomes a list of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooling {
    /// All of it, as `[channels, height, width]`.
    Flatten,
    /// Each channel's mean over the picture.
    Mean,
}

/// A linear layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linear {
    /// Numbers of the input.
    pub in_features: usize,
    /// Numbers of the output.
    pub out_features: usize,
}

/// What a head answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Which of the classes: a logit each, for a softmax.
    Class,
    /// Which genres: a logit each, for a sigmoid, since a film may have several.
    Genres,
    /// The members' score, standardised: its mean, and the logarithm of its variance.
    Score,
}

impl Task {
    /// The name in a weights file.
    pub fn as_str(self) -> &'static str {
        match self {
            Task::Class => "class",
            Task::Genres => "genres",
            Task::Score => "score",
        }
    }
}

/// A last linear layer, and what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// What it answers.
    pub task: Task,
    /// Its shape.
    pub linear: Linear,
}
