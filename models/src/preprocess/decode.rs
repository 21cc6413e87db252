mod jpeg;

use std::io::Cursor;

use image::codecs::bmp::BmpDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::error::LimitErrorKind;
use image::metadata::Orientation;
use image::{ColorType, ImageDecoder, ImageError, ImageResult, Limits};

pub use jpeg::decode_jpeg;

use super::Rgb8;
use crate::network::CHANNELS;

/// The largest file that is decoded, in bytes.
pub const MAX_FILE_BYTES: usize = 64 << 20;

/// The longest side that is decoded, in pixels.
pub const MAX_SIDE: u32 = 16_384;

/// The most memory that decoding one file may take, in bytes.
const MAX_ALLOCATION: u64 = 512 << 20;

/// What shows through where a picture is transparent.
const PAPER: u32 = 255;

/// Why bytes did not become a picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// There are no bytes.
    #[error("the file is empty")]
    Empty,
    /// Not one of the formats.
    #[error("not a JPEG, PNG, WebP, GIF or BMP image")]
    NotAnImage,
    /// One of the formats, but damaged.
    #[error("the image is damaged: {0}")]
    Damaged(String),
    /// Too many bytes or pixels.
    #[error("the image is too large; 64 MB and 16384 pixels a side are the most")]
    TooLarge,
}

/// The formats that are decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Windows bitmap.
    Bmp,
    /// GIF, of which the first frame counts.
    Gif,
    /// JPEG, baseline and progressive.
    Jpeg,
    /// PNG.
    Png,
    /// WebP, lossy and lossless.
    WebP,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 5] = [
        Format::Bmp,
        Format::Gif,
        Format::Jpeg,
        Format::Png,
        Format::WebP,
    ];

    /// The format of a file, by its first bytes.
    ///
    /// # Errors
    ///
    /// Where there are no bytes, more than [`MAX_FILE_BYTES`], or those of another kind of file.
    pub fn of(bytes: &[u8]) -> Result<Format, DecodeError> {
        match bytes {
            [] => Err(DecodeError::Empty),
            bytes if bytes.len() > MAX_FILE_BYTES => Err(DecodeError::TooLarge),
            [b'B', b'M', ..] => Ok(Format::Bmp),
            [b'G', b'I', b'F', b'8', ..] => Ok(Format::Gif),
            [0xFF, 0xD8, 0xFF, ..] => Ok(Format::Jpeg),
            [0x89, b'P', b'N', b'G', ..] => Ok(Format::Png),
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => Ok(Format::WebP),
            _ => Err(DecodeError::NotAnImage),
        }
    }
}

/// Decodes a file of any [`Format`], whatever its name.
///
/// Pictures are turned upright as their EXIF data says, grey becomes RGB, and transparent parts
/// become white.
///
/// # Errors
///
/// Where the bytes are empty, no image, damaged, or larger than the limits.
pub fn decode(bytes: &[u8]) -> Result<Rgb8, DecodeError> {
    match Format::of(bytes)? {
        Format::Bmp => decode_bmp(bytes),
        Format::Gif => decode_gif(bytes),
        Format::Jpeg => decode_jpeg(bytes),
        Format::Png => decode_png(bytes),
        Format::WebP => decode_webp(bytes),
    }
}

/// [`decode`] for a [`Format::Bmp`] alone; the page has a bundle for each format.
///
/// # Errors
///
/// As [`decode`].
pub fn decode_bmp(bytes: &[u8]) -> Result<Rgb8, DecodeError> {
    read(BmpDecoder::new(Cursor::new(bytes)))
}

/// [`decode`] for a [`Format::Gif`] alone.
///
/// # Errors
///
/// As [`decode`].
pub fn decode_gif(bytes: &[u8]) -> Result<Rgb8, DecodeError> {
    read(GifDecoder::new(Cursor::new(bytes)))
}

/// [`decode`] for a [`Format::Png`] alone.
///
/// # Errors
///
/// As [`decode`].
pub fn decode_png(bytes: &[u8]) -> Result<Rgb8, DecodeError> {
    read(PngDecoder::new(Cursor::new(bytes)))
}

/// [`decode`] for a [`Format::WebP`] alone.
///
/// # Errors
///
/// As [`decode`].
pub fn decode_webp(bytes: &[u8]) -> Result<Rgb8, DecodeError> {
    read(WebPDecoder::new(Cursor::new(bytes)))
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

/// Turns and mirrors a picture as its EXIF data says.
fn upright(image: Rgb8, orientation: Orientation) -> Rgb8 {
    use Orientation::{
        FlipHorizontal, FlipVertical, NoTransforms, Rotate90, Rotate90FlipH, Rotate180, Rotate270,
        Rotate270FlipH,
    };
    if orientation == NoTransforms {
        return image;
    }
    let (right, bottom) = (image.width - 1, image.height - 1);
    let (width, height) = match orientation {
        Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH => (image.height, image.width),
        _ => (image.width, image.height),
    };
    let mut pixels = Vec::with_capacity(image.pixels.len());
    for y in 0..height {
        for x in 0..width {
            // where in the picture as stored the pixel lies
            let (from_x, from_y) = match orientation {
                NoTransforms => (x, y),
                FlipHorizontal => (right - x, y),
                FlipVertical => (x, bottom - y),
                Rotate180 => (right - x, bottom - y),
                Rotate90 => (y, bottom - x),
                Rotate270 => (right - y, x),
                Rotate90FlipH => (y, x),
                Rotate270FlipH => (right - y, bottom - x),
            };
            let start = (from_y * image.width + from_x) * CHANNELS;
            pixels.extend_from_slice(&image.pixels[start..start + CHANNELS]);
        }
    }
    Rgb8 {
        width,
        height,
        pixels,
    }
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
    fn every_kind_of_pixel_and_orientation_is_as_image_would_have_it() {
        let drawn = RgbImage::from_fn(3, 2, |x, y| image::Rgb([x as u8, y as u8, 9]));
        let image = Rgb8 {
            width: 3,
            height: 2,
            pixels: drawn.as_raw().clone(),
        };
        for exif in 1..=8 {
            let orientation = Orientation::from_exif(exif).expect("EXIF knows eight");
            let mut expected = DynamicImage::from(drawn.clone());
            expected.apply_orientation(orientation);
            let turned = upright(image.clone(), orientation);
            assert_eq!(
                (turned.width, turned.height),
                (expected.width() as usize, expected.height() as usize)
            );
            assert_eq!(
                turned.pixels,
                expected.into_rgb8().into_raw(),
                "EXIF {exif}"
            );
        }
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
