//! The decoder of JPEG, which nearly every poster needs.

use std::io::{ErrorKind, Read, Result as IoResult};

use image::metadata::Orientation;
use jpeg_decoder::{Decoder, Error, ImageInfo, PixelFormat, UnsupportedFeature};

use super::decoded::{Decoded, swaps};
use super::limits::{DecodeError, MAX_ALLOCATION, check_size};
use crate::network::{CHANNELS, Size};
use crate::preprocess::rgb8::Rgb8;

/// The size that a large JPEG has at least when it is decoded: at a half, a quarter or an eighth of its
/// size, if that is enough. The inputs of the shipped networks fit into it.
pub const ENOUGH: Size = Size {
    width: 224,
    height: 336,
};

/// How a JPEG file ends.
const END_OF_IMAGE: [u8; 2] = [0xFF, 0xD9];

/// Bytes that are no end, and in which any two neighbours differ.
const NO_END: [u8; 8] = [0x5A, 0x13, 0xC6, 0x2B, 0x97, 0x3C, 0xE1, 0x48];

/// Decodes a JPEG file alone, baseline or progressive, at the smallest of its scales (1/8, 1/4, 1/2
/// and 1) that has [`ENOUGH`] pixels in both directions: what is shrunk later anyway need not be
/// decoded. libjpeg calls it DCT scaling, and Pillow `draft`.
///
/// # Errors
///
/// As [`decode`](super::decode).
pub fn decode_jpeg(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let (mut decoded, ended) = decode_with(bytes, &[])?;
    if !ended {
        // The end of the file is missing. If nothing else is, other bytes in its place change nothing.
        let other = decode_with(bytes, &NO_END);
        decoded.complete = other.is_ok_and(|other| other.0.image == decoded.image);
    }
    Ok(decoded)
}

/// Decodes a file, with `padding` and ends of an image behind it. The flag says whether the file itself
/// has an end.
fn decode_with(bytes: &[u8], padding: &[u8]) -> Result<(Decoded, bool), DecodeError> {
    let mut reader = Padded::new(bytes, padding);
    let mut decoder = Decoder::new(&mut reader);
    decoder.set_max_decoding_buffer_size(MAX_ALLOCATION as usize);
    decoder.read_info().map_err(explain)?;
    let info = decoder.info().ok_or_else(no_picture)?;
    check_size(info.width.into(), info.height.into())?;
    let orientation = first_exif(bytes)
        .and_then(Orientation::from_exif_chunk)
        .unwrap_or(Orientation::NoTransforms);
    if let Some((width, height)) = reduced(&info, orientation) {
        decoder.scale(width, height).map_err(explain)?;
    }
    let samples = decoder.decode().map_err(explain)?;
    let scaled = decoder.info().ok_or_else(no_picture)?;
    let image = Rgb8 {
        width: scaled.width.into(),
        height: scaled.height.into(),
        pixels: rgb(samples, scaled.pixel_format)?,
    };
    let size = Size {
        width: info.width.into(),
        height: info.height.into(),
    };
    drop(decoder);
    Ok((
        Decoded::upright(image, size, orientation, true),
        !reader.used(),
    ))
}

/// The width and height at the smallest scale that is large enough; `None` if only the whole is.
fn reduced(info: &ImageInfo, orientation: Orientation) -> Option<(u16, u16)> {
    let (width, height) = match swaps(orientation) {
        true => (ENOUGH.height, ENOUGH.width),
        false => (ENOUGH.width, ENOUGH.height),
    };
    let scaled = [8, 4, 2].map(|by| (info.width.div_ceil(by), info.height.div_ceil(by)));
    let enough = |size: &&(u16, u16)| usize::from(size.0) >= width && usize::from(size.1) >= height;
    scaled.iter().find(enough).copied()
}

