use std::fmt;
use std::str::FromStr;

use marquee_models::network::CHANNELS;
use marquee_models::preprocess::Rgb8;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The angles of rotated copies, in degrees and in the order in which copies are added. They are those
/// of the student project that Marquee grew out of.
pub const ANGLES: [u16; 4] = [45, 90, 165, 180];

/// What the picture of a dataset's row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// The poster of the film.
    Poster,
    /// Another design of the poster, to train on.
    Alternate,
    /// A copy of the poster, rotated counterclockwise by one of [`ANGLES`].
    Rotated(u16),
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Variant::Poster => f.write_str("poster"),
            Variant::Alternate => f.write_str("alternate"),
            Variant::Rotated(angle) => write!(f, "rotated {angle}"),
        }
    }
}

impl FromStr for Variant {
    type Err = String;

    fn from_str(text: &str) -> Result<Variant, String> {
        [Variant::Poster, Variant::Alternate]
            .into_iter()
            .chain(ANGLES.map(Variant::Rotated))
            .find(|variant| variant.to_string() == text)
            .ok_or_else(|| format!("{text:?} is not a variant of a poster"))
    }
}

impl Serialize for Variant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Variant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Variant, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl Variant {
    /// The picture that a network is to see, given the film's poster. A rotated one has the same size
    /// and black corners.
    #[must_use]
    pub fn apply(self, poster: Rgb8) -> Rgb8 {
        match self {
            Variant::Poster | Variant::Alternate => poster,
            Variant::Rotated(angle) => rotate(&poster, angle),
        }
    }
}

/// Rotates a picture counterclockwise about its middle and keeps its size, as Pillow's
/// `Image.rotate(angle)` does. The corners become black.
fn rotate(poster: &Rgb8, angle: u16) -> Rgb8 {
    let (sin, cos) = match angle {
        // exact values, so that no pixel is lost by rounding
        90 => (1.0, 0.0),
        180 => (0.0, -1.0),
        _ => f64::from(angle).to_radians().sin_cos(),
    };
    let middle = [poster.width as f64 / 2.0, poster.height as f64 / 2.0];
    let mut pixels = Vec::with_capacity(poster.pixels.len());
    for y in 0..poster.height {
        for x in 0..poster.width {
            // rotate the middle of this pixel back to the pixel that it comes from
            let (right, down) = (x as f64 + 0.5 - middle[0], y as f64 + 0.5 - middle[1]);
            let from_x = (cos * right - sin * down + middle[0]).floor();
            let from_y = (sin * right + cos * down + middle[1]).floor();
            let inside = (0.0..poster.width as f64).contains(&from_x)
                && (0.0..poster.height as f64).contains(&from_y);
            if inside {
                let at = (from_y as usize * poster.width + from_x as usize) * CHANNELS;
                pixels.extend_from_slice(&poster.pixels[at..at + CHANNELS]);
            } else {
                pixels.extend_from_slice(&[0; CHANNELS]);
            }
        }
    }
    Rgb8 {
        width: poster.width,
        height: poster.height,
        pixels,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(width: usize, height: usize) -> Rgb8 {
        Rgb8 {
            width,
            height,
            pixels: (1..=width * height)
                .flat_map(|number| [number as u8; CHANNELS])
                .collect(),
        }
    }

    fn reds(picture: &Rgb8) -> Vec<u8> {
        picture.pixels.iter().step_by(CHANNELS).copied().collect()
    }

    #[test]
    fn a_half_turn_reverses_and_a_quarter_turn_goes_counterclockwise() {
        let turned = Variant::Rotated(180).apply(numbers(3, 2));
        assert_eq!(reds(&turned), [6, 5, 4, 3, 2, 1]);
        let turned = Variant::Rotated(90).apply(numbers(3, 3));
        assert_eq!(reds(&turned), [3, 6, 9, 2, 5, 8, 1, 4, 7]);
    }

    #[test]
    fn between_them_corners_are_black() {
        let turned = Variant::Rotated(45).apply(numbers(5, 5));
        let reds = reds(&turned);
        assert_eq!((reds[0], reds[12]), (0, 13));
        assert_eq!(turned.pixels.len(), 75);
    }

    #[test]
    fn names_are_read_back() {
        for variant in [Variant::Poster, Variant::Alternate, Variant::Rotated(165)] {
            assert_eq!(variant.to_string().parse(), Ok(variant));
        }
        assert!("rotated 30".parse::<Variant>().is_err());
    }
}
