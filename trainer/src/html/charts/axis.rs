//! Axes, and the round numbers along them.

use std::ops::Range;

use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint};
use plotters::prelude::*;

use super::label::text_width;

/// An axis with ticks where its chart wants them: plotters would place them by a guess at how wide
/// the labels are.
pub(crate) struct Axis {
    /// What the axis spans.
    pub(crate) range: Range<f64>,
    /// Where the ticks are, and their labels.
    pub(crate) ticks: Vec<(f64, String)>,
}

impl Axis {
    /// An axis whose ticks are labelled with what `label` makes of their values.
    pub(crate) fn new(range: Range<f64>, ticks: Vec<f64>, label: impl Fn(f64) -> String) -> Axis {
        let ticks = ticks.into_iter().map(|tick| (tick, label(tick))).collect();
        Axis { range, ticks }
    }

    /// Pixels that the labels of a vertical axis need, with the space beside them.
    pub(crate) fn label_width(&self) -> i32 {
        let labels = self.ticks.iter().map(|(_, label)| text_width(label));
        labels.max().unwrap_or(0) + 12
    }
}

impl Ranged for Axis {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (start, end): (i32, i32)) -> i32 {
        let share = (value - self.range.start) / (self.range.end - self.range.start);
        start + (share * f64::from(end - start)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks.iter().map(|(tick, _)| *tick).collect()
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

/// The smallest of 1, 2, 5, 10, 20, 50, … that is at least `least`.
pub(crate) fn round_step(least: f64) -> f64 {
    let mut power = 1.0;
    loop {
        for factor in [1.0, 2.0, 5.0] {
            if factor * power >= least {
                return factor * power;
            }
        }
        power *= 10.0;
    }
}

/// The numbers `from`, `from + step`, … up to and including `last`.
pub(crate) fn ticks(from: f64, last: f64, step: f64) -> Vec<f64> {
    let several = ((last - from) / step).floor();
    if several < 0.0 {
        return Vec::new();
    }
    (0..=several as usize)
        .map(|index| from + index as f64 * step)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        let steps = [0.0, 1.0, 1.5, 3.0, 7.0, 11.0, 23.0, 5_001.0].map(round_step);
        assert_eq!(steps, [1.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 10_000.0]);
    }
}
