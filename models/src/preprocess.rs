//! Encoded bytes → RGB8 → resized → normalised: the only preprocessing in the project.
//!
//! Trainer, command line and page all come through here, so that training and serving cannot drift
//! apart. Decoding and resizing are integer arithmetic and give the same bytes natively and in a
//! browser.

#[cfg(feature = "decode")]
mod decode;
mod normalise;
mod rgb8;

#[cfg(feature = "decode")]
pub use decode::*;
pub use normalise::{normalise, normalise_into};
pub use rgb8::Rgb8;
