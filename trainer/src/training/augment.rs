use marquee_models::network::{CHANNELS, Size};
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

/// Brightness of red, green and blue (ITU-R BT.601).
const LUMA: [f32; CHANNELS] = [0.299, 0.587, 0.114];

/// How a poster is changed each time that it is trained on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Augment {
    /// Mirror every other poster.
    pub flip: bool,
    /// Move it by up to this share of its width and height; what comes in repeats the edge.
    pub shift: f32,
    /// Multiply brightness, contrast and saturation by up to this much more or less than 1.
    pub jitter: f32,
}

impl Default for Augment {
    fn default() -> Augment {
        Augment {
            flip: true,
            shift: 0.1,
            jitter: 0.2,
        }
    }
}

impl Augment {
    /// Nothing is changed.
    pub const NONE: Augment = Augment {
        flip: false,
        shift: 0.0,
        jitter: 0.0,
    };

    /// A changed copy of a poster: RGB8 of this size, appended to `target`.
    pub fn apply(&self, poster: &[u8], size: Size, rng: &mut impl Rng, target: &mut Vec<u8>) {
        let flip = self.flip && rng.random_bool(0.5);
        let reach = |side: usize| (self.shift * side as f32).round() as i32;
        let mut offset = |side: usize| match reach(side) {
            0 => 0,
            reach => rng.random_range(-reach..=reach),
        };
        let (dx, dy) = (offset(size.width), offset(size.height));
        let start = target.len();
        let clamp =
            |at: usize, by: i32, side: usize| (at as i32 + by).clamp(0, side as i32 - 1) as usize;
        for y in 0..size.height {
            let row = &poster[clamp(y, dy, size.height) * size.width * CHANNELS..];
            for x in 0..size.width {
                let x = if flip { size.width - 1 - x } else { x };
                let x = clamp(x, dx, size.width);
                target.extend_from_slice(&row[x * CHANNELS..][..CHANNELS]);
            }
        }
        if self.jitter > 0.0 {
            let mut factor = || rng.random_range(1.0 - self.jitter..=1.0 + self.jitter);
            jitter(&mut target[start..], factor(), factor(), factor());
        }
    }
}

/// As torchvision's `ColorJitter`, always in the order brightness, contrast, saturation.
fn jitter(pixels: &mut [u8], brightness: f32, contrast: f32, saturation: f32) {
    let luma = |pixel: &[u8]| -> f32 {
        pixel
            .iter()
            .zip(LUMA)
            .map(|(value, weight)| f32::from(*value) * weight)
            .sum()
    };
    let count = (pixels.len() / CHANNELS) as f32;
    let mean = pixels.chunks_exact(CHANNELS).map(luma).sum::<f32>() / count * brightness;
    for pixel in pixels.chunks_exact_mut(CHANNELS) {
        let grey = (luma(pixel) * brightness - mean) * contrast + mean;
        for value in pixel {
            let bright = (f32::from(*value) * brightness - mean) * contrast + mean;
            *value = (grey + (bright - grey) * saturation)
                .round()
                .clamp(0.0, 255.0) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    const SIZE: Size = Size {
        width: 3,
        height: 2,
    };
    const POSTER: [u8; 18] = [
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
    ];

    #[test]
    fn without_augmentation_a_poster_stays_as_it_is() {
        let mut copy = Vec::new();
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        Augment::NONE.apply(&POSTER, SIZE, &mut rng, &mut copy);
        assert_eq!(copy, POSTER);
    }

    #[test]
    fn a_flip_mirrors_whole_pixels() {
        let flip = Augment {
            flip: true,
            ..Augment::NONE
        };
        let mirrored = [
            7, 8, 9, 4, 5, 6, 1, 2, 3, 16, 17, 18, 13, 14, 15, 10, 11, 12,
        ];
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        let mut seen = [false; 2];
        for _ in 0..20 {
            let mut copy = Vec::new();
            flip.apply(&POSTER, SIZE, &mut rng, &mut copy);
            assert!(copy == POSTER || copy == mirrored);
            seen[usize::from(copy == mirrored)] = true;
        }
        assert_eq!(seen, [true, true]);
    }

    #[test]
    fn jitter_without_contrast_is_flat_and_without_saturation_grey() {
        let mut flat = POSTER;
        jitter(&mut flat, 1.0, 0.0, 1.0);
        assert!(flat.iter().all(|value| *value == flat[0]), "{flat:?}");
        let mut grey = [200, 100, 0];
        jitter(&mut grey, 1.0, 1.0, 0.0);
        assert_eq!(grey, [119, 119, 119]);
    }
}
