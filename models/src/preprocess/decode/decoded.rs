//! What decoding a file gives.

use image::metadata::Orientation;

use super::orientation::upright;
use crate::network::Size;
use crate::preprocess::rgb8::Rgb8;

/// A decoded picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// Its pixels, upright. Of a large JPEG they are fewer than in the file (see
    /// [`ENOUGH`](super::ENOUGH)).
    pub image: Rgb8,
    /// Width and height of the picture in the file, upright.
    pub size: Size,
    /// Whether the file holds the whole picture. Of one that is cut off, the rest is white (in a JPEG
    /// or WebP file whatever the decoder makes of nothing, mostly grey).
    pub complete: bool,
}

impl Decoded {
    /// Turns `image` upright. `size` is the picture's in the file, as it is stored.
    pub(super) fn upright(
        image: Rgb8,
        size: Size,
        orientation: Orientation,
        complete: bool,
    ) -> Decoded {
        let Size { width, height } = size;
        let (width, height) = match swaps(orientation) {
            true => (height, width),
            false => (width, height),
        };
        Decoded {
            image: upright(image, orientation),
            size: Size { width, height },
            complete,
        }
    }
}

/// Whether a picture that is stored like this has width and height the other way round when it is upright.
pub(super) fn swaps(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}
