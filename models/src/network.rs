//! One description of each network, which both executors read.
//!
//! All have the same shape: blocks of *convolution, batch norm, activation*, then linear layers.
//! Those of the student project that Marquee grew out of have 2×2 max-pools and one answer, the
//! class; PosterNet has depthwise convolutions, strides, residual connections and three answers.

mod design;
mod layers;

pub use design::Labels;
pub use layers::{ConvBlock, Head, Linear, Pooling, RESIDUAL, Task};
pub use marquee_kernels::Activation;

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Colour channels of an input: red, green, blue.
pub const CHANNELS: usize = 3;

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
    /// Inverted bottlenecks at 92×138, in a poster's own shape, and three heads: Marquee's own
    /// network.
    PosterNet,
}

impl NetworkName {
    /// All of them, in alphabetical order.
    pub const ALL: [NetworkName; 5] = [
        NetworkName::Cnn,
        NetworkName::Cnn32,
        NetworkName::Cnn64,
        NetworkName::DeepCnn32,
        NetworkName::PosterNet,
    ];

    /// The name on the command line, in file names and in weights files.
    pub fn as_str(self) -> &'static str {
        match self {
            NetworkName::Cnn => "cnn",
            NetworkName::Cnn32 => "cnn32",
            NetworkName::Cnn64 => "cnn64",
            NetworkName::DeepCnn32 => "deepcnn32",
            NetworkName::PosterNet => "posternet",
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
#[error("unknown network {0:?}; the networks are cnn, cnn32, cnn64, deepcnn32 and posternet")]
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

/// The layers of a network, from a normalised `[3, height, width]` input to what its heads answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// Which one it is.
    pub name: NetworkName,
    /// What posters are resized to.
    pub input: Size,
    /// The convolutional part.
    pub blocks: Vec<ConvBlock>,
    /// What becomes of the last block's output.
    pub pooling: Pooling,
    /// Linear layers with ReLU that follow.
    pub hidden: Vec<Linear>,
    /// The last linear layers, all on the same input. The first answers the class.
    pub heads: Vec<Head>,
}

/// A tensor of a network: its PyTorch name and shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Such as `features.0.weight`.
    pub name: String,
    /// In PyTorch's order: `[out, in, 3, 3]` for a convolution, `[out, 1, 3, 3]` for a depthwise
    /// one, `[out, in]` for a linear layer.
    pub shape: Vec<usize>,
}

/// The prefixes of the layers' tensors' names in PyTorch.
///
/// The student project's networks are `features = Sequential(Conv2d, BatchNorm2d, ReLU, MaxPool2d,
/// …)` and `classifier = Sequential(Flatten, Linear, ReLU, Linear, …)`; PosterNet is a list of
/// `blocks`, each with `conv` and `norm`, and a dictionary of `heads`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefixes {
    /// For each block, the convolution's and the batch norm's.
    pub blocks: Vec<(String, String)>,
    /// For each hidden linear layer.
    pub hidden: Vec<String>,
    /// For each head.
    pub heads: Vec<String>,
}

impl Network {
    /// Numbers in one input: channels × height × width.
    pub fn input_len(&self) -> usize {
        CHANNELS * self.input.pixels()
    }

    /// How many numbers it answers with: all heads' one after the other.
    pub fn output_len(&self) -> usize {
        self.heads.iter().map(|head| head.linear.out_features).sum()
    }

    /// Where among the outputs the head for a task answers, if there is one.
    pub fn output_range(&self, task: Task) -> Option<Range<usize>> {
        let mut start = 0;
        for head in &self.heads {
            let end = start + head.linear.out_features;
            if head.task == task {
                return Some(start..end);
            }
            start = end;
        }
        None
    }

    /// How many classes it tells apart.
    pub fn classes(&self) -> usize {
        self.output_range(Task::Class)
            .map_or(0, |range| range.len())
    }

