//! From a file's bytes to pixels, and to the size that a network wants.

mod by_image;
mod decoded;
mod format;
mod gif;
mod jpeg;
mod limits;
mod orientation;
mod resize;

pub use by_image::*;
pub use decoded::Decoded;
pub use format::{Format, decode};
pub use gif::decode_gif;
pub use jpeg::{ENOUGH, decode_jpeg};
pub use limits::{DecodeError, FORMATS, MAX_FILE_BYTES, MAX_PIXELS, MAX_SIDE};
