//! `report.html`.

mod charts;
mod heads;
mod overall;

#[cfg(test)]
mod tests;

use anyhow::Result;

use super::content::Report;
use crate::html;
use crate::html::numbers::{counted, decimal, percent, thousands};

/// CSS of this page alone.
const STYLE: &str = include_str!("page/report.css");

/// `report.html`: a single document that loads nothing.
///
/// # Errors
///
/// Where a chart cannot be drawn.
pub fn render(report: &Report) -> Result<String> {
    let (network, metrics) = (&report.network, &report.metrics);
    let mut facts = vec![
        ("accuracy", percent(metrics.accuracy)),
        ("cross-entropy", decimal(metrics.loss)),
        ("calibration error", decimal(metrics.calibration_error)),
    ];
    if let Some(genres) = &metrics.genres {
        facts.push(("genres’ mAP", decimal(genres.mean_average_precision)));
    }
    if let Some(score) = &metrics.score {
        let error = format!("{:.2}", score.mean_absolute_error);
        facts.push(("points off the score", error));
    }
    facts.push(("films of the split", thousands(metrics.films)));
    let name = &network.name;
    let header = html::header(
        &format!("Macro-F1 of {name}"),
        &decimal(metrics.macro_f1),
        &facts,
        &network.judged_by,
    );
    let sections = [
        overall::summary(report),
        overall::baselines(report)?,
        heads::classes(report),
        heads::confusion(report),
        heads::calibration(report)?,
        heads::genres(report),
        heads::score(report),
        overall::epochs(report)?,
        overall::mistakes(report),
        overall::network(report),
    ];
    let films = counted(metrics.films, "film", "films");
    let title = format!("{name} on {films} – Marquee report");
    Ok(html::document(&title, STYLE, &header, &sections))
}