    /// PyTorch's names for its layers.
    pub fn prefixes(&self) -> Prefixes {
        match self.name {
            NetworkName::PosterNet => Prefixes {
                blocks: (0..self.blocks.len())
                    .map(|index| {
                        (
                            format!("blocks.{index}.conv"),
                            format!("blocks.{index}.norm"),
                        )
                    })
                    .collect(),
                hidden: Vec::new(),
                heads: self
                    .heads
                    .iter()
                    .map(|head| format!("heads.{}", head.task.as_str()))
                    .collect(),
            },
            _ => self.sequential_prefixes(),
        }
    }

    fn sequential_prefixes(&self) -> Prefixes {
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
        let name = |index: usize| format!("classifier.{}", 1 + 2 * index);
        Prefixes {
            blocks,
            hidden: (0..self.hidden.len()).map(name).collect(),
            heads: vec![name(self.hidden.len())],
        }
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
                &[
                    block.out_channels,
                    block.convolution().in_channels_per_group(),
                    block.kernel,
                    block.kernel,
                ],
            );
            if block.bias {
                push(conv, "bias", &[block.out_channels]);
            }
            for field in ["weight", "bias", "running_mean", "running_var"] {
                push(norm, field, &[block.out_channels]);
            }
        }
        for (linear, prefix) in self.linears().zip(prefixes.linears()) {
            push(prefix, "weight", &[linear.out_features, linear.in_features]);
            push(prefix, "bias", &[linear.out_features]);
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
        let blocks = self.blocks.iter().map(ConvBlock::multiply_adds);
        let linears = self
            .linears()
            .map(|linear| linear.in_features * linear.out_features);
        blocks.sum::<usize>() + linears.sum::<usize>()
    }

    /// The hidden layers and the heads.
    fn linears(&self) -> impl Iterator<Item = Linear> {
        let heads = self.heads.iter().map(|head| head.linear);
        self.hidden.iter().copied().chain(heads)
    }
}

impl Prefixes {
    /// The hidden layers' and the heads'.
    pub fn linears(&self) -> impl Iterator<Item = &String> {
        self.hidden.iter().chain(&self.heads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: Labels = Labels {
        classes: 6,
        genres: 18,
    };

    #[test]
    fn posternet_stays_within_what_a_browser_can_bear() {
        let network = Network::new(NetworkName::PosterNet, LABELS);
        assert!(network.trainable_parameters() <= 1_500_000);
        assert!(network.multiply_adds() <= 80_000_000);
        let size = network.blocks.last().map(ConvBlock::output_size);
        assert_eq!(
            size,
            Some(Size {
                width: 3,
                height: 5
            })
        );
        assert_eq!(network.output_range(Task::Class), Some(0..6));
        assert_eq!(network.output_range(Task::Genres), Some(6..24));
        assert_eq!(network.output_range(Task::Score), Some(24..26));
        assert_eq!(network.output_len(), 26);
    }

    #[test]
    fn depthwise_convolutions_fill_whole_registers() {
        let blocks = Network::new(NetworkName::PosterNet, LABELS).blocks;
        let depthwise: Vec<_> = blocks.iter().filter(|block| block.depthwise).collect();
        assert_eq!(depthwise.len(), 13);
        for block in depthwise {
            assert_eq!(block.out_channels % marquee_kernels::LANES, 0, "{block:?}");
            assert_eq!(block.out_channels, block.in_channels);
        }
    }

    #[test]
    fn cnn32_has_the_seeds_parameter_count() {
        let network = Network::new(NetworkName::Cnn32, LABELS);
        assert_eq!(network.trainable_parameters(), 71_382);
        assert_eq!(network.multiply_adds(), 1_688_160);
    }

    #[test]
    fn the_linear_part_takes_what_the_blocks_give() {
        let first = |name| Network::new(name, LABELS).hidden[0].in_features;
        assert_eq!(first(NetworkName::Cnn), 32 * 75 * 75);
        assert_eq!(first(NetworkName::Cnn32), 2048);
        assert_eq!(first(NetworkName::Cnn64), 64 * 16 * 16);
        assert_eq!(first(NetworkName::DeepCnn32), 2048);
    }

    #[test]
    fn tensors_are_named_as_in_a_pytorch_sequential() {
        let network = Network::new(NetworkName::DeepCnn32, LABELS);
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
