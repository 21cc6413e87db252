//! Posters by width and height.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::f64::consts::PI;

use anyhow::Result;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::html::charts::{ACCENT, QUIET, Ticked, quiet, round_step, svg, text, text_width};
use crate::html::text::thousands;

/// Posters of nearly the same size share a disc, so that thousands of sizes stay a chart.
const CELL: f64 = 9.0;

/// Radius of the disc for the most posters, where there is room, and of any disc at the least.
const LARGEST: f64 = 18.0;
const SMALLEST: f64 = 2.0;

/// How much of the chart discs may cover. Many of about the same size would else become one blot.
const COVERED: f64 = 0.25;

/// Pixels above the chart, where the vertical axis says what it is.
const TOP: i32 = 30;
/// Below it, for numbers and for what the horizontal axis is.
const BOTTOM: i32 = 52;
const RIGHT: i32 = 28;

/// A disc: the posters' mean logarithms of width and height, and how many there are.
struct Disc {
    x: f64,
    y: f64,
    posters: usize,
}

/// A disc for each size, or for several that are too close to tell apart.
///
/// Both axes are logarithmic: small posters are told apart as well as large ones, a single huge one
/// leaves room for the others, and posters of one shape are on one straight line.
pub(in crate::dataset::overview) fn by_size(
    sizes: &BTreeMap<(u32, u32), usize>,
    width: u32,
) -> Result<String> {
    let known = || sizes.iter().filter(|(_, count)| **count > 0);
    if known().next().is_none() {
        return Ok(String::new());
    }
    let across = Axis::new(known().map(|((width, _), _)| *width));
    let up = Axis::new(known().map(|((_, height), _)| *height));

    let height = if width < 500 { 340 } else { 430 };
    let left = up.sides.iter().map(|side| text_width(&thousands(*side)));
    let left = left.max().unwrap_or(0) + 14;
    let plot = (
        f64::from(i32::try_from(width)? - left - RIGHT),
        f64::from(i32::try_from(height)? - TOP - BOTTOM),
    );
    let mut discs = discs(known(), across.per_pixel(plot.0), up.per_pixel(plot.1));
    let most = discs.iter().map(|disc| disc.posters).max().unwrap_or(1);
    let share = |disc: &Disc| disc.posters as f64 / most as f64;
    let together: f64 = discs.iter().map(share).sum();
    let largest = (COVERED * plot.0 * plot.1 / PI / together)
        .sqrt()
        .min(LARGEST);
    // Small discs come on top of large ones.
    discs.sort_by_key(|disc| Reverse(disc.posters));

    svg((width, height), |canvas| {
        let mut chart = ChartBuilder::on(canvas)
            .margin_top(TOP)
            .margin_right(RIGHT)
            .set_label_area_size(LabelAreaPosition::Left, left)
            .set_label_area_size(LabelAreaPosition::Bottom, BOTTOM)
            .build_cartesian_2d(across.ticked(plot.0, 2), up.ticked(plot.1, 0))?;
        let side = |at: &f64| thousands(at.exp().round() as usize);
        let mut mesh = chart.configure_mesh();
        quiet(&mut mesh);
        mesh.x_label_formatter(&side)
            .y_label_formatter(&side)
            .draw()?;
        let title = text(QUIET, HPos::Left);
        canvas.draw_text("Height in pixels", &title, (0, 8))?;
        let corner = (i32::try_from(width)? - RIGHT, i32::try_from(height)? - 10);
        canvas.draw_text("Width in pixels", &text(QUIET, HPos::Right), corner)?;

        // Two wide and three high.
        let shape = 1.5f64.ln();
        let (from, to) = (
            across.low.max(up.low - shape),
            across.high.min(up.high - shape),
        );
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

/// Posters gathered in cells of [`CELL`] pixels.
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

/// No poster has a side of nothing, but a table of sizes may say so.
fn logarithm(side: u32) -> f64 {
    f64::from(side.max(1)).ln()
}

/// What is shown of one of the axes, in logarithms of pixels.
struct Axis {
    low: f64,
    high: f64,
    /// Pixels that may be written along it.
    sides: Vec<usize>,
}

impl Axis {
    fn new(sides: impl Iterator<Item = u32> + Clone) -> Axis {
        let low = logarithm(sides.clone().min().unwrap_or(1));
        let high = logarithm(sides.max().unwrap_or(1));
        // Room for the discs around it, and for some numbers around a single size.
        let room = f64::max((high - low) * 0.12, (1.1 - (high - low)) / 2.0);
        let (low, high) = (low - room, high + room);
        Axis {
            low,
            high,
            sides: round_sides(low, high),
        }
    }

    /// How much of a logarithm a pixel is.
    fn per_pixel(&self, pixels: f64) -> f64 {
        (self.high - self.low) / pixels
    }

    fn ticked(&self, pixels: f64, characters: i32) -> Ticked {
        Ticked {
            range: self.low..self.high,
            ticks: self.ticks(pixels, characters),
        }
    }

    /// The sides that are written, none over another; `characters` of room are left between them.
    fn ticks(&self, pixels: f64, characters: i32) -> Vec<f64> {
        let mut ticks: Vec<f64> = Vec::new();
        let mut free = f64::NEG_INFINITY;
        for side in &self.sides {
            let at = (*side as f64).ln();
            let pixel = (at - self.low) / self.per_pixel(pixels);
            let half = if characters > 0 {
                f64::from(text_width(&thousands(*side)) + text_width("0") * characters) / 2.0
            } else {
                14.0
            };
            if pixel - half >= free {
                ticks.push(at);
                free = pixel + half;
            }
        }
        ticks
    }
}

/// Round numbers of pixels between two logarithms.
fn round_sides(low: f64, high: f64) -> Vec<usize> {
    let (least, most) = (low.exp(), high.exp());
    let between = |side: &usize| (least..=most).contains(&(*side as f64));
    if most / least < 8.0 {
        // A logarithmic axis that is short is nearly a linear one.
        let step = round_step((most - least) / 8.0) as usize;
        let first = (least / step as f64).ceil() as usize * step;
        return (first.max(1)..).step_by(step).take_while(between).collect();
    }
    let powers = (0..10).map(|power| 10usize.pow(power));
    powers
        .flat_map(|power| [power, 2 * power, 5 * power])
        .filter(between)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_size_has_numbers_around_it() {
        let axis = Axis::new([500].into_iter());
        assert!(axis.low.exp() < 400.0 && axis.high.exp() > 600.0);
        assert!(axis.ticks(300.0, 2).len() >= 3);
    }

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
        assert!(by_size(&sizes, 320)?.contains("<circle"));
        Ok(())
    }

    #[test]
    fn any_size_can_be_drawn() -> Result<()> {
        let odd = [
            ((0, 0), 1),
            ((1, u32::MAX), 2),
            ((u32::MAX, 1), usize::MAX / 4),
        ];
        assert!(by_size(&BTreeMap::from(odd), 560)?.contains("<circle"));
        assert!(by_size(&BTreeMap::from([((0, 0), 1)]), 560)?.contains("<circle"));
        Ok(())
    }
}
