//! The loops of Marquee's executors.
//!
//! Plain Rust over blocks of fixed size: natively the compiler turns them into SIMD instructions, and
//! `lanes.rs` names those of WebAssembly. They are a crate of their own so that they are compiled for speed, while the
//! rest of what the CPU worker downloads is compiled for size.
//!
//! Features are `[height, width, channels]`: the innermost loop runs over neighbouring output
//! channels.

mod activation;
mod convolution;
mod lanes;
mod layers;
#[cfg(feature = "training")]
pub mod training;

pub use activation::Activation;
pub use convolution::Convolution;
pub use lanes::LANES;
pub use layers::{linear, max_pool, mean};
