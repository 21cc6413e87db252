//! The decoder of GIF.

use gif::{ColorOutput, DecodeOptions, DecodingError, Frame};
use image::ColorType;
use image::metadata::Orientation;

use super::by_image::rgb;
use super::decoded::Decoded;
use super::limits::{DecodeError, check_size};
use crate::network::Size;
use crate::preprocess::rgb8::Rgb8;

/// Bytes of a pixel of a frame: red, green, blue and opacity.
const RGBA: usize = 4;

/// Decodes a GIF file's first frame.
///
/// A frame that is larger than the file's screen enlarges it, as in a browser.
///
/// # Errors
///
/// As [`decode`](super::decode).
pub fn decode_gif(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    options.allow_unknown_blocks(true);
    let mut decoder = options.read_info(bytes).map_err(explain)?;
    let frame = decoder.next_frame_info().map_err(explain)?;
    let frame = frame.ok_or_else(|| DecodeError::Damaged("it has no frame".to_owned()))?;
    let Frame {
        left,
        top,
        width,
        height,
        interlaced,
        ..
    } = *frame;
    let [left, top, width, height] = [left, top, width, height].map(usize::from);
    let size = Size {
        width: (left + width).max(decoder.width().into()),
        height: (top + height).max(decoder.height().into()),
    };
    check_size(size.width as u32, size.height as u32)?;
    check_size(width as u32, height as u32)?;
    let mut samples = vec![0; size.pixels() * RGBA];
    let mut line = vec![0; width * RGBA];
    let (mut read, mut complete) = (0, true);
    for row in rows(height, interlaced) {
        match decoder.fill_buffer(&mut line) {
            Ok(true) => {}
            // as much as there is of a file that is cut off
            Ok(false) | Err(DecodingError::UnexpectedEof) if read > 0 => {
                complete = false;
                break;
            }
            Ok(false) => return Err(explain(DecodingError::UnexpectedEof)),
            Err(error) => return Err(explain(error)),
        }
        let start = ((top + row) * size.width + left) * RGBA;
        samples[start..start + line.len()].copy_from_slice(&line);
        read += 1;
    }
    let image = Rgb8 {
        width: size.width,
        height: size.height,
        pixels: rgb(samples, ColorType::Rgba8),
    };
    Ok(Decoded::upright(
        image,
        size,
        Orientation::NoTransforms,
        complete,
    ))
}

/// The rows of a frame in the order of the file (GIF89a, appendix E).
fn rows(height: usize, interlaced: bool) -> impl Iterator<Item = usize> {
    let passes: &[(usize, usize)] = match interlaced {
        true => &[(0, 8), (4, 8), (2, 4), (1, 2)],
        false => &[(0, 1)],
    };
    let pass = move |&(first, step): &(usize, usize)| (first..height).step_by(step);
    passes.iter().flat_map(pass)
}

fn explain(error: DecodingError) -> DecodeError {
    DecodeError::Damaged(error.to_string())
}
