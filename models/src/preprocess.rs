//! Encoded bytes → RGB8 → resized → normalised: the only preprocessing in the project.
//!
//! Trainer, command line and page all come through here, so that training and serving cannot drift
//! apart. Decoding and resizing are integer arithmetic and give the same bytes natively and in a
//! browser.

#[cfg(feature = "decode")]
mod decode;

#[cfg(feature = "decode")]
mod resize;

#[cfg(feature = "decode")]
pub use decode::{
    DecodeError, Format, MAX_FILE_BYTES, MAX_SIDE, decode, decode_bmp, decode_gif, decode_jpeg,
    decode_png, decode_webp,
};

use crate::network::CHANNELS;

/// A picture of eight-bit red, green and blue, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rgb8 {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width * height * 3` bytes.
    pub pixels: Vec<u8>,
}

/// Interleaved RGB8 pixels as a network's input: planes of red, green and blue, each value scaled
/// to 0–1, less the mean, divided by the standard deviation. Appends to `input`.
///
/// `pixels` may hold several pictures only if each is appended on its own: the planes span all of
/// `pixels`.
pub fn normalise_into(
    pixels: &[u8],
    mean: &[f32; CHANNELS],
    std: &[f32; CHANNELS],
    input: &mut Vec<f32>,
) {
    for channel in 0..CHANNELS {
        let scale = 1.0 / (255.0 * std[channel]);
        let shift = mean[channel] / std[channel];
        let plane = pixels.chunks_exact(CHANNELS).map(|pixel| pixel[channel]);
        input.extend(plane.map(|value| f32::from(value) * scale - shift));
    }
}

/// [`normalise_into`] for one picture: `[3, height, width]`.
pub fn normalise(image: &Rgb8, mean: &[f32; CHANNELS], std: &[f32; CHANNELS]) -> Vec<f32> {
    let mut input = Vec::with_capacity(image.pixels.len());
    normalise_into(&image.pixels, mean, std, &mut input);
    input
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_become_planes_around_zero() {
        let image = Rgb8 {
            width: 2,
            height: 1,
            pixels: vec![255, 0, 51, 0, 0, 102],
        };
        let input = normalise(&image, &[0.5, 0.0, 0.2], &[0.5, 1.0, 0.1]);
        let expected = [1.0, -1.0, 0.0, 0.0, 0.0, 2.0];
        for (value, expected) in input.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-6, "{input:?}");
        }
    }
}
