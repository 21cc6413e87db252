//! Films per class.

use anyhow::Result;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::html::charts::{INK, QUIET, SERIES, label_style, shortened, svg, text_width};
use crate::html::numbers::thousands;

/// For each class a group of bars, one for each stage, with its number of films. `width` is in pixels.
pub(crate) fn films_by_class(
    labels: &[String],
    stages: &[(String, Vec<usize>)],
    width: u32,
) -> Result<String> {
    const BAR: i32 = 16;
    const BETWEEN_BARS: i32 = 3;
    const BETWEEN_CLASSES: i32 = 20;
    const LABEL: i32 = 24;

    let width = i32::try_from(width)?;
    // A label is left of its bars where there is room, and otherwise above them.
    let beside = width >= 600;
    let longest = labels.iter().map(|label| text_width(label)).max();
    let column = match longest {
        Some(longest) if beside => longest.min(width / 4) + 14,
        _ => 0,
    };
    let most = stages.iter().flat_map(|(_, counts)| counts).max();
    let most = most.copied().unwrap_or(0).max(1);
    let room = width - column - text_width(&thousands(most)) - 10;

    let above = if beside { 0 } else { LABEL };
    let bars = i32::try_from(stages.len())? * (BAR + BETWEEN_BARS) - BETWEEN_BARS;
    let group = above + bars + BETWEEN_CLASSES;
    let height = i32::try_from(labels.len())? * group - BETWEEN_CLASSES;

    let size = (u32::try_from(width)?, u32::try_from(height)?);
    svg(size, |canvas| {
        for (class, label) in labels.iter().enumerate() {
            let top = i32::try_from(class)? * group;
            if beside {
                let style = label_style(INK, HPos::Right);
                let label = shortened(label, column - 14);
                canvas.draw_text(&label, &style, (column - 12, top + bars / 2))?;
            } else {
                let label = shortened(label, width);
                canvas.draw_text(
                    &label,
                    &label_style(INK, HPos::Left),
                    (0, top + LABEL / 2 - 2),
                )?;
            }
            for (stage, (_, counts)) in stages.iter().enumerate() {
                let top = top + above + i32::try_from(stage)? * (BAR + BETWEEN_BARS);
                let count = counts[class];
                let share = count as f64 / most as f64;
                let mut end = column + (share * f64::from(room)).round() as i32;
                if count > 0 {
                    // even a single film is seen
                    end = end.max(column + 1);
                    canvas.draw(&Rectangle::new(
                        [(column, top), (end, top + BAR)],
                        SERIES[stage % SERIES.len()].filled(),
                    ))?;
                }
                let middle = (end + 6, top + BAR / 2 + 1);
                canvas.draw_text(&thousands(count), &label_style(QUIET, HPos::Left), middle)?;
            }
        }
        Ok(())
    })
}
