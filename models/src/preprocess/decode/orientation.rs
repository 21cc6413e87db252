//! Turning a picture upright.

use image::metadata::Orientation;

use crate::network::CHANNELS;
use crate::preprocess::rgb8::Rgb8;

/// Turns and mirrors a picture as its EXIF data says.
pub(super) fn upright(image: Rgb8, orientation: Orientation) -> Rgb8 {
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

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, RgbImage};

    /// `image`'s own conversion is the reference for ours.
    #[test]
    fn every_orientation_is_as_image_would_have_it() {
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
    }
}
