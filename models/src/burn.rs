//! The Burn executor: training on any of Burn's devices, and WebGPU in the page. It is the
//! reference that the small executor is tested against.

mod block;
#[cfg(all(feature = "training", not(target_arch = "wasm32")))]
mod fused;
mod net;

pub use net::Net;
