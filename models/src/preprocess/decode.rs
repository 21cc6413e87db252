use std::io::Cursor;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::error::LimitErrorKind;
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits, RgbImage};

use super::Rgb8;
use crate::network::{CHANNELS, Size};

/// The largest file that is decoded, in bytes.
pub const MAX_FILE_BYTES: usize = 64 << 20;

/// The longest side that is decoded, in pixels.
pub const MAX_SIDE: u32 = 16_384;

/// The most memory that decoding one file may take, in bytes.
const MAX_ALLOCATION: u64 = 512 << 20;

/// What shows through where a picture is transparent.
const PAPER: u8 = 255;

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

/// Decodes a JPEG, PNG, WebP, GIF (its first frame) or BMP file, whatever its name.
///
/// Pictures are turned upright as their EXIF data says, grey becomes RGB, and transparent parts
/// become white.
///
/// # Errors
///
/// Where the bytes are empty, no image, damaged, or larger than the limits.
pub fn decode(bytes: &[u8]) -> Result<Rgb8, DecodeError> {
    if bytes.is_empty() {
        return Err(DecodeError::Empty);
    }
    if bytes.len() > MAX_FILE_BYTES {
        return Err(DecodeError::TooLarge);
    }
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|error| DecodeError::Damaged(error.to_string()))?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOCATION);
    reader.limits(limits);

    let mut decoder = reader.into_decoder().map_err(explain)?;
    let orientation = decoder.orientation().map_err(explain)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(explain)?;
    image.apply_orientation(orientation);

    let image = if image.color().has_alpha() {
        on_paper(&image)
    } else {
        image.into_rgb8()
    };
    Ok(Rgb8 {
        width: image.width() as usize,
        height: image.height() as usize,
        pixels: image.into_raw(),
    })
}

fn on_paper(image: &DynamicImage) -> RgbImage {
    let source = image.to_rgba8();
    let mut target = RgbImage::new(source.width(), source.height());
    for (target, source) in target.pixels_mut().zip(source.pixels()) {
        let alpha = u32::from(source[3]);
        for channel in 0..CHANNELS {
            let mixed = u32::from(source[channel]) * alpha + u32::from(PAPER) * (255 - alpha);
            target[channel] = ((mixed + 127) / 255) as u8;
        }
    }
    target
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

impl Rgb8 {
    /// Squeezed or stretched to this size, whatever the shape was: a triangle filter as wide as
    /// the reduction (PyTorch's and Pillow's antialiased *bilinear*).
    pub fn resize(&self, size: Size) -> Rgb8 {
        let mut target = Image::new(size.width as u32, size.height as u32, PixelType::U8x3);
        let source = ImageRef::new(
            self.width as u32,
            self.height as u32,
            &self.pixels,
            PixelType::U8x3,
        )
        .expect("an Rgb8 holds width * height * 3 bytes");
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
        Resizer::new()
            .resize(&source, &mut target, &options)
            .expect("source and target have the same kind of pixels");
        Rgb8 {
            width: size.width,
            height: size.height,
            pixels: target.into_vec(),
        }
    }
}
