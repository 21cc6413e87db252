//! A network's input as a picture file.

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use js_sys::{Array, Uint8Array};
use web_sys::{Blob, BlobPropertyBag};

/// RGB8 pixels, row by row, as a PNG: read again, they are the very same.
pub(super) fn png(pixels: &[u8], width: usize, height: usize) -> Option<Blob> {
    let (width, height) = (width.try_into().ok()?, height.try_into().ok()?);
    let mut file = Vec::new();
    PngEncoder::new(&mut file)
        .write_image(pixels, width, height, ExtendedColorType::Rgb8)
        .ok()?;
    let parts = Array::of1(&Uint8Array::from(file.as_slice()));
    let kind = BlobPropertyBag::new();
    kind.set_type("image/png");
    Blob::new_with_u8_array_sequence_and_options(&parts, &kind).ok()
}
