//! The size of a picture.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Colour channels of a picture: red, green, blue.
pub const CHANNELS: usize = 3;

/// Width and height in pixels; it is shown as `160x240`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Size {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

impl Size {
    /// A square of `side` × `side` pixels.
    pub const fn square(side: usize) -> Size {
        Size {
            width: side,
            height: side,
        }
    }

    /// Width × height.
    pub const fn pixels(self) -> usize {
        self.width * self.height
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}
