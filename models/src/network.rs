//! One description of each network, which both executors read.
//!
//! All four have the same shape: blocks of *3×3 convolution, batch norm, ReLU*, some followed by a
//! 2×2 max-pool, then linear layers with ReLU between them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Colour channels of an input: red, green, blue.
pub const CHANNELS: usize = 3;

/// Side of every convolution's kernel, in pixels; the padding is half of it.
pub const KERNEL: usize = marquee_kernels::KERNEL;

/// What batch norm adds to a variance (PyTorch's default).
pub const BATCH_NORM_EPSILON: f32 = 1e-5;

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Size {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

impl Size {
    /// A square.
    pub const fn square(side: usize) -> Size {
        Size {
            width: side,
            height: side,
        }
    }

    /// How many pixels there are.
    pub const fn pixels(self) -> usize {
        self.width * self.height
    }

    fn halved(self) -> Size {
        Size {
            width: self.width / 2,
            height: self.height / 2,
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

/// The networks that Marquee knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NetworkName {
    /// Two convolutions at 300×300.
    Cnn,
    /// Two convolutions at 32×32: the seed's own network.
    Cnn32,
    /// Two wider convolutions at 64×64.
    Cnn64,
    /// Four convolutions at 32×32.
    DeepCnn32,
}

impl NetworkName {
    /// All of them, in alphabetical order.
    pub const ALL: [NetworkName; 4] = [
        NetworkName::Cnn,
        NetworkName::Cnn32,
        NetworkName::Cnn64,
        NetworkName::DeepCnn32,
    ];

    /// The name on the command line, in file names and in weights files.
    pub fn as_str(self) -> &'static str {
        match self {
            NetworkName::Cnn => "cnn",
            NetworkName::Cnn32 => "cnn32",
            NetworkName::Cnn64 => "cnn64",
            NetworkName::DeepCnn32 => "deepcnn32",
        }
    }
}

impl fmt::Display for NetworkName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is none of [`NetworkName::ALL`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown network {0:?}; the networks are cnn, cnn32, cnn64 and deepcnn32")]
pub struct UnknownNetwork(pub String);

impl FromStr for NetworkName {
    type Err = UnknownNetwork;

    fn from_str(name: &str) -> Result<NetworkName, UnknownNetwork> {
        NetworkName::ALL
            .into_iter()
            .find(|network| network.as_str() == name)
            .ok_or_else(|| UnknownNetwork(name.to_owned()))
    }
}

/// 3×3 convolution with padding 1, batch norm and ReLU, and perhaps a 2×2 max-pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvBlock {
    /// Channels that come in.
    pub inputs: usize,
    /// Channels that go out.
    pub outputs: usize,
    /// Width and height of what comes in.
    pub size: Size,
    /// Whether a max-pool halves width and height at the end.
    pub pool: bool,
}

/// A linear layer; ReLU follows all but the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linear {
    /// Numbers that come in.
    pub inputs: usize,
    /// Numbers that go out.
    pub outputs: usize,
}

/// The layers of a network, from a normalised `[3, height, width]` input to one logit per class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// Which one it is.
    pub name: NetworkName,
    /// What posters are resized to.
    pub input: Size,
    /// The convolutional part.
    pub blocks: Vec<ConvBlock>,
    /// The linear part; its input is the last block's output, flattened as `[channels, height,
    /// width]`.
    pub linears: Vec<Linear>,
}

/// A tensor of a network: its PyTorch name and shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Such as `features.0.weight`.
    pub name: String,
    /// In PyTorch's order: `[out, in, 3, 3]` for a convolution, `[out, in]` for a linear layer.
    pub shape: Vec<usize>,
}

/// Where a layer stands in PyTorch's `nn.Sequential`s: the prefix of its tensors' names.
///
/// The class of the same shape is `features = Sequential(Conv2d, BatchNorm2d, ReLU, MaxPool2d, …)`
/// and `classifier = Sequential(Flatten, Linear, ReLU, Linear, …)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefixes {
    /// For each block, the convolution's and the batch norm's.
    pub blocks: Vec<(String, String)>,
    /// For each linear layer.
    pub linears: Vec<String>,
}

