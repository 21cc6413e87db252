//! The page's parts about what the network's heads answer: class, genres and score.

use anyhow::Result;

use super::parts::{legend, percent, table};
use super::{Report, charts};
use crate::dataset::Split;
use crate::evaluation::abstention::{Abstention, RATIO};
use crate::html::charts::{Views, figure};
use crate::html::text::{counted, escape, thousands};
use crate::html::{nothing, section};

pub(super) fn classes(report: &Report) -> String {
    let metrics = &report.metrics;
    let rows: Vec<Vec<String>> = metrics
        .labels
        .iter()
        .map(|label| {
            let score = metrics.classes[label];
            let mut row = vec![escape(label)];
            row.extend([score.precision, score.recall, score.f1].map(|n| format!("{n:.3}")));
            row.push(thousands(score.films));
            row
        })
        .collect();
    section(
        "Class by class",
        &format!(
            "<p>Precision: of what it takes for the class, how much is. Recall: of the class’s \
             films, how many it finds. F1 is their harmonic mean, and macro-F1 that of the \
             classes.</p>\n{}",
            table("", &["Class", "precision", "recall", "F1", "films"], &rows)
        ),
    )
}

pub(super) fn confusion(report: &Report) -> String {
    let metrics = &report.metrics;
    let names: String = (metrics.labels.iter())
        .map(|label| format!("<th scope=\"col\"><span>{}</span></th>", escape(label)))
        .collect();
    let mut rows = String::new();
    for (truth, counts) in metrics.confusion.iter().enumerate() {
        let label = escape(&metrics.labels[truth]);
        rows += &format!("<tr><th scope=\"row\">{label}</th>");
        let films = counts.iter().sum::<usize>().max(1) as f64;
        for (predicted, &count) in counts.iter().enumerate() {
            let share = 100.0 * count as f64 / films;
            let right = if truth == predicted {
                " class=\"right\""
            } else {
                ""
            };
            rows += &format!(
                "<td{right} style=\"--share:{share:.0}\">{share:.0} %\
                 <small>{}</small></td>",
                thousands(count)
            );
        }
        rows += "</tr>\n";
    }
    section(
        "What is taken for what",
        &format!(
            "<p>A row for each true class: which share of its films is taken for each of the \
             classes, and how many films that are.</p>\n\
             <div class=\"scroll\" tabindex=\"0\"><table class=\"confusion\">\n<thead><tr>\
             <th scope=\"col\">True class</th>{names}</tr></thead>\n<tbody>\n{rows}</tbody>\n\
             </table></div>\n"
        ),
    )
}

pub(super) fn calibration(report: &Report) -> Result<String> {
    let metrics = &report.metrics;
    let error = |error: f64| format!("{:.1} percentage points off on average", 100.0 * error);
    let (before, after) = (&report.calibration_at_1[..], &report.calibration[..]);
    let fitted = metrics.temperature != 1.0;
    let (sentence, curves, names) = match fitted {
        true => (
            format!(
                "With the temperature {:.3}, its confidence is {}; without it, {:.1}.",
                metrics.temperature,
                error(metrics.calibration_error),
                100.0 * metrics.calibration_error_at_1
            ),
            vec![(0, before), (2, after)],
            legend(&[(0, "without the temperature"), (2, "with it")]),
        ),
        false => (
            format!(
                "Its confidence is {}; no temperature was fitted for it.",
                error(metrics.calibration_error)
            ),
            vec![(2, after)],
            String::new(),
        ),
    };
    let chart = figure(
        &format!("How often answers are right, by their confidence. {sentence}"),
        Views::HALF,
        |width| charts::by_confidence(&curves, width),
    )?;
    let not_sure = match &metrics.not_sure {
        Some(found) => not_sure(found),
        None => nothing("The network answers every film: no threshold was fitted for it."),
    };
    Ok(section(
        "What its percentages are worth",
        &format!(
            "<p>Of the answers given with 70 %, seven in ten should be right: on the dashed line, \
             they are. {sentence} A larger disc means more films.</p>\n\
             <div class=\"beside\">\n<div class=\"card\">\n{names}{chart}</div>\n\
             <div>\n<h3>Not sure</h3>\n{not_sure}</div>\n</div>\n"
        ),
    ))
}

fn not_sure(found: &Abstention) -> String {
    let rows = [
        (
            "Below this confidence it is not sure",
            percent(found.threshold),
        ),
        ("Films that it answers", percent(found.answered)),
        ("Of those, right", percent(found.right_of_answered)),
        (
            "Of the others, would be right",
            percent(found.right_of_unanswered),
        ),
    ];
    let rows = rows.map(|(name, value)| vec![name.to_owned(), value]);
    let kept = match found.reaches_ratio() {
        true => String::new(),
        false => {
            format!(
                "<p>Its answers are right less than {RATIO:.0} times as often as the others; at \
             least that was the aim.</p>\n"
            )
        }
    };
    table("pairs", &[], &rows) + &kept
}

pub(super) fn genres(report: &Report) -> String {
    let headline = "Genres";
    let Some(genres) = &report.metrics.genres else {
        return section(headline, &nothing("The network does not answer genres."));
    };
    let fitted = match (report.metrics.split, genres.macro_f1) {
        (_, None) => String::new(),
        (Split::Validation, Some(f1)) => format!(
            " The mean F1 is {f1:.3}; the probability from which on a film is said to have a genre \
             was fitted to these very films."
        ),
        (_, Some(f1)) => format!(
            " The mean F1 is {f1:.3}; the probability from which on a film is said to have a genre \
             was fitted on the validation split."
        ),
    };
    let rows: Vec<Vec<String>> = genres
        .genres
        .iter()
        .map(|genre| {
            let optional =
                |value: Option<f64>| value.map_or("–".to_owned(), |n| format!("{n:.3}"));
            vec![
                escape(&genre.name),
                thousands(genre.films),
                format!(
                    "{:.3}<small>{:.1}×</small>",
                    genre.average_precision,
                    genre.average_precision / genre.base_rate
                ),
                format!("{:.3}", genre.base_rate),
                optional(genre.f1),
                genre.threshold.map_or("–".to_owned(), percent),
            ]
        })
        .collect();
    let head = [
        "Genre",
        "films",
        "average precision",
        "base rate",
        "F1",
        "said from",
    ];
    section(
        headline,
        &format!(
            "<p>A film may have several. The mean average precision is {:.3} ({}), {:.1} times the \
             {:.3} of guessing.{fitted}</p>\n{}",
            genres.mean_average_precision,
            genres.mean_average_precision_interval,
            genres.times_base_rate,
            genres.base_rate,
            table("", &head, &rows)
        ),
    )
}

pub(super) fn score(report: &Report) -> String {
    let headline = "Members’ score";
    let Some(score) = &report.metrics.score else {
        return section(headline, &nothing("The network does not answer a score."));
    };
    let rows = [
        (
            "Off on average",
            format!(
                "{:.3} points<small>{}</small>",
                score.mean_absolute_error, score.mean_absolute_error_interval
            ),
        ),
        (
            "The best constant, off on average",
            format!("{:.3} points", score.constants_error),
        ),
        ("Variance explained (R²)", percent(score.explained)),
        (
            "Films within the interval, of which four in five should be",
            percent(score.coverage),
        ),
    ];
    let rows = rows.map(|(name, value)| vec![name.to_owned(), value]);
    section(
        headline,
        &format!(
            "<p>Points from 0 to 10, for {} whose score enough members gave.</p>\n{}",
            counted(score.films, "film", "films"),
            table("pairs", &[], &rows)
        ),
    )
}
