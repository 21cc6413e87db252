//! Posters by width and height.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::f64::consts::PI;

use anyhow::Result;
use plotters::prelude::*;

use super::log_axis::{LogAxis, logarithm};
use crate::html::charts::{ACCENT, Frame, QUIET, svg};

/// Side in pixels of the cells that share a disc, so that a chart of thousands of sizes stays legible.
const CELL: f64 = 9.0;

/// The largest and the smallest radius of a disc in pixels.
const LARGEST: f64 = 18.0;
const SMALLEST: f64 = 2.0;

/// The share of the chart that the discs may cover; with more, many discs would become one blot.
const COVERED: f64 = 0.25;

/// A disc: the posters' mean logarithms of width and height, and how many there are.
struct Disc {
    x: f64,
    y: f64,
    posters: usize,
}

/// A disc for each size, or for several that are too close to tell apart. `width` is in pixels.
///
/// Both axes are logarithmic: small posters are told apart as well as large ones, a single huge one
/// leaves room for the others, and posters of the same shape lie on a straight line.
pub(crate) fn posters_by_size(sizes: &BTreeMap<(u32, u32), usize>, width: u32) -> Result<String> {
    let known = || sizes.iter().filter(|(_, count)| **count > 0);
    if known().next().is_none() {
        return Ok(String::new());
    }
    let frame = Frame {
        right: 28,
        titles: Some(["Width in pixels", "Height in pixels"]),
    };
    let widths = LogAxis::new(known().map(|((width, _), _)| *width));
    let heights = LogAxis::new(known().map(|((_, height), _)| *height));
    let height = if width < 500 { 340 } else { 430 };
    let plot_height = f64::from(i32::try_from(height)? - frame.top() - frame.bottom());
    let vertical = heights.vertical(plot_height);
    let left = vertical.label_width();
    let plot_width = f64::from(i32::try_from(width)? - left - frame.right);

    let (per_x, per_y) = (widths.per_pixel(plot_width), heights.per_pixel(plot_height));
    let mut discs = discs(known(), per_x, per_y);
    let most = discs.iter().map(|disc| disc.posters).max().unwrap_or(1);
    let share = |disc: &Disc| disc.posters as f64 / most as f64;
    let together: f64 = discs.iter().map(share).sum();
    let largest = (COVERED * plot_width * plot_height / PI / together)
        .sqrt()
        .min(LARGEST);
    // small discs are drawn over large ones
    discs.sort_by_key(|disc| Reverse(disc.posters));

    svg((width, height), |canvas| {
        let mut chart = frame.draw(canvas, widths.horizontal(plot_width), vertical)?;
        // the line of posters with the shape 2:3
        let shape = 1.5f64.ln();
        let from = widths.low.max(heights.low - shape);
        let to = widths.high.min(heights.high - shape);
        if from < to {
            chart.draw_series(DashedLineSeries::new(
                [(from, from + shape), (to, to + shape)],
                5,
                5,
                QUIET.stroke_width(1),
            ))?;
        }
        chart.draw_series(discs.iter().map(|disc| {
            let radius = (share(disc).sqrt() * largest).max(SMALLEST).round() as u32;
            Circle::new((disc.x, disc.y), radius, ACCENT.mix(0.6).filled())
        }))?;
        Ok(())
    })
}

/// A disc for each cell of [`CELL`] pixels with posters in it. `across` and `up` say how much of a
/// logarithm a pixel is in either direction.
fn discs<'a>(
    sizes: impl Iterator<Item = (&'a (u32, u32), &'a usize)>,
    across: f64,
    up: f64,
) -> Vec<Disc> {
    let mut cells: BTreeMap<(i64, i64), Disc> = BTreeMap::new();
    for ((width, height), count) in sizes {
        let (x, y) = (logarithm(*width), logarithm(*height));
        let cell = |at: f64, unit: f64| (at / unit / CELL).floor() as i64;
        let disc = cells.entry((cell(x, across), cell(y, up))).or_insert(Disc {
            x: 0.0,
            y: 0.0,
            posters: 0,
        });
        disc.x += x * *count as f64;
        disc.y += y * *count as f64;
        disc.posters += count;
    }
    let mean = |disc: Disc| Disc {
        x: disc.x / disc.posters as f64,
        y: disc.y / disc.posters as f64,
        posters: disc.posters,
    };
    cells.into_values().map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_of_sizes_are_some_hundred_discs() -> Result<()> {
        let sizes =
            (0..5_000u32).map(|n| ((150 + n % 640, 200 + n * 7 % 1_100), 1 + n as usize % 9));
        let sizes: BTreeMap<(u32, u32), usize> = sizes.collect();
        let discs = discs(sizes.iter(), 0.005, 0.005);
        assert!(
            sizes.len() > 4_000 && discs.len() < 1_500,
            "{}",
            discs.len()
        );
        let posters: usize = discs.iter().map(|disc| disc.posters).sum();
        assert_eq!(posters, sizes.values().sum::<usize>());
        assert!(posters_by_size(&sizes, 320)?.contains("<circle"));
        Ok(())
    }

    #[test]
    fn any_size_can_be_drawn() -> Result<()> {
        let odd = [
            ((0, 0), 1),
            ((1, u32::MAX), 2),
            ((u32::MAX, 1), usize::MAX / 4),
        ];
        assert!(posters_by_size(&BTreeMap::from(odd), 560)?.contains("<circle"));
        assert!(posters_by_size(&BTreeMap::from([((0, 0), 1)]), 560)?.contains("<circle"));
        Ok(())
    }
}
