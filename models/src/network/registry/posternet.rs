//! Marquee's own network, for posters in their own shape.

use marquee_kernels::Activation;

use crate::network::builder::Builder;
use crate::network::heads::{Pooling, Task};
use crate::network::labels::Labels;
use crate::network::prefixes::Naming;
use crate::network::size::Size;

/// How many times wider a bottleneck is inside.
const EXPANSION: usize = 6;

/// Outputs of the head for the score: a mean and the logarithm of a variance.
const SCORE_OUTPUTS: usize = 2;

/// The blocks are the first 45 of EfficientNet-Lite0 (Tan & Le 2019, in Google's *lite* form), in the
/// same order and shapes, so that training can start from what that network has learned from a
/// million photographs. The last four are left out: they tell a thousand kinds of things apart, and
/// their features were worse here than those of the blocks before them.
pub(super) fn posternet(labels: Labels) -> Builder {
    let input = Size {
        width: 160,
        height: 240,
    };
    let mut network = Builder::new(input, Naming::Lists);
    network.conv(32, |block| {
        block.conv.stride = 2;
        block.conv.activation = Activation::Relu6;
    });
    network.bottleneck(1, 16, 3, 1);
    for (out_channels, kernel, stride, repeats) in [
        (24, 3, 2, 2),
        (40, 5, 2, 2),
        (80, 3, 2, 3),
        (112, 5, 1, 3),
        (192, 5, 2, 4),
    ] {
        network.bottleneck(EXPANSION, out_channels, kernel, stride);
        for _ in 1..repeats {
            network.bottleneck(EXPANSION, out_channels, kernel, 1);
        }
    }
    network.pool(Pooling::Mean);
    network.head(Task::Class, labels.classes);
    network.head(Task::Genres, labels.genres);
    if labels.score {
        network.head(Task::Score, SCORE_OUTPUTS);
    }
    network
}
