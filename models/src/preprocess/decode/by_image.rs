//! The decoders of all formats but JPEG, which are those of the `image` crate.

use std::io::Cursor;

use image::codecs::bmp::BmpDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::error::LimitErrorKind;
use image::{ColorType, ImageDecoder, ImageError, ImageResult, Limits};

use super::limits::{DecodeError, MAX_ALLOCATION, MAX_SIDE};
use super::orientation::upright;
use crate::network::CHANNELS;
use crate::preprocess::rgb8::Rgb8;

/// The grey level that shows through where a picture is transparent: white.
const PAPER: u32 = 255;

macro_rules! decoders {
    ($($name:ident, $decoder:ident, $file:literal;)+) => {$(
        #[doc = concat!("Decodes ", $file, " alone; the page has a program for each format.")]
        ///
        /// # Errors
        ///
        /// As [`decode`](super::decode).
        pub fn $name(bytes: &[u8]) -> Result<Rgb8, DecodeError> {
            read($decoder::new(Cursor::new(bytes)))
        }
    )+};
}

decoders! {
    decode_bmp, BmpDecoder, "a BMP file";
    decode_gif, GifDecoder, "a GIF file's first frame";
    decode_png, PngDecoder, "a PNG file";
    decode_webp, WebPDecoder, "a WebP file";
}

/// Reads the picture that a decoder has found.
///
/// `image::DynamicImage` does the same for every kind of pixel there is, which would double what
/// the page downloads.
fn read(decoder: ImageResult<impl ImageDecoder>) -> Result<Rgb8, DecodeError> {
    let mut decoder = decoder.map_err(explain)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOCATION);
    decoder.set_limits(limits).map_err(explain)?;
    if decoder.total_bytes() > MAX_ALLOCATION {
        return Err(DecodeError::TooLarge);
    }
    let orientation = decoder.orientation().map_err(explain)?;
    let (width, height) = decoder.dimensions();
    let color = decoder.color_type();
    let mut samples = vec![0; decoder.total_bytes() as usize];
    decoder.read_image(&mut samples).map_err(explain)?;
    let image = Rgb8 {
        width: width as usize,
        height: height as usize,
        pixels: rgb(samples, color),
    };
    Ok(upright(image, orientation))
}

/// Samples of any kind as eight-bit RGB.
fn rgb(samples: Vec<u8>, color: ColorType) -> Vec<u8> {
    if color == ColorType::Rgb8 {
        return samples;
    }
    let channels = usize::from(color.channel_count());
    let bytes = usize::from(color.bytes_per_pixel()) / channels;
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

fn explain(error: ImageError) -> DecodeError {
    match error {
        ImageError::Unsupported(_) => DecodeError::NotAnImage,
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
