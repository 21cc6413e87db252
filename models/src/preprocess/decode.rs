//! From a file's bytes to pixels, and to the size that a network wants.

mod by_image;
mod format;
mod jpeg;
mod limits;
mod orientation;
mod resize;

pub use by_image::*;
pub use format::{Format, decode};
pub use jpeg::decode_jpeg;
pub use limits::{DecodeError, FORMATS, MAX_FILE_BYTES, MAX_SIDE};
