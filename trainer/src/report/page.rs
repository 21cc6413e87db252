use anyhow::Result;

use super::{Report, heads, parts};
use crate::html;
use crate::html::text::{counted, escape, thousands};

/// What the report has beyond the style of all pages.
const STYLE: &str = include_str!("report.css");

/// `report.html`: one document that needs nothing else.
///
/// # Errors
///
/// Where a chart cannot be drawn.
pub fn render(report: &Report) -> Result<String> {
    let metrics = &report.metrics;
    let films = counted(metrics.films, "film", "films");
    let mut facts = vec![
        ("accuracy".to_owned(), parts::percent(metrics.accuracy)),
        ("cross-entropy".to_owned(), format!("{:.3}", metrics.loss)),
        (
            "calibration error".to_owned(),
            format!("{:.3}", metrics.calibration_error),
        ),
    ];
    if let Some(genres) = &metrics.genres {
        let value = format!("{:.3}", genres.mean_average_precision);
        facts.push(("genres’ mAP".to_owned(), value));
    }
    if let Some(score) = &metrics.score {
        let value = format!("{:.2}", score.mean_absolute_error);
        facts.push(("points off the score".to_owned(), value));
    }
    facts.push(("films of the split".to_owned(), thousands(metrics.films)));
    let name = &report.network.name;
    let above = format!("Macro-F1 of {name}");
    let below = format!("{:.3}", metrics.macro_f1);
    let head = html::head(&above, &below, &facts, &report.network.judged_by);
    let all = [
        parts::summary(report),
        parts::baselines(report)?,
        heads::classes(report),
        heads::confusion(report),
        heads::calibration(report)?,
        heads::genres(report),
        heads::score(report),
        parts::epochs(report)?,
        parts::mistakes(report),
        parts::network(report),
    ];
    let title = format!("{name} on {films} – Marquee report");
    Ok(html::document(&escape(&title), STYLE, &head, &all.concat()))
}
