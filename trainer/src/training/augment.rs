use marquee_models::network::{CHANNELS, Size};
use marquee_models::preprocess::Rgb8;
use rand::{Rng, RngExt};
use rand_distr::Beta;
use serde::{Deserialize, Serialize};

use crate::dataset::{ANGLES, Variant};

/// Brightness of red, green and blue (ITU-R BT.601).
const LUMA: [f32; CHANNELS] = [0.299, 0.587, 0.114];

/// How a poster is changed each time that it is trained on. All shares are from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Augment {
    /// Mirror every other poster.
    pub flip: bool,
    /// Show a random part of the poster, with at least this share of its width and height, stretched to the
    /// whole size. 1 for never.
    pub crop: f32,
    /// Shrink every other poster to a random size, at least this share of its own, and enlarge it again, so that
    /// the network learns to do without detail that small posters lack. 1 for never.
    pub shrink: f32,
    /// Move posters by up to this share of their width and height. Pixels of the edge are repeated.
    pub shift: f32,
    /// Multiply brightness, contrast and saturation by 1 plus or minus up to this.
    pub jitter: f32,
    /// Turn this share of the posters by one of [`ANGLES`], as the student project did.
    pub rotate: f32,
    /// Cover a rectangle with noise on this share of the posters (Zhong et al. 2020).
    pub erase: f32,
    /// MixUp: mix two posters and their targets by a share from a beta distribution with this
    /// parameter, at least 0, such as 0.2 (Zhang et al. 2018). 0 for none.
    pub mixup: f32,
}

/// The area that `erase` covers, as a share of the poster's.
const ERASED: std::ops::RangeInclusive<f32> = 0.02..=0.33;

/// The covered rectangle's width, as a share of its height, lies between this and its inverse.
const SLIMMEST: f32 = 0.3;

impl Default for Augment {
    fn default() -> Augment {
        Augment {
            flip: true,
            crop: 1.0,
            shrink: 1.0,
            shift: 0.1,
            jitter: 0.2,
            rotate: 0.0,
            erase: 0.0,
            mixup: 0.0,
        }
    }
}

impl Augment {
    /// Changes nothing.
    pub const NONE: Augment = Augment {
        flip: false,
        crop: 1.0,
        shrink: 1.0,
        shift: 0.0,
        jitter: 0.0,
        rotate: 0.0,
        erase: 0.0,
        mixup: 0.0,
    };

    /// Draws the share of the first of two posters that MixUp mixes; 1 without MixUp.
    pub(super) fn mixing_share(&self, rng: &mut impl Rng) -> f32 {
        match Beta::new(self.mixup, self.mixup) {
            Ok(beta) => rng.sample(beta),
            Err(_) => 1.0,
        }
    }

    /// Appends a changed copy of `poster`, RGB8 of this size, to `target`.
    ///
    /// # Panics
    ///
    /// If the poster has fewer pixels than `size` says.
    pub fn apply(&self, poster: &[u8], size: Size, rng: &mut impl Rng, target: &mut Vec<u8>) {
        // changes that are not asked for draw no random numbers, so that older recipes give the same
        let seen = self.resized(poster, size, rng);
        let poster = seen.as_ref().map_or(poster, |seen| &seen.pixels);
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
        if self.rotate > 0.0 && rng.random_bool(self.rotate.into()) {
            let turned = Variant::Rotated(ANGLES[rng.random_range(0..ANGLES.len())]).apply(Rgb8 {
                width: size.width,
                height: size.height,
                pixels: target.split_off(start),
            });
            target.extend_from_slice(&turned.pixels);
        }
        if self.erase > 0.0 && rng.random_bool(self.erase.into()) {
            erase(&mut target[start..], size, rng);
        }
    }
}

impl Augment {
    /// A random part of the poster, with random detail; `None` if all of it is to be seen as it is.
    fn resized(&self, poster: &[u8], size: Size, rng: &mut impl Rng) -> Option<Rgb8> {
        let mut seen = None;
        if self.crop < 1.0 {
            let mut part = |side: usize| {
                let share = rng.random_range(self.crop..=1.0);
                let length = ((side as f32 * share).round() as usize).clamp(1, side);
                (rng.random_range(0..=side - length), length)
            };
            let (columns, rows) = (part(size.width), part(size.height));
            seen = Some(cut(poster, size, columns, rows).resize(size));
        }
        if self.shrink < 1.0 && rng.random_bool(0.5) {
            let share = rng.random_range(self.shrink..=1.0);
            let side = |side: usize| ((side as f32 * share).round() as usize).max(1);
            let small = Size {
                width: side(size.width),
                height: side(size.height),
            };
            let whole =
                seen.unwrap_or_else(|| cut(poster, size, (0, size.width), (0, size.height)));
            seen = Some(whole.resize(small).resize(size));
        }
        seen
    }
}

