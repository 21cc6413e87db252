//! The decoders of the formats that the `image` crate reads as browsers do.

use std::borrow::Cow;
use std::io::{Cursor, ErrorKind};

use image::codecs::bmp::BmpDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::error::LimitErrorKind;
use image::metadata::Orientation;
use image::{ColorType, ImageDecoder, ImageError, Limits};

use super::decoded::Decoded;
use super::limits::{DecodeError, MAX_ALLOCATION, MAX_FILE_BYTES, check_size};
use crate::network::{CHANNELS, Size};
use crate::preprocess::rgb8::Rgb8;

/// The grey level that shows through where a picture is transparent: white.
const PAPER: u32 = 255;

/// Where a WebP file of many parts has its flags, and those of parts that are not used: colour profile,
/// EXIF and XMP (WebP Container Specification).
const FLAGS: usize = 20;
const METADATA: u8 = 0x20 | 0x08 | 0x04;

/// Decodes a PNG file alone; the page has a program for each format.
///
/// # Errors
///
/// As [`decode`](super::decode).
pub fn decode_png(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let mut decoder = PngDecoder::new(Cursor::new(bytes)).map_err(explain)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    read(decoder, orientation)
}

/// Decodes a BMP file alone.
///
/// # Errors
///
/// As [`decode`](super::decode).
pub fn decode_bmp(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let decoder = BmpDecoder::new(Cursor::new(bytes)).map_err(explain)?;
    read(decoder, Orientation::NoTransforms)
}

/// Decodes a WebP file alone. Browsers do not turn WebP pictures as their EXIF data says.
///
/// # Errors
///
/// As [`decode`](super::decode).
pub fn decode_webp(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    // bytes 4 to 7 say how many follow
    let rest = bytes.get(4..).and_then(|rest| rest.first_chunk());
    let length = rest.map_or(0, |&length| u32::from_le_bytes(length) as usize) + 8;
    let cut_off = bytes.len() < length && length <= MAX_FILE_BYTES.min(8 * bytes.len());
    let mut bytes = Cow::Borrowed(bytes);
    if cut_off {
        // the decoder gives what it has read only if it gets all
        bytes.to_mut().resize(length, 0);
    }
    if let [.., flags] = bytes.get(..=FLAGS).unwrap_or_default()
        && bytes[12..].starts_with(b"VP8X")
        && flags & METADATA > 0
    {
        // the decoder refuses a file that promises a profile or EXIF data and has none
        bytes.to_mut()[FLAGS] &= !METADATA;
    }
    let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(explain)?;
    let mut decoded = read(decoder, Orientation::NoTransforms)?;
    decoded.complete &= !cut_off;
    Ok(decoded)
}

/// Reads the picture that a decoder has found, or as much as there is of one that is cut off.
///
/// `image::DynamicImage` does the same for every kind of pixel there is, which would double what
/// the page downloads.
fn read(mut decoder: impl ImageDecoder, orientation: Orientation) -> Result<Decoded, DecodeError> {
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    if decoder.total_bytes() > MAX_ALLOCATION {
        return Err(DecodeError::TooLarge);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_ALLOCATION);
    decoder.set_limits(limits).map_err(explain)?;
    let color = decoder.color_type();
    let mut samples = vec![u8::MAX; decoder.total_bytes() as usize];
    let complete = match decoder.read_image(&mut samples) {
        Ok(()) => true,
        Err(ImageError::IoError(error))
            if error.kind() == ErrorKind::UnexpectedEof
                && samples.iter().any(|&sample| sample < u8::MAX) =>
        {
            if bytes_of_sample(color) == 2 {
                // `image` turns the bytes of PNG's samples only after the last
                samples.chunks_exact_mut(2).for_each(<[u8]>::reverse);
            }
            false
        }
        Err(error) => return Err(explain(error)),
    };
    let size = Size {
        width: width as usize,
        height: height as usize,
    };
    let image = Rgb8 {
        width: size.width,
        height: size.height,
        pixels: rgb(samples, color),
    };
    Ok(Decoded::upright(image, size, orientation, complete))
}

fn bytes_of_sample(color: ColorType) -> usize {
    usize::from(color.bytes_per_pixel() / color.channel_count())
}

