//! The decoder of JPEG, which nearly every poster needs.

use image::metadata::Orientation;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::limits::{DecodeError, MAX_ALLOCATION, MAX_SIDE};
use super::orientation::upright;
use crate::preprocess::rgb8::Rgb8;

/// Decodes a JPEG file alone, baseline or progressive.
///
/// `image` decodes JPEG with the same library, but reads the headers three times, each time with a
/// copy of the code: too much for the page's first download.
///
/// # Errors
///
/// As [`decode`](super::decode).
pub fn decode_jpeg(bytes: &[u8]) -> Result<Rgb8, DecodeError> {
    // not strict: every browser shows a poster whose end is missing
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(MAX_SIDE as usize)
        .set_max_height(MAX_SIDE as usize)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(explain)?;
    let size = decoder.output_buffer_size().unwrap_or(0);
    if size as u64 > MAX_ALLOCATION {
        return Err(DecodeError::TooLarge);
    }
    let mut pixels = vec![0; size];
    decoder.decode_into(&mut pixels).map_err(explain)?;
    let (width, height) = decoder.dimensions().unwrap_or_default();
    let orientation = decoder
        .exif()
        .and_then(|exif| Orientation::from_exif_chunk(exif))
        .unwrap_or(Orientation::NoTransforms);
    let image = Rgb8 {
        width,
        height,
        pixels,
    };
    Ok(upright(image, orientation))
}

fn explain(error: DecodeErrors) -> DecodeError {
    match error {
        DecodeErrors::Unsupported(_) => DecodeError::NotAnImage,
        DecodeErrors::LargeDimensions(_) => DecodeError::TooLarge,
        error => DecodeError::Damaged(error.to_string()),
    }
}
