//! The messages by which the lazy app has the GPU worker run a network on several posters at once.

use crate::wire::record;
use js_sys::{Float32Array, Uint8Array};

record! {
    /// Posters of which the features are wanted.
    pub struct Batch {
        /// The request's number, which the reply repeats.
        pub id: u32 = "id",
        /// RGB8 of the network's input size, row by row, and one poster after the other.
        pub pixels: Uint8Array = "pixels",
    }
}

record! {
    /// The pooled features of a [`Batch`], which the network's heads read.
    pub struct BatchFeatures {
        /// The number of the request.
        pub id: u32 = "id",
        /// As many for each poster as the network has, in the posters' order.
        pub features: Float32Array = "features",
        /// Milliseconds in the network.
        pub ms: f64 = "ms",
    }
}
