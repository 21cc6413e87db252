//! Films per year of release.

use std::collections::BTreeMap;

use anyhow::Result;
use plotters::prelude::*;

use crate::html::charts::{ACCENT, Axis, Frame, round_step, svg, text_width, ticks};
use crate::html::numbers::thousands;

/// The most bars: even on a phone a bar is then two pixels wide, and so is the gap to the next.
const MOST: i64 = 120;

/// The films in bars that stand for equally many years each.
struct Bars {
    /// The first bar's first year.
    first: i64,
    /// Years per bar.
    step: i64,
    /// Films per bar.
    counts: Vec<usize>,
}

impl Bars {
    /// At most `most` bars; `None` where there are no films.
    fn new(years: &BTreeMap<i32, usize>, most: i64) -> Option<Bars> {
        let mut known = years.iter().filter(|(_, count)| **count > 0);
        let first = i64::from(*known.next()?.0);
        let last = known
            .next_back()
            .map_or(first, |(year, _)| i64::from(*year));
        // One bar fewer, since the first bar may begin before the first year.
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

/// How many years a bar stands for, if they are more than one.
pub(crate) fn years_per_bar(years: &BTreeMap<i32, usize>) -> Option<usize> {
    let step = Bars::new(years, MOST)?.step;
    usize::try_from(step).ok().filter(|step| *step > 1)
}

/// A bar for each year, or for several years where single ones would be too many. `width` is in
/// pixels.
pub(crate) fn films_by_year(years: &BTreeMap<i32, usize>, width: u32) -> Result<String> {
    /// The most pixels from one bar to the next: the bar of a single year does not fill the page.
    const WIDEST: i32 = 40;
    const HEIGHT: u32 = 260;

    let Some(bars) = Bars::new(years, MOST) else {
        return Ok(String::new());
    };
    let highest = bars.counts.iter().max().copied().unwrap_or(0).max(1) as f64;
    let step = round_step(highest / 5.0);
    let top = (highest / step).ceil() * step;
    let counts = Axis::new(0.0..top, ticks(0.0, top, step), |count| {
        thousands(count as usize)
    });
    let room = i32::try_from(width)? - counts.label_width() - 12;
    // Bars are whole pixels wide: otherwise some would look thicker than others.
    let drawn = i32::try_from(bars.counts.len())?;
    let pitch = (room / drawn).clamp(1, WIDEST);
    let slots = (room / pitch).max(drawn);
    let before = (slots - drawn) / 2;
    let right = (room - slots * pitch).max(0) + 12;

    // The label of a single year is below the middle of its bar, that of several below the left edge.
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
        // few years, and no round number among them
        labelled.push(bars.first as f64);
    }

    let mut axis = Axis::new(0.0..f64::from(slots), labelled, |year| format!("{year:.0}"));
    for (at, _) in &mut axis.ticks {
        *at = place(*at);
    }

    svg((width, HEIGHT), |canvas| {
        let frame = Frame {
            right,
            titles: None,
        };
        let mut chart = frame.draw(canvas, axis, counts)?;
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
            assert!(films_by_year(&years, 320)?.contains("<rect"));
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
