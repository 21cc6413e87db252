//! Posters that the tests draw, so that they need none of a film.

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::io::Cursor;

/// The quality of drawn JPEGs, similar to TMDB's.
const JPEG_QUALITY: u8 = 85;

/// A poster of this size: a sky that fades, some discs, and a block of stripes as a title.
///
/// `hue` (0–5) sets the colours, by which a network can tell posters apart; `seed` sets everything
/// else.
pub(crate) fn poster(hue: usize, seed: u64, width: u32, height: u32) -> RgbImage {
    const PALETTE: [([f32; 3], [f32; 3]); 6] = [
        ([230.0, 90.0, 20.0], [60.0, 15.0, 5.0]),
        ([250.0, 220.0, 60.0], [60.0, 160.0, 240.0]),
        ([235.0, 235.0, 225.0], [170.0, 165.0, 150.0]),
        ([20.0, 18.0, 24.0], [110.0, 5.0, 10.0]),
        ([250.0, 190.0, 205.0], [200.0, 70.0, 120.0]),
        ([10.0, 30.0, 60.0], [30.0, 200.0, 190.0]),
    ];
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (sky, ground) = PALETTE[hue % PALETTE.len()];
    let discs: Vec<(f32, f32, f32, f32)> = (0..rng.random_range(2..6))
        .map(|_| {
            let radius = rng.random_range(0.05..0.3);
            (
                rng.random(),
                rng.random(),
                radius,
                rng.random_range(0.4..1.6),
            )
        })
        .collect();
    let title = rng.random_range(0.6..0.85_f32);
    let grain = rng.random_range(4.0..30.0_f32);
    RgbImage::from_fn(width, height, |x, y| {
        let (u, v) = (x as f32 / width as f32, y as f32 / height as f32);
        let mut light = 1.0;
        for (cx, cy, radius, strength) in &discs {
            if (u - cx).hypot((v - cy) * 1.5) < *radius {
                light *= strength;
            }
        }
        if (title..title + 0.08).contains(&v) && !((u * 24.0) as u32).is_multiple_of(3) {
            light *= 0.3;
        }
        let noise = rng.random_range(-grain..grain);
        Rgb(std::array::from_fn(|channel| {
            let colour = sky[channel] + (ground[channel] - sky[channel]) * v;
            (colour * light + noise).clamp(0.0, 255.0) as u8
        }))
    })
}

/// A poster as a file of this format.
pub(crate) fn encode(poster: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let poster = poster.into();
    let written = match format {
        ImageFormat::Jpeg => {
            poster.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY))
        }
        format => poster.write_to(&mut bytes, format),
    };
    written.expect("a drawn poster can be encoded");
    bytes.into_inner()
}
