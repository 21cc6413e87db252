//! The report's charts.

use std::ops::Range;

use anyhow::Result;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::evaluation::CalibrationBin;
use crate::evaluation::bootstrap::Estimate;
use crate::html::charts::{
    ACCENT, Axis, Frame, INK, LINE, QUIET, SERIES, label_style, round_step, shortened, svg,
    text_width, ticks,
};

/// One line of a chart.
pub(super) struct Line {
    /// Its colour, as an index into [`SERIES`].
    pub(super) series: usize,
    /// Points from left to right.
    pub(super) points: Vec<(f64, f64)>,
}

/// The range between the round numbers around values, which is never empty, and the step between
/// round numbers.
fn around(values: impl Iterator<Item = f64> + Clone) -> (Range<f64>, f64) {
    let low = values.clone().fold(f64::INFINITY, f64::min);
    let high = values.fold(f64::NEG_INFINITY, f64::max);
    let step = step((high - low).max(1e-3) / 4.0);
    let (from, to) = ((low / step).floor() * step, (high / step).ceil() * step);
    (from..to.max(from + step), step)
}

/// The smallest of 0.001, 0.002, 0.005, 0.01, … that is at least `least`.
fn step(least: f64) -> f64 {
    round_step(least * 1_000.0) / 1_000.0
}

/// A metric after each epoch, a line for each split. `width` is in pixels.
pub(super) fn by_epoch(lines: &[Line], width: u32) -> Result<String> {
    const HEIGHT: u32 = 260;
    let points = || lines.iter().flat_map(|line| &line.points);
    let (range, height) = around(points().map(|(_, value)| *value));
    let values = ticks(range.start, range.end + height / 2.0, height);
    let decimals = if height < 0.01 { 3 } else { 2 };
    let last = points().fold(1.0, |last: f64, (epoch, _)| last.max(*epoch));
    // the point of a run of one epoch is in the middle
    let epochs = if last > 1.0 { 1.0..last } else { 0.0..2.0 };
    let apart = f64::from(text_width("100") + 20) / f64::from(width) * last;
    let apart = round_step(apart.max(last / 8.0));
    let mut labelled = ticks(apart, last, apart);
    if apart > 1.0 || labelled.is_empty() {
        labelled.insert(0, 1.0);
    }

    let epochs = Axis::new(epochs, labelled, |epoch| format!("{epoch:.0}"));
    let values = Axis::new(range, values, |value| format!("{value:.decimals$}"));

    svg((width, HEIGHT), |canvas| {
        let frame = Frame {
            right: 12,
            titles: None,
        };
        let mut chart = frame.draw(canvas, epochs, values)?;
        for line in lines {
            let colour = SERIES[line.series];
            chart.draw_series(LineSeries::new(
                line.points.iter().copied(),
                colour.stroke_width(2),
            ))?;
            if let Some(end) = line.points.last() {
                chart.draw_series([Circle::new(*end, 4, colour.filled())])?;
            }
        }
        Ok(())
    })
}

/// How often answers of about the same confidence are right, a line for each series. Where confidences
/// are exact, the line is the dashed diagonal. `width` is in pixels.
pub(super) fn by_confidence(curves: &[(usize, &[CalibrationBin])], width: u32) -> Result<String> {
    let height = if width < 500 { 330 } else { 430 };
    let steps = || curves.iter().flat_map(|(_, steps)| *steps);
    let axis = || {
        Axis::new(0.0..1.0, ticks(0.0, 1.01, 0.2), |share| {
            format!("{:.0} %", 100.0 * share)
        })
    };
    let most = steps().map(|step| step.films).max().unwrap_or(1).max(1) as f64;

    svg((width, height), |canvas| {
        let frame = Frame {
            right: 20,
            titles: Some(["confidence", "right"]),
        };
        let mut chart = frame.draw(canvas, axis(), axis())?;
        chart.draw_series(DashedLineSeries::new(
            [(0.0, 0.0), (1.0, 1.0)],
            6,
            5,
            QUIET.stroke_width(1),
        ))?;
        for (series, steps) in curves {
            let colour = SERIES[*series];
            let points = steps.iter().map(|step| (step.confidence, step.right));
            chart.draw_series(LineSeries::new(points, colour.stroke_width(2)))?;
            chart.draw_series(steps.iter().map(|step| {
                let radius = 3.0 + 6.0 * (step.films as f64 / most).sqrt();
                Circle::new(
                    (step.confidence, step.right),
                    radius.round() as i32,
                    colour.filled(),
                )
            }))?;
        }
        Ok(())
    })
}

