//! The small executor: a network's forward pass without Burn.
//!
//! Its loops are [`marquee_kernels`]. Features are `[height, width, channels]` there.

#[cfg(not(target_arch = "wasm32"))]
mod bottleneck;
mod conv;
mod executor;
mod linear;
mod scratch;

pub use executor::Executor;
