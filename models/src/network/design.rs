use marquee_kernels::Activation;

use super::layers::{Head, Linear, Pooling, Stack, Task};
use super::{Network, NetworkName, Size};

/// What a network is to tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Labels {
    /// Classes, of which a film has one.
    pub classes: usize,
    /// Genres, of which it may have several. Only PosterNet answers them, where there are any.
    pub genres: usize,
}

/// How many times wider PosterNet's bottlenecks are within.
const EXPANSION: usize = 6;

/// Outputs of the head for the score: a mean and the logarithm of a variance.
const SCORE_OUTPUTS: usize = 2;

impl Network {
    /// The network of this name.
    pub fn new(name: NetworkName, labels: Labels) -> Network {
        match name {
            NetworkName::Cnn => seed(name, 300, &[(16, true), (32, true)], &[32, 16], labels),
            NetworkName::Cnn32 => seed(name, 32, &[(16, true), (32, true)], &[32, 16], labels),
            NetworkName::Cnn64 => seed(name, 64, &[(32, true), (64, true)], &[32, 16], labels),
            NetworkName::DeepCnn32 => {
                let blocks = [(16, true), (32, true), (64, true), (128, false)];
                seed(name, 32, &blocks, &[256, 128], labels)
            }
            NetworkName::PosterNet => poster_net(labels),
        }
    }
}

/// A network of the student project: blocks of (channels, max-pool), hidden linear layers, classes.
fn seed(
    name: NetworkName,
    side: usize,
    blocks: &[(usize, bool)],
    hidden: &[usize],
    labels: Labels,
) -> Network {
    let input = Size::square(side);
    let mut stack = Stack::new(input);
    for &(channels, pool) in blocks {
        stack.push(channels, |block| {
            block.bias = true;
            block.pool = pool;
        });
    }
    let mut in_features = stack.numbers();
    let mut linear = |out_features| {
        let linear = Linear {
            in_features,
            out_features,
        };
        in_features = out_features;
        linear
    };
    Network {
        name,
        input,
        pooling: Pooling::Flatten,
        hidden: hidden
            .iter()
            .map(|&out_features| linear(out_features))
            .collect(),
        heads: vec![Head {
            task: Task::Class,
            linear: linear(labels.classes),
        }],
        blocks: stack.blocks,
    }
}

/// Marquee's own network, for posters in their own shape.
///
/// Its blocks are the first 39 of EfficientNet-Lite0 (Tan & Le 2019, in Google's *lite* form), in
/// the same order and shapes, so that it can start from what that network has learned of a million
/// photographs. The last ten, which take more than half of the parameters to tell a thousand kinds
/// of things apart, are left out: it stays as small as a page can bear.
fn poster_net(labels: Labels) -> Network {
    let input = Size {
        width: 92,
        height: 138,
    };
    let mut stack = Stack::new(input);
    stack.push(32, |block| {
        block.stride = 2;
        block.activation = Activation::Relu6;
    });
    stack.push_bottleneck(1, 16, 3, 1);
    for (out_channels, kernel, stride, repeats) in [
        (24, 3, 2, 2),
        (40, 5, 2, 2),
        (80, 3, 2, 3),
        (112, 5, 1, 3),
        (192, 5, 2, 2),
    ] {
        stack.push_bottleneck(EXPANSION, out_channels, kernel, stride);
        for _ in 1..repeats {
            stack.push_bottleneck(EXPANSION, out_channels, kernel, 1);
        }
    }
    let head = |task, out_features| Head {
        task,
        linear: Linear {
            in_features: stack.channels(),
            out_features,
        },
    };
    Network {
        name: NetworkName::PosterNet,
        input,
        pooling: Pooling::Mean,
        hidden: Vec::new(),
        heads: [
            head(Task::Class, labels.classes),
            head(Task::Genres, labels.genres),
            head(Task::Score, SCORE_OUTPUTS),
        ]
        .into_iter()
        .filter(|head| head.linear.out_features > 0)
        .collect(),
        blocks: stack.blocks,
    }
}
