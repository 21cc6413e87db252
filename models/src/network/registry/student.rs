//! The networks of the student project that Marquee grew out of: 3×3 convolutions with max-pools,
//! then linear layers. They answer the class alone.

use crate::network::builder::Builder;
use crate::network::heads::{Pooling, Task};
use crate::network::labels::Labels;
use crate::network::prefixes::Naming;
use crate::network::size::Size;

pub(super) fn cnn(labels: Labels) -> Builder {
    student(300, &[(16, true), (32, true)], [32, 16], labels)
}

pub(super) fn cnn32(labels: Labels) -> Builder {
    student(32, &[(16, true), (32, true)], [32, 16], labels)
}

pub(super) fn cnn64(labels: Labels) -> Builder {
    student(64, &[(32, true), (64, true)], [32, 16], labels)
}

pub(super) fn deepcnn32(labels: Labels) -> Builder {
    let blocks = [(16, true), (32, true), (64, true), (128, false)];
    student(32, &blocks, [256, 128], labels)
}

/// `side` is the input's width and height in pixels; `blocks` are (channels, whether a max-pool
/// follows).
fn student(side: usize, blocks: &[(usize, bool)], hidden: [usize; 2], labels: Labels) -> Builder {
    let mut network = Builder::new(Size::square(side), Naming::Sequential);
    for &(channels, pool) in blocks {
        network.conv(channels, |block| {
            block.bias = true;
            block.pool = pool;
        });
    }
    network.pool(Pooling::Flatten);
    for out_features in hidden {
        network.hidden(out_features);
    }
    network.head(Task::Class, labels.classes);
    network
}
