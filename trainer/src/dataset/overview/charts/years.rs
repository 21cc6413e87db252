//! Films per year of release.

use std::collections::BTreeMap;

use anyhow::Result;
use plotters::prelude::*;

use crate::html::charts::{ACCENT, Ticked, quiet, round_step, svg, text_width, ticks};
use crate::html::text::thousands;

/// The most bars: a bar and the gap beside it are two pixels each at the least, on a phone too.
const MOST: i64 = 120;

/// Years in bars of equally many years each.
struct Bars {
    /// The first bar's first year.
    first: i64,
    /// Years in a bar.
    step: i64,
    /// Films per bar.
    counts: Vec<usize>,
}

impl Bars {
    /// None where there are no films.
    fn new(years: &BTreeMap<i32, usize>, most: i64) -> Option<Bars> {
        let mut known = years.iter().filter(|(_, count)| **count > 0);
        let first = i64::from(*known.next()?.0);
        let last = known
            .next_back()
            .map_or(first, |(year, _)| i64::from(*year));
        // One bar less, since the first may begin before the first year.
        let span = (last - first + 1) as f64;
        let step = round_step(span / (most - 1).max(1) as f64) as i64;
        let first = first.div_euclid(step) * step;
        let mut counts = vec![0; usize::try_from((last - first) / step).ok()? + 1];
        for (year, count) in years.iter().filter(|(_, count)| **count > 0) {
            let bar = usize::try_from((i64::from(*year) - first) / step).ok()?;
            counts[bar] += count;
        }
        Some(Bars {
            first,
            step,
            counts,
        })
    }
}

/// How many years a bar stands for, where it is more than one.
pub(in crate::dataset::overview) fn years_per_bar(years: &BTreeMap<i32, usize>) -> Option<usize> {
    let step = Bars::new(years, MOST)?.step;
    usize::try_from(step).ok().filter(|step| *step > 1)
}

/// A bar a year, or several years to a bar where they are too many.
pub(in crate::dataset::overview) fn by_year(
    years: &BTreeMap<i32, usize>,
    width: u32,
) -> Result<String> {
    /// A single year is not a wall.
    const WIDEST: i32 = 40;
    const HEIGHT: u32 = 260;

    let Some(bars) = Bars::new(years, MOST) else {
        return Ok(String::new());
    };
    let highest = bars.counts.iter().max().copied().unwrap_or(0).max(1) as f64;
    let step = round_step(highest / 5.0);
    let top = (highest / step).ceil() * step;
    let counts = ticks(0.0, top, step);

    let left = counts
        .iter()
        .map(|count| text_width(&thousands(*count as usize)));
    let left = left.max().unwrap_or(0) + 12;
    let room = i32::try_from(width)? - left - 12;
    // Bars are whole pixels wide: else some would look thicker than others.
    let drawn = i32::try_from(bars.counts.len())?;
    let pitch = (room / drawn).clamp(1, WIDEST);
    let slots = (room / pitch).max(drawn);
    let before = (slots - drawn) / 2;
    let right = u32::try_from((room - slots * pitch).max(0))? + 12;

    // A bar of one year has its year below its middle, one of several its first below its edge.
    let place = |year: f64| {
        let middle = if bars.step == 1 { 0.5 } else { 0.0 };
        f64::from(before) + (year - bars.first as f64) / bars.step as f64 + middle
    };
    let last = bars.first + bars.step * (i64::from(drawn) - 1);
    let widest = text_width(&bars.first.to_string()).max(text_width(&last.to_string()));
    let apart = f64::from(widest + 24) / f64::from(pitch) * bars.step as f64;
    let apart = round_step(apart.max(bars.step as f64));
    let from = (bars.first as f64 / apart).ceil() * apart;
    let mut labelled = ticks(from, last as f64, apart);
    if labelled.is_empty() {
        // Few years, none of them round.
        labelled.push(bars.first as f64);
    }

    svg((width, HEIGHT), |canvas| {
        let mut chart = ChartBuilder::on(canvas)
            .margin_top(10)
            .margin_right(right)
            .set_label_area_size(LabelAreaPosition::Left, left)
            .set_label_area_size(LabelAreaPosition::Bottom, 28)
            .build_cartesian_2d(
                Ticked {
                    range: 0.0..f64::from(slots),
                    ticks: labelled.iter().map(|year| place(*year)).collect(),
                },
                Ticked {
                    range: 0.0..top,
                    ticks: counts,
                },
            )?;
        let mut mesh = chart.configure_mesh();
        quiet(&mut mesh);
        mesh.disable_x_mesh()
            .x_label_formatter(&|at| {
                let year = labelled.iter().find(|year| place(**year) == *at);
                year.map_or(String::new(), |year| format!("{year:.0}"))
            })
            .y_label_formatter(&|count| thousands(*count as usize))
            .draw()?;
        chart.draw_series(
            bars.counts
                .iter()
                .enumerate()
                .filter(|(_, count)| **count > 0)
                .map(|(bar, count)| {
                    let at = f64::from(before) + bar as f64;
                    let mut bar =
                        Rectangle::new([(at, *count as f64), (at + 1.0, 0.0)], ACCENT.filled());
                    bar.set_margin(0, 0, 0, if pitch > 2 { 1 } else { 0 });
                    bar
                }),
        )?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_film_is_in_a_bar() -> Result<()> {
        let many = [(i32::MIN, 1), (-5, 0), (1895, 2), (2017, 3), (i32::MAX, 4)];
        for years in [
            &many[..],
            &[(2001, 7)],
            &[(-3, 1), (4, 1)],
            &[(1900, 1), (2020, 5)],
        ] {
            let years: BTreeMap<i32, usize> = years.iter().copied().collect();
            let bars = Bars::new(&years, MOST).ok_or_else(|| anyhow::anyhow!("no bars"))?;
            assert!(bars.counts.len() <= MOST as usize, "{}", bars.counts.len());
            let films: usize = bars.counts.iter().sum();
            assert_eq!(films, years.values().sum::<usize>());
            assert!(by_year(&years, 320)?.contains("<rect"));
        }
        assert!(Bars::new(&BTreeMap::from([(1990, 0)]), MOST).is_none());
        Ok(())
    }

    #[test]
    fn a_century_has_a_bar_a_year() {
        let century: BTreeMap<i32, usize> = (1915..2018).map(|year| (year, 1)).collect();
        assert_eq!(years_per_bar(&century), None);
        let two = (1820..2018).map(|year| (year, 1)).collect();
        assert_eq!(years_per_bar(&two), Some(2));
    }
}
