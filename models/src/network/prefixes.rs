//! How PyTorch names a network's tensors.

use super::conv_block::ConvBlock;
use super::heads::Head;

/// How a network's PyTorch class holds its layers, which gives its tensors their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// `features = Sequential(Conv2d, BatchNorm2d, ReLU, MaxPool2d, …)` and `classifier =
    /// Sequential(Flatten, Linear, ReLU, Linear, …)`, with one head.
    Sequential,
    /// A list of `blocks`, each with `conv` and `norm`, a list of `hidden` linear layers, and a
    /// dictionary of `heads`.
    Lists,
}

/// The prefixes of the layers' tensors in PyTorch, such as `features.0` for `features.0.weight`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefixes {
    /// For each block, the convolution's and the batch norm's.
    pub blocks: Vec<(String, String)>,
    /// For each hidden linear layer.
    pub hidden: Vec<String>,
    /// For each head.
    pub heads: Vec<String>,
}

impl Prefixes {
    pub(super) fn new(
        naming: Naming,
        blocks: &[ConvBlock],
        hidden: usize,
        heads: &[Head],
    ) -> Prefixes {
        match naming {
            Naming::Sequential => Prefixes::sequential(blocks, hidden),
            Naming::Lists => Prefixes {
                blocks: (0..blocks.len())
                    .map(|block| {
                        (
                            format!("blocks.{block}.conv"),
                            format!("blocks.{block}.norm"),
                        )
                    })
                    .collect(),
                hidden: (0..hidden).map(|layer| format!("hidden.{layer}")).collect(),
                heads: heads
                    .iter()
                    .map(|head| format!("heads.{}", head.task.as_str()))
                    .collect(),
            },
        }
    }

    fn sequential(blocks: &[ConvBlock], hidden: usize) -> Prefixes {
        let mut index = 0;
        let features = blocks.iter().map(|block| {
            let conv = index;
            index += if block.pool { 4 } else { 3 };
            (format!("features.{conv}"), format!("features.{}", conv + 1))
        });
        // classifier.0 is the Flatten, and a ReLU stands between two linear layers
        let linear = |layer: usize| format!("classifier.{}", 1 + 2 * layer);
        Prefixes {
            blocks: features.collect(),
            hidden: (0..hidden).map(linear).collect(),
            heads: vec![linear(hidden)],
        }
    }

    /// The hidden layers' and then the heads'.
    pub fn linears(&self) -> impl Iterator<Item = &String> {
        self.hidden.iter().chain(&self.heads)
    }
}