/// A mark for each estimate, with its interval to either side. The first, with which the others are
/// compared, is highlighted. `width` is in pixels.
pub(super) fn by_estimate(rows: &[(&str, Estimate)], width: u32) -> Result<String> {
    const ROW: i32 = 44;
    const LABEL: i32 = 24;
    const BOTTOM: i32 = 30;

    let width = i32::try_from(width)?;
    // A name is left of its mark where there is room, and otherwise above it.
    let beside = width >= 600;
    let longest = rows
        .iter()
        .map(|(name, _)| text_width(name))
        .max()
        .unwrap_or(0);
    let column = if beside {
        longest.min(width / 2) + 14
    } else {
        8
    };
    let above = if beside { 0 } else { LABEL };
    let value = text_width("0.000") + 14;
    let highest = rows
        .iter()
        .map(|(_, row)| row.interval.high)
        .fold(0.05, f64::max);
    let apart = step(highest / 4.0);
    let top = (highest / apart).ceil() * apart;
    let room = width - column - value;
    let place = |value: f64| column + (value / top * f64::from(room)).round() as i32;
    let bottom = i32::try_from(rows.len())? * (ROW + above);

    let size = (u32::try_from(width)?, u32::try_from(bottom + BOTTOM)?);
    svg(size, |canvas| {
        for tick in ticks(0.0, top + apart / 2.0, apart) {
            let at = place(tick);
            canvas.draw(&PathElement::new(
                [(at, 0), (at, bottom)],
                LINE.stroke_width(1),
            ))?;
            let label = format!("{tick:.2}");
            canvas.draw_text(&label, &label_style(QUIET, HPos::Center), (at, bottom + 16))?;
        }
        for (index, (name, row)) in rows.iter().enumerate() {
            let first = i32::try_from(index)? * (ROW + above);
            let middle = first + above + ROW / 2;
            let (style, colour) = match index {
                0 => (INK, ACCENT),
                _ => (QUIET, QUIET),
            };
            if beside {
                let name = shortened(name, column - 14);
                canvas.draw_text(
                    &name,
                    &label_style(style, HPos::Right),
                    (column - 14, middle),
                )?;
            } else {
                let at = (column, first + above / 2 + 8);
                canvas.draw_text(&shortened(name, width), &label_style(style, HPos::Left), at)?;
            }
            let [low, high] = [row.interval.low, row.interval.high].map(place);
            let whisker = [(low, middle), (high, middle)];
            canvas.draw(&PathElement::new(whisker, colour.stroke_width(2)))?;
            for end in [low, high] {
                let tick = [(end, middle - 5), (end, middle + 5)];
                canvas.draw(&PathElement::new(tick, colour.stroke_width(2)))?;
            }
            canvas.draw(&Circle::new((place(row.value), middle), 6, colour.filled()))?;
            let label = format!("{:.3}", row.value);
            canvas.draw_text(&label, &label_style(style, HPos::Right), (width, middle))?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::bootstrap::Interval;

    #[test]
    fn axes_end_at_round_numbers_around_what_they_show() {
        let near = |values: &[f64], start: f64, end: f64, step: f64| {
            let (range, found) = around(values.iter().copied());
            for (found, expected) in [(range.start, start), (range.end, end), (found, step)] {
                assert!((found - expected).abs() < 1e-9, "{range:?}, {found}");
            }
        };
        near(&[1.43, 1.81], 1.4, 1.9, 0.1);
        near(&[0.231, 0.329], 0.2, 0.35, 0.05);
        near(&[0.5], 0.5, 0.501, 0.001);
    }

    #[test]
    fn every_point_is_within_its_chart() -> Result<()> {
        let line = |points: &[(f64, f64)]| Line {
            series: 0,
            points: points.to_vec(),
        };
        for lines in [
            &[line(&[(1.0, 1.5)])][..],
            &[line(&[(1.0, 2.0), (40.0, 0.1)]), line(&[])],
        ] {
            assert!(by_epoch(lines, 320)?.contains("<circle"));
        }
        let steps = [(0.2, 0.0), (0.9, 1.0)].map(|(confidence, right)| CalibrationBin {
            films: 3,
            confidence,
            right,
        });
        assert_eq!(
            by_confidence(&[(0, &steps), (2, &steps)], 320)?
                .matches("<circle")
                .count(),
            4
        );
        assert!(by_confidence(&[(0, &[])], 320)?.contains("<svg"));

        let estimate = |value: f64| Estimate {
            value,
            interval: Interval {
                low: value - 0.02,
                high: value + 0.02,
            },
        };
        let rows = [("cnn32", estimate(0.3)), ("guessing", estimate(0.02))];
        for width in [320, 1000] {
            let chart = by_estimate(&rows, width)?;
            assert!(chart.contains("0.300") && chart.contains("guessing"));
        }
        Ok(())
    }
}
