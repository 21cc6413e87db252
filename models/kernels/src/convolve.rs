//! The loops of convolutions.
//!
//! Compilers leave most of them scalar, so they name the SIMD instructions: on WebAssembly those of
//! `core::arch`, natively those of the crate `pulp`, which chooses them for the processor at hand. Their
//! shapes differ: a browser has fewer registers and a short pipeline, and each byte of its loops is
//! downloaded before the first answer.

#[cfg(target_arch = "wasm32")]
mod lanes;
#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod wasm;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use native::{convolve, vectorised};
#[cfg(all(feature = "training", not(target_arch = "wasm32")))]
pub(crate) use native::{dispatch, dispatch_even, load};
#[cfg(target_arch = "wasm32")]
pub(crate) use wasm::{convolve, vectorised};

use crate::convolution::Convolution;
use crate::features::Features;

/// Output channels whose weights lie together.
pub const LANES: usize = if cfg!(target_arch = "wasm32") { 8 } else { 16 };

/// A number for each of [`LANES`] neighbouring output channels. A register is loaded from a single line
/// of the cache.
#[derive(Clone, Copy)]
#[cfg_attr(not(target_arch = "wasm32"), repr(align(64)))]
pub struct Lanes(pub [f32; LANES]);

/// A convolution and what it reads, as [`Convolution::run`] takes it.
pub(crate) struct Convolve<'a> {
    pub(crate) conv: &'a Convolution,
    pub(crate) input: &'a [f32],
    pub(crate) weights: &'a [Lanes],
    pub(crate) biases: &'a [Lanes],
    /// The shapes of input and output.
    pub(crate) shapes: [Features; 2],
}