/// Samples of any kind as eight-bit RGB.
pub(super) fn rgb(samples: Vec<u8>, color: ColorType) -> Vec<u8> {
    if color == ColorType::Rgb8 {
        return samples;
    }
    let channels = usize::from(color.channel_count());
    let bytes = bytes_of_sample(color);
    let value = |sample: &[u8]| match *sample {
        [first, second] => (u32::from(u16::from_ne_bytes([first, second])) * 255 + 32_767) / 65_535,
        _ => u32::from(sample[0]),
    };
    let mut pixels = Vec::with_capacity(samples.len() / (channels * bytes) * CHANNELS);
    for pixel in samples.chunks_exact(channels * bytes) {
        let sample = |channel: usize| value(&pixel[channel * bytes..][..bytes]);
        let alpha = match channels {
            2 | 4 => sample(channels - 1),
            _ => 255,
        };
        for channel in 0..CHANNELS {
            let own = if channels < CHANNELS { 0 } else { channel };
            let mixed = sample(own) * alpha + PAPER * (255 - alpha);
            pixels.push(((mixed + 127) / 255) as u8);
        }
    }
    pixels
}

impl Rgb8 {
    /// A picture from samples that another program has decoded: `[height, width, channels]`, of grey, grey and
    /// opacity, RGB, or RGB and opacity, with one or two bytes each, in this machine's order. Transparent parts become
    /// white, and 16 bits are scaled to 8, as [`decode`](super::decode) does.
    ///
    /// # Errors
    ///
    /// If there are other than 1 to 4 channels or 1 or 2 bytes, the samples are more or fewer, or the picture is larger
    /// than the limits.
    pub fn from_samples(
        size: Size,
        channels: usize,
        bytes: usize,
        samples: Vec<u8>,
    ) -> Result<Rgb8, DecodeError> {
        let color = match (channels, bytes) {
            (1, 1) => ColorType::L8,
            (2, 1) => ColorType::La8,
            (3, 1) => ColorType::Rgb8,
            (4, 1) => ColorType::Rgba8,
            (1, 2) => ColorType::L16,
            (2, 2) => ColorType::La16,
            (3, 2) => ColorType::Rgb16,
            (4, 2) => ColorType::Rgba16,
            _ => {
                return Err(DecodeError::Unsupported(
                    "pixels have 1 to 4 channels of 8 or 16 bits",
                ));
            }
        };
        let side = |side| u32::try_from(side).unwrap_or(u32::MAX);
        check_size(side(size.width), side(size.height))?;
        if samples.len() != size.pixels() * channels * bytes {
            return Err(DecodeError::Damaged(format!(
                "{} bytes do not make a picture of {size}",
                samples.len()
            )));
        }
        Ok(Rgb8 {
            width: size.width,
            height: size.height,
            pixels: rgb(samples, color),
        })
    }
}

fn explain(error: ImageError) -> DecodeError {
    match error {
        ImageError::Unsupported(_) => DecodeError::Unsupported("one that few programs write"),
        ImageError::Limits(limits) => match limits.kind() {
            LimitErrorKind::DimensionError | LimitErrorKind::InsufficientMemory => {
                DecodeError::TooLarge
            }
            _ => DecodeError::Damaged(limits.to_string()),
        },
        error => DecodeError::Damaged(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, RgbImage};

    /// `image`'s own conversions are the reference for ours.
    #[test]
    fn every_kind_of_pixel_is_as_image_would_have_it() {
        let drawn = RgbImage::from_fn(3, 2, |x, y| image::Rgb([x as u8, y as u8, 9]));
        let drawn = DynamicImage::from(drawn);
        for image in [
            DynamicImage::from(drawn.to_luma8()),
            DynamicImage::from(drawn.to_luma16()),
            DynamicImage::from(drawn.to_luma_alpha8()),
            DynamicImage::from(drawn.to_rgb16()),
            DynamicImage::from(drawn.to_rgba8()),
            DynamicImage::from(drawn.to_rgba16()),
        ] {
            let color = image.color();
            let pixels = rgb(image.as_bytes().to_vec(), color);
            assert_eq!(pixels, image.into_rgb8().into_raw(), "{color:?}");
        }
    }
}
