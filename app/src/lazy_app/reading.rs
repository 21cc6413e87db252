//! What several parts use of a network's answer: its likeliest class, and its input as a picture.

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use js_sys::{Array, Uint8Array};
use marquee_app::channel::{Network, Shown};
use marquee_app::protocol::Picture;
use marquee_app::protocol::networks_worker::Reading;
use marquee_models::math::argmax;
use web_sys::{Blob, BlobPropertyBag};

/// The poster on show and what the network that answers reads in it.
#[derive(Clone)]
pub(crate) struct Answered {
    /// The poster.
    pub(crate) shown: Shown,
    /// The network.
    pub(crate) network: Network,
    /// Its answer.
    pub(crate) reading: Reading,
    /// The poster made small.
    pub(crate) thumbnail: Picture,
}

/// The likeliest class and its probability.
pub(crate) fn winner(reading: &Reading) -> Option<(String, f32)> {
    let (labels, probabilities) = (&reading.labels, &reading.probabilities);
    let class = argmax(probabilities);
    Some((labels.get(class)?.clone(), *probabilities.get(class)?))
}

/// RGB8 pixels, row by row, as a PNG, from which the very same pixels are read again.
///
/// # Errors
///
/// Where there are not as many as width and height say.
pub(crate) fn png(width: u32, height: u32, pixels: &[u8]) -> Result<Vec<u8>, String> {
    if pixels.len() as u64 != 3 * u64::from(width) * u64::from(height) {
        let found = pixels.len();
        return Err(format!("{found} bytes are no {width}x{height} pixels"));
    }
    let mut png = Vec::new();
    PngEncoder::new(&mut png)
        .write_image(pixels, width, height, ExtendedColorType::Rgb8)
        .map_err(|error| error.to_string())?;
    Ok(png)
}

/// Bytes as a file of this type, such as `image/png`.
pub(crate) fn file(bytes: &Uint8Array, kind: &str) -> Option<Blob> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    Blob::new_with_u8_array_sequence_and_options(&Array::of1(bytes), &options).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_network_saw_is_read_again_as_it_was() {
        let pixels: Vec<u8> = (0..4 * 6 * 3).map(|at| (at * 7) as u8).collect();
        let png = png(4, 6, &pixels).expect("a picture");
        let again = image::load_from_memory(&png).expect("a PNG").into_rgb8();
        assert_eq!(again.dimensions(), (4, 6));
        assert_eq!(again.into_raw(), pixels);
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert!(png(4, 7, &[0; 72]).is_err());
        assert!(png(0, 7, &[0; 72]).is_err());
    }
}