impl Network {
    /// The network of this name with this many classes.
    pub fn new(name: NetworkName, classes: usize) -> Network {
        // (channels, pool) of each block; widths of the hidden linear layers
        type Shape = (Size, &'static [(usize, bool)], &'static [usize]);
        let (input, channels, hidden): Shape = match name {
            NetworkName::Cnn => (Size::square(300), &[(16, true), (32, true)], &[32, 16]),
            NetworkName::Cnn32 => (Size::square(32), &[(16, true), (32, true)], &[32, 16]),
            NetworkName::Cnn64 => (Size::square(64), &[(32, true), (64, true)], &[32, 16]),
            NetworkName::DeepCnn32 => (
                Size::square(32),
                &[(16, true), (32, true), (64, true), (128, false)],
                &[256, 128],
            ),
        };

        let mut blocks = Vec::new();
        let (mut inputs, mut size) = (CHANNELS, input);
        for &(outputs, pool) in channels {
            blocks.push(ConvBlock {
                inputs,
                outputs,
                size,
                pool,
            });
            inputs = outputs;
            size = if pool { size.halved() } else { size };
        }

        let mut linears = Vec::new();
        let mut inputs = inputs * size.pixels();
        for &outputs in hidden.iter().chain([&classes]) {
            linears.push(Linear { inputs, outputs });
            inputs = outputs;
        }

        Network {
            name,
            input,
            blocks,
            linears,
        }
    }

    /// Numbers in one input: channels × height × width.
    pub fn input_len(&self) -> usize {
        CHANNELS * self.input.pixels()
    }

    /// How many classes it tells apart.
    pub fn classes(&self) -> usize {
        self.linears.last().map_or(0, |linear| linear.outputs)
    }

    /// PyTorch's names for its layers.
    pub fn prefixes(&self) -> Prefixes {
        let mut blocks = Vec::new();
        let mut index = 0;
        for block in &self.blocks {
            blocks.push((
                format!("features.{index}"),
                format!("features.{}", index + 1),
            ));
            index += if block.pool { 4 } else { 3 };
        }
        // classifier.0 is the Flatten, and a ReLU stands between two linear layers
        let linears = (0..self.linears.len())
            .map(|index| format!("classifier.{}", 1 + 2 * index))
            .collect();
        Prefixes { blocks, linears }
    }

    /// Every tensor that a weights file of this network holds, in the network's order.
    pub fn parameters(&self) -> Vec<Parameter> {
        let prefixes = self.prefixes();
        let mut parameters = Vec::new();
        let mut push = |prefix: &str, field: &str, shape: &[usize]| {
            parameters.push(Parameter {
                name: format!("{prefix}.{field}"),
                shape: shape.to_vec(),
            });
        };
        for (block, (conv, norm)) in self.blocks.iter().zip(&prefixes.blocks) {
            push(
                conv,
                "weight",
                &[block.outputs, block.inputs, KERNEL, KERNEL],
            );
            push(conv, "bias", &[block.outputs]);
            for field in ["weight", "bias", "running_mean", "running_var"] {
                push(norm, field, &[block.outputs]);
            }
        }
        for (linear, prefix) in self.linears.iter().zip(&prefixes.linears) {
            push(prefix, "weight", &[linear.outputs, linear.inputs]);
            push(prefix, "bias", &[linear.outputs]);
        }
        parameters
    }

    /// How many numbers training adjusts (PyTorch's count: without batch norm's running
    /// statistics).
    pub fn trainable_parameters(&self) -> usize {
        self.parameters()
            .iter()
            .filter(|parameter| !parameter.name.contains("running_"))
            .map(|parameter| parameter.shape.iter().product::<usize>())
            .sum()
    }

    /// Multiply-adds of one forward pass, convolutions and linear layers.
    pub fn multiply_adds(&self) -> usize {
        let conv = |block: &ConvBlock| {
            block.size.pixels() * block.inputs * block.outputs * KERNEL * KERNEL
        };
        let linear = |linear: &Linear| linear.inputs * linear.outputs;
        self.blocks.iter().map(conv).sum::<usize>() + self.linears.iter().map(linear).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cnn32_has_the_seeds_parameter_count() {
        let network = Network::new(NetworkName::Cnn32, 6);
        assert_eq!(network.trainable_parameters(), 71_382);
        assert_eq!(network.multiply_adds(), 1_688_160);
    }

    #[test]
    fn the_linear_part_takes_what_the_blocks_give() {
        let first = |name| Network::new(name, 6).linears[0].inputs;
        assert_eq!(first(NetworkName::Cnn), 32 * 75 * 75);
        assert_eq!(first(NetworkName::Cnn32), 2048);
        assert_eq!(first(NetworkName::Cnn64), 64 * 16 * 16);
        assert_eq!(first(NetworkName::DeepCnn32), 2048);
    }

    #[test]
    fn tensors_are_named_as_in_a_pytorch_sequential() {
        let network = Network::new(NetworkName::DeepCnn32, 6);
        let names: Vec<_> = network.parameters().into_iter().map(|p| p.name).collect();
        assert!(names.contains(&"features.12.weight".to_owned()));
        assert!(names.contains(&"features.13.running_var".to_owned()));
        assert!(names.contains(&"classifier.5.bias".to_owned()));
    }

    #[test]
    fn names_are_read_back() {
        for name in NetworkName::ALL {
            assert_eq!(name.to_string().parse(), Ok(name));
        }
        assert!("resnet".parse::<NetworkName>().is_err());
    }
}
