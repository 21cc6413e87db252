//! Logarithmic axes for sides of posters.

use crate::html::charts::{Axis, text_width};
use crate::html::numbers::thousands;

/// Pixels that a label of a vertical axis needs above its middle, and below it.
const HALF_LINE: f64 = 14.0;

/// The range of an axis in natural logarithms of pixels, and the round sides within it.
pub(super) struct LogAxis {
    /// Where it begins.
    pub(super) low: f64,
    /// Where it ends.
    pub(super) high: f64,
    /// Sides in pixels that may be labelled.
    sides: Vec<usize>,
}

impl LogAxis {
    /// An axis for sides in pixels, with some room around them.
    pub(super) fn new(sides: impl Iterator<Item = u32> + Clone) -> LogAxis {
        let low = logarithm(sides.clone().min().unwrap_or(1));
        let high = logarithm(sides.max().unwrap_or(1));
        // room for the discs, and for some labels around a single size
        let room = f64::max((high - low) * 0.12, (1.1 - (high - low)) / 2.0);
        let (low, high) = (low - room, high + room);
        LogAxis {
            low,
            high,
            sides: round_sides(low, high),
        }
    }

    /// How much of a logarithm a pixel is, where the axis is this many pixels long.
    pub(super) fn per_pixel(&self, pixels: f64) -> f64 {
        (self.high - self.low) / pixels
    }

    /// The axis, this many pixels wide.
    pub(super) fn horizontal(&self, pixels: f64) -> Axis {
        let gap = 2 * text_width("0");
        self.labelled(pixels, |label| f64::from(text_width(label) + gap) / 2.0)
    }

    /// The axis, this many pixels high.
    pub(super) fn vertical(&self, pixels: f64) -> Axis {
        self.labelled(pixels, |_| HALF_LINE)
    }

    /// The axis without those labels that would overlap; `half` is how many pixels a label needs on
    /// each side of its tick.
    fn labelled(&self, pixels: f64, half: impl Fn(&str) -> f64) -> Axis {
        let mut ticks = Vec::new();
        let mut free = f64::NEG_INFINITY;
        for &side in &self.sides {
            let (at, label) = ((side as f64).ln(), thousands(side));
            let pixel = (at - self.low) / self.per_pixel(pixels);
            let half = half(&label);
            if pixel - half >= free {
                ticks.push((at, label));
                free = pixel + half;
            }
        }
        Axis {
            range: self.low..self.high,
            ticks,
        }
    }
}

/// The natural logarithm of a side. A damaged table of sizes may have sides of 0, which no poster has:
/// they count as 1.
pub(super) fn logarithm(side: u32) -> f64 {
    f64::from(side.max(1)).ln()
}

/// Round numbers of pixels between two logarithms: all of one digit and zeros where the axis is short.
fn round_sides(low: f64, high: f64) -> Vec<usize> {
    let digits: &[usize] = match high - low < 2.0 {
        true => &[1, 2, 3, 4, 5, 6, 7, 8, 9],
        false => &[1, 2, 5],
    };
    let powers = (0..10).map(|power| 10usize.pow(power));
    powers
        .flat_map(|power| digits.iter().map(move |digit| digit * power))
        .filter(|side| (low..=high).contains(&(*side as f64).ln()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_size_has_numbers_around_it() {
        let axis = LogAxis::new([500].into_iter());
        assert!(axis.low.exp() < 400.0 && axis.high.exp() > 600.0);
        assert!(axis.horizontal(300.0).ticks.len() >= 3);
    }
}
