//! One description of each network, which both executors read.
//!
//! All have the same shape: blocks of *convolution, batch norm, activation*, then pooling, linear
//! layers and heads. [`NetworkName`] is the table of them.

mod builder;
mod conv_block;
mod heads;
mod labels;
mod prefixes;
mod registry;
mod size;

pub use conv_block::{ConvBlock, RESIDUAL};
pub use heads::{Head, Linear, Pooling, Task};
pub use labels::Labels;
pub use marquee_kernels::Activation;
pub use prefixes::Prefixes;
pub use registry::{NetworkName, UnknownNetwork};
pub use size::{CHANNELS, Size};

use std::ops::Range;

use prefixes::Naming;

/// What batch norm adds to a variance before it divides by its square root (PyTorch's default).
pub const BATCH_NORM_EPSILON: f32 = 1e-5;

/// The layers of a network, from a normalised `[3, height, width]` input to its heads' outputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// Its name.
    pub name: NetworkName,
    /// The size that posters are resized to.
    pub input: Size,
    /// The convolutional part.
    pub blocks: Vec<ConvBlock>,
    /// What is done with the last block's output.
    pub pooling: Pooling,
    /// Linear layers, each followed by a ReLU.
    pub hidden: Vec<Linear>,
    /// The last linear layers, all on the same input; the first answers the class.
    pub heads: Vec<Head>,
    naming: Naming,
}

/// A tensor of a network: its PyTorch name and shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Such as `features.0.weight`.
    pub name: String,
    /// In PyTorch's order: `[out_channels, in_channels, kernel, kernel]` for a convolution,
    /// `[out_channels, 1, kernel, kernel]` for a depthwise one, `[out_features, in_features]` for a
    /// linear layer.
    pub shape: Vec<usize>,
}

impl Network {
    /// The network of this name, for these labels.
    ///
    /// Heads without outputs are dropped: a PosterNet for no genres has no head for them. Networks
    /// that answer the class alone ignore the rest of `labels`.
    pub fn new(name: NetworkName, labels: Labels) -> Network {
        let layers = name.build(labels);
        Network {
            name,
            input: layers.input,
            blocks: layers.blocks,
            pooling: layers.pooling,
            hidden: layers.hidden,
            heads: layers.heads,
            naming: layers.naming,
        }
    }

    /// Numbers in one input: channels × height × width.
    pub fn input_len(&self) -> usize {
        CHANNELS * self.input.pixels()
    }

    /// Numbers in the pooled features of one input, which all heads read.
    pub fn feature_len(&self) -> usize {
        self.heads.first().map_or(0, |head| head.linear.in_features)
    }

    /// Numbers in the outputs for one input: those of all heads, one head after the other.
    pub fn output_len(&self) -> usize {
        self.heads.iter().map(|head| head.linear.out_features).sum()
    }

    /// Where among the outputs the head for a task stands; `None` if the network has no such head.
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

    /// Classes that it tells apart; 0 if it has no head for them.
    pub fn classes(&self) -> usize {
        self.output_range(Task::Class)
            .map_or(0, |range| range.len())
    }

    /// PyTorch's names for its layers.
    pub fn prefixes(&self) -> Prefixes {
        Prefixes::new(self.naming, &self.blocks, self.hidden.len(), &self.heads)
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
            let (kernel, out_channels) = (block.conv.kernel, block.conv.out_channels);
            let in_channels = block.conv.in_channels_per_group();
            push(conv, "weight", &[out_channels, in_channels, kernel, kernel]);
            if block.bias {
                push(conv, "bias", &[out_channels]);
            }
            for field in ["weight", "bias", "running_mean", "running_var"] {
                push(norm, field, &[out_channels]);
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
        let blocks = self.blocks.iter().map(|block| block.conv.multiply_adds());
        let linears = (self.linears()).map(|linear| linear.in_features * linear.out_features);
        blocks.sum::<usize>() + linears.sum::<usize>()
    }

    /// The hidden layers and the heads.
    fn linears(&self) -> impl Iterator<Item = Linear> {
        let heads = self.heads.iter().map(|head| head.linear);
        self.hidden.iter().copied().chain(heads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: Labels = Labels {
        classes: 6,
        genres: 18,
        score: true,
    };

    #[test]
    fn posternet_stays_within_what_a_browser_can_bear() {
        let network = Network::new(NetworkName::PosterNet, LABELS);
        assert!(network.trainable_parameters() <= 2_500_000);
        assert!(network.multiply_adds() <= 300_000_000);
        let last = network.blocks.last().expect("it has blocks");
        assert_eq!(last.output_size().to_string(), "5x8");
        assert_eq!(network.output_range(Task::Class), Some(0..6));
        assert_eq!(network.output_range(Task::Genres), Some(6..24));
        assert_eq!(network.output_range(Task::Score), Some(24..26));
        assert_eq!(network.output_len(), 26);
    }

    #[test]
    fn depthwise_convolutions_fill_whole_registers() {
        let blocks = NetworkName::ALL.map(|name| Network::new(name, LABELS).blocks);
        for ConvBlock { conv, .. } in blocks.into_iter().flatten() {
            assert!(!conv.depthwise || conv.out_channels % marquee_kernels::LANES == 0);
            assert!(!conv.depthwise || conv.out_channels == conv.in_channels);
        }
    }

    #[test]
    fn cnn32_has_the_parameter_count_of_the_student_project() {
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
