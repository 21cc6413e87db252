//! From pixels to a network's input.

use super::rgb8::Rgb8;
use crate::network::CHANNELS;

/// Turns interleaved RGB8 pixels into a network's input, which is appended to `input`: a plane of red,
/// then of green, then of blue, each as long as the picture has pixels. A value is scaled to 0–1, then
/// `mean` is subtracted, then it is divided by `std`; both are in 0–1.
///
/// `pixels` is one picture, `[height, width, 3]`. Bytes after the last whole pixel are ignored, and a
/// deviation of 0 gives infinite or NaN values.
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

/// The input for one picture alone, `[3, height, width]`; see [`normalise_into`].
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