/// The contents of the first EXIF segment; later ones do not count, in browsers either.
fn first_exif(bytes: &[u8]) -> Option<&[u8]> {
    const EXIF: &[u8] = b"Exif\0\0";
    let mut rest = bytes.get(2..)?;
    loop {
        let (&[0xFF, marker], after) = rest.split_first_chunk()? else {
            return None;
        };
        if marker == 0xFF {
            // a fill byte
            rest = rest.get(1..)?;
            continue;
        }
        let (&length, _) = after.split_first_chunk()?;
        let length = usize::from(u16::from_be_bytes(length));
        let (segment, next) = (after.get(2..length)?, after.get(length..)?);
        match marker {
            // the pixels begin
            0xDA => return None,
            0xE1 if segment.starts_with(EXIF) => return Some(&segment[EXIF.len()..]),
            _ => rest = next,
        }
    }
}

/// Samples of any kind as RGB.
fn rgb(samples: Vec<u8>, format: PixelFormat) -> Result<Vec<u8>, DecodeError> {
    Ok(match format {
        PixelFormat::RGB24 => samples,
        PixelFormat::L8 => samples
            .into_iter()
            .flat_map(|grey| [grey; CHANNELS])
            .collect(),
        PixelFormat::CMYK32 => {
            let light = |ink: u8| u32::from(255 - ink);
            let pixels = samples.chunks_exact(4);
            let colours = pixels.flat_map(|pixel| {
                let black = light(pixel[3]);
                [0, 1, 2].map(|ink| (light(pixel[ink]) * black / 255) as u8)
            });
            colours.collect()
        }
        PixelFormat::L16 => return Err(DecodeError::Unsupported("JPEG with more than 8 bits")),
    })
}

fn no_picture() -> DecodeError {
    DecodeError::Damaged("it holds no picture".to_owned())
}

/// A file with something behind it: a decoder that misses the rest of a file stops there.
struct Padded<'a> {
    parts: [&'a [u8]; 2],
    ends: usize,
}

impl<'a> Padded<'a> {
    /// How many ends of an image are behind a file. A decoder that does not stop at one of them gets no
    /// more, and fails.
    const ENDS: usize = 16;

    fn new(bytes: &'a [u8], padding: &'a [u8]) -> Padded<'a> {
        Padded {
            parts: [bytes, padding],
            ends: Padded::ENDS * END_OF_IMAGE.len(),
        }
    }

    /// Fills `buffer` across the ends of the parts.
    #[cold]
    fn read_slowly(&mut self, mut buffer: &mut [u8]) -> IoResult<()> {
        while !buffer.is_empty() {
            let count = self.read(buffer)?;
            if count == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            buffer = &mut buffer[count..];
        }
        Ok(())
    }

    /// Whether more was read than the file.
    fn used(&self) -> bool {
        self.ends < Padded::ENDS * END_OF_IMAGE.len()
    }
}

impl Read for Padded<'_> {
    /// The decoder asks for one byte after the other, so this decides how long it takes.
    #[inline]
    fn read_exact(&mut self, buffer: &mut [u8]) -> IoResult<()> {
        let [file, _] = &mut self.parts;
        match file.split_at_checked(buffer.len()) {
            Some((bytes, rest)) => {
                buffer.copy_from_slice(bytes);
                *file = rest;
                Ok(())
            }
            None => self.read_slowly(buffer),
        }
    }

    fn read(&mut self, buffer: &mut [u8]) -> IoResult<usize> {
        if let Some(part) = self.parts.iter_mut().find(|part| !part.is_empty()) {
            return part.read(buffer);
        }
        let count = buffer.len().min(self.ends);
        for byte in &mut buffer[..count] {
            *byte = END_OF_IMAGE[self.ends % 2];
            self.ends -= 1;
        }
        Ok(count)
    }
}

fn explain(error: Error) -> DecodeError {
    let unsupported = match error {
        Error::Unsupported(unsupported) => unsupported,
        error => return DecodeError::Damaged(error.to_string()),
    };
    DecodeError::Unsupported(match unsupported {
        UnsupportedFeature::ArithmeticEntropyCoding => "JPEG with arithmetic coding",
        UnsupportedFeature::Hierarchical => "hierarchical JPEG",
        UnsupportedFeature::SamplePrecision(_) => "JPEG with more than 8 bits",
        UnsupportedFeature::ComponentCount(_) => "JPEG with this number of colours",
        UnsupportedFeature::SubsamplingRatio | UnsupportedFeature::NonIntegerSubsamplingRatio => {
            "JPEG with colours sampled like this"
        }
        _ => "kind of JPEG",
    })
}
