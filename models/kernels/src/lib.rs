//! The loops of Marquee's executors.
//!
//! They are a crate of their own so that they are compiled for speed, while the rest of what the CPU
//! worker downloads is compiled for size.
//!
//! Features are `[height, width, channels]`: the innermost loop runs over neighbouring output
//! channels.

mod activation;
mod convolution;
mod convolve;
mod features;
mod layers;
mod packed;
#[cfg(all(feature = "training", not(target_arch = "wasm32")))]
pub mod training;

pub use activation::Activation;
pub use convolution::Convolution;
pub use convolve::{LANES, Lanes};
pub use features::{Features, room};
pub use layers::{linear, max_pool, mean};
pub use packed::Packed;