/// The part of a poster, RGB8 of this size, that begins at these columns and rows and is this long.
fn cut(
    poster: &[u8],
    size: Size,
    (left, width): (usize, usize),
    (top, height): (usize, usize),
) -> Rgb8 {
    let lines = poster
        .chunks_exact(size.width * CHANNELS)
        .skip(top)
        .take(height);
    let pixels = lines.flat_map(|line| &line[left * CHANNELS..(left + width) * CHANNELS]);
    Rgb8 {
        width,
        height,
        pixels: pixels.copied().collect(),
    }
}

/// Covers a rectangle somewhere on a poster with noise.
fn erase(pixels: &mut [u8], size: Size, rng: &mut impl Rng) {
    let area = rng.random_range(ERASED) * size.pixels() as f32;
    let shape = rng.random_range(SLIMMEST.ln()..=-SLIMMEST.ln()).exp();
    let side = |length: f32, most: usize| (length.round() as usize).clamp(1, most);
    let width = side((area * shape).sqrt(), size.width);
    let height = side((area / shape).sqrt(), size.height);
    let left = rng.random_range(0..=size.width - width);
    let top = rng.random_range(0..=size.height - height);
    for y in top..top + height {
        let start = (y * size.width + left) * CHANNELS;
        rng.fill(&mut pixels[start..start + width * CHANNELS]);
    }
}

/// torchvision's `ColorJitter`, always in the order brightness, contrast, saturation.
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
    fn a_part_fills_the_poster_and_less_detail_leaves_its_colours() {
        let size = Size::square(32);
        // black on the left and white on the right, with a checkerboard of two greys at the bottom
        let colour = |at: usize| match (at % 32, at / 32) {
            (x, y) if y >= 16 => [100, 140][(x + y) % 2],
            (x, _) => 255 * u8::from(x >= 16),
        };
        let poster: Vec<u8> = (0..1024).flat_map(|at| [colour(at); CHANNELS]).collect();
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        let mut changed = |augment: Augment| {
            let mut copy = Vec::new();
            augment.apply(&poster, size, &mut rng, &mut copy);
            assert_eq!(copy.len(), poster.len());
            copy
        };
        let cropping = Augment {
            crop: 0.5,
            ..Augment::NONE
        };
        let edges = (0..100).map(|_| {
            let top: Vec<u8> = changed(cropping)
                .iter()
                .step_by(3)
                .take(32)
                .copied()
                .collect();
            top.iter().position(|value| *value > 127).unwrap_or(32)
        });
        let edges: Vec<usize> = edges.collect();
        assert!(
            edges.iter().any(|edge| *edge < 8) && edges.iter().any(|edge| *edge > 24),
            "{edges:?}"
        );

        let shrinking = Augment {
            shrink: 0.25,
            ..Augment::NONE
        };
        let contrasts: Vec<u8> = (0..100)
            .map(|_| {
                let copy = changed(shrinking);
                let (low, high) = (copy[28 * 96 + 48], copy[28 * 96 + 51]);
                assert!((90..=150).contains(&low), "{low}");
                assert!(
                    (copy[0], copy[31 * 3]) == (0, 255),
                    "the corners keep their colours"
                );
                low.abs_diff(high)
            })
            .collect();
        let whole = contrasts.iter().filter(|contrast| **contrast == 40).count();
        assert!((30..70).contains(&whole), "{whole} of 100 keep all detail");
        assert!(
            contrasts.iter().any(|contrast| *contrast < 5),
            "{contrasts:?}"
        );
    }

    #[test]
    fn noise_covers_a_part_and_some_posters_are_turned() {
        let size = Size::square(20);
        let white = [255; 1200];
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        let erasing = Augment {
            erase: 1.0,
            ..Augment::NONE
        };
        for _ in 0..50 {
            let mut copy = Vec::new();
            erasing.apply(&white, size, &mut rng, &mut copy);
            let covered = copy.chunks(CHANNELS).filter(|pixel| *pixel != [255; 3]);
            assert!((1..=200).contains(&covered.count()));
        }

        let turning = Augment {
            rotate: 0.5,
            ..Augment::NONE
        };
        let numbers: Vec<u8> = (0..1200).map(|value| (value % 251) as u8).collect();
        let turned = (0..400).filter(|_| {
            let mut copy = vec![7];
            turning.apply(&numbers, size, &mut rng, &mut copy);
            assert_eq!(copy.len(), 1201, "it is appended");
            copy[1..] != numbers
        });
        assert!((150..250).contains(&turned.count()));
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
