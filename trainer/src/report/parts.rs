//! The page's parts about the network as a whole.

use std::fmt::Write as _;

use anyhow::Result;

use super::charts::{self, Line};
use super::{MISTAKES, Report};
use crate::dataset::Split;
use crate::evaluation::bootstrap::{Estimate, RESAMPLES};
use crate::html::charts::{Views, figure};
use crate::html::text::{counted, duration, escape, thousands};
use crate::html::{nothing, section};

/// Colours of what is trained on and of what is not, as the numbers of classes in `page.css`.
const TRAIN: usize = 1;
const VALIDATION: usize = 2;

/// `41.7 %`
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// A table that can be moved sideways; `head` names the columns, where they need a name, and rows
/// have their own first. All is HTML.
pub(super) fn table(class: &str, head: &[&str], rows: &[Vec<String>]) -> String {
    let names = head
        .iter()
        .map(|name| format!("<th scope=\"col\">{name}</th>"));
    let head = match head.is_empty() {
        true => String::new(),
        false => format!("<thead><tr>{}</tr></thead>\n", names.collect::<String>()),
    };
    let mut html =
        format!("<div class=\"scroll\" tabindex=\"0\"><table class=\"{class}\">\n{head}<tbody>\n");
    for row in rows {
        html += "<tr>";
        for (index, cell) in row.iter().enumerate() {
            html += &match index {
                0 => format!("<th scope=\"row\">{cell}</th>"),
                _ => format!("<td>{cell}</td>"),
            };
        }
        html += "</tr>\n";
    }
    html + "</tbody>\n</table></div>\n"
}

/// A legend's entries: a colour, as the number of a class in `page.css`, and its name.
pub(super) fn legend(entries: &[(usize, &str)]) -> String {
    let entries: String = entries
        .iter()
        .map(|(series, name)| format!("<li><i class=\"series-{series}\"></i>{name}</li>\n"))
        .collect();
    format!("<ul class=\"legend\">\n{entries}</ul>\n")
}

pub(super) fn summary(report: &Report) -> String {
    let metrics = &report.metrics;
    let mut html = format!(
        "<p>Evaluated on {} of the {} split. Had other films of the same kind been drawn, macro-F1 \
         would lie between {:.3} and {:.3}, and accuracy between {} and {}, 95 times in 100 ({} \
         bootstrap resamples of films).</p>\n",
        counted(metrics.films, "film", "films"),
        metrics.split,
        metrics.macro_f1_interval.low,
        metrics.macro_f1_interval.high,
        percent(metrics.accuracy_interval.low),
        percent(metrics.accuracy_interval.high),
        thousands(RESAMPLES),
    );
    let warning = match (metrics.split, metrics.trained_on_this_dataset) {
        (Split::Train, true) => {
            "<strong>The network was trained on these films.</strong> The figures say what it \
             remembers, not what it would say of others."
        }
        (Split::Validation, true) => {
            "<strong>The network was chosen by these films.</strong> The figures are a little \
             better than those of films that nothing was chosen by."
        }
        (_, false) => {
            "<strong>The network was trained on another dataset</strong>, which may have had some \
             of these films: the figures may be better than those of films it has never seen."
        }
        (Split::Test, true) => "",
    };
    if !warning.is_empty() {
        let _ = writeln!(html, "<p class=\"note\">{warning}</p>");
    }
    format!("<section class=\"summary\">\n{html}</section>\n")
}

pub(super) fn baselines(report: &Report) -> Result<String> {
    let metrics = &report.metrics;
    let name = &report.network.name;
    let mut rows = vec![(
        name.clone(),
        Estimate {
            value: metrics.macro_f1,
            interval: metrics.macro_f1_interval,
        },
    )];
    let others = report.baselines.iter();
    rows.extend(others.map(|baseline| (baseline.name.to_owned(), baseline.macro_f1)));
    let spoken: Vec<String> = rows
        .iter()
        .map(|(name, row)| format!("{name} {:.3}", row.value))
        .collect();
    let chart = figure(
        &format!("Macro-F1 with its interval: {}", spoken.join(", ")),
        Views::FULL,
        |width| charts::by_estimate(&rows, width),
    )?;
    let row = |name: &str, macro_f1: Estimate, accuracy: Estimate, loss: Option<f64>| {
        vec![
            escape(name),
            format!("{:.3}<small>{}</small>", macro_f1.value, macro_f1.interval),
            format!("{:.3}<small>{}</small>", accuracy.value, accuracy.interval),
            loss.map_or("–".to_owned(), |loss| format!("{loss:.3}")),
        ]
    };
    let accuracy = Estimate {
        value: metrics.accuracy,
        interval: metrics.accuracy_interval,
    };
    let mut cells = vec![row(name, rows[0].1, accuracy, Some(metrics.loss))];
    cells.extend(report.baselines.iter().map(|baseline| {
        row(
            baseline.name,
            baseline.macro_f1,
            baseline.accuracy,
            baseline.loss,
        )
    }));
    let head = ["On the same films", "macro-F1", "accuracy", "cross-entropy"];
    Ok(section(
        "Beside what is easy",
        &format!(
            "<p>What is reached without the network, by the training split’s frequencies, or by a \
             logistic regression on how often each of 64 colours occurs in a poster.</p>\n\
             <div class=\"card\">\n{chart}</div>\n{}",
            table("first", &head, &cells)
        ),
    ))
}

pub(super) fn epochs(report: &Report) -> Result<String> {
    let headline = "How it learned";
    if report.epochs.is_empty() {
        return Ok(section(
            headline,
            &nothing(
                "There is no log.jsonl beside the network’s file; <code>--run</code> names the \
                 folder that has one.",
            ),
        ));
    }
    let chart = |name: &str, of: &dyn Fn(&crate::training::SplitLog) -> Option<f64>| {
        let line = |series, validation: bool| Line {
            series,
            points: (report.epochs.iter())
                .filter_map(|log| {
                    let split = if validation {
                        log.validation
                    } else {
                        Some(log.train)
                    };
                    Some((log.epoch as f64, of(&split?)?))
                })
                .collect(),
        };
        let lines = [line(TRAIN, false), line(VALIDATION, true)];
        if lines[0].points.is_empty() {
            return Ok(String::new());
        }
        let drawn = figure(&format!("{name} after each epoch"), Views::PAIR, |width| {
            charts::by_epoch(&lines, width)
        })?;
        Ok::<_, anyhow::Error>(format!(
            "<div class=\"card\">\n<h3>{name}</h3>\n{drawn}</div>\n"
        ))
    };
    let all = [
        chart("Cross-entropy", &|split| Some(split.loss))?,
        chart("Macro-F1", &|split| Some(split.macro_f1))?,
        chart("Genres’ mean average precision", &|split| split.genre_map)?,
        chart("Score’s R²", &|split| split.score_r2)?,
    ];
    let seconds: f64 = report.epochs.iter().map(|log| log.seconds).sum();
    Ok(section(
        headline,
        &format!(
            "<p>{} in {}.</p>\n{}<div class=\"pair\">\n{}</div>\n",
            counted(report.epochs.len(), "epoch", "epochs"),
            duration(seconds),
            legend(&[(TRAIN, "training split"), (VALIDATION, "validation split")]),
            all.concat()
        ),
    ))
}

pub(super) fn mistakes(report: &Report) -> String {
    let headline = "Where it is sure, and wrong";
    if report.mistakes.is_empty() {
        return section(headline, &nothing("It makes no mistake."));
    }
    let rows: Vec<Vec<String>> = report
        .mistakes
        .iter()
        .map(|mistake| {
            let year = match mistake.year.is_empty() {
                true => String::new(),
                false => format!(" <span class=\"year\">{}</span>", escape(&mistake.year)),
            };
            vec![
                escape(&mistake.film) + &year,
                escape(&mistake.truth),
                escape(&mistake.predicted),
                format!("{:.0} %", 100.0 * mistake.probability),
            ]
        })
        .collect();
    let all = match rows.len() {
        MISTAKES => format!("The {MISTAKES} wrong answers of which it is surest."),
        _ => "All of its wrong answers.".to_owned(),
    };
    section(
        headline,
        &format!(
            "<p>{all} Some may be the label’s mistake rather than the network’s.</p>\n{}",
            table("mistakes", &["Film", "is", "taken for", "sure"], &rows)
        ),
    )
}

pub(super) fn network(report: &Report) -> String {
    let network = &report.network;
    let rows = [
        ("Network", escape(&network.name)),
        ("File", escape(&network.file)),
        ("Parameters", thousands(network.parameters)),
        (
            "Multiply-adds for a poster",
            thousands(network.multiply_adds),
        ),
        ("Trained by Marquee", escape(&network.trainer)),
        ("Seed", network.seed.to_string()),
        (
            "Trained on",
            format!("<code>{}</code>", escape(&network.trained_on)),
        ),
        (
            "Evaluated on",
            format!("<code>{}</code>", escape(&network.judged_by)),
        ),
    ];
    let rows = rows.map(|(name, value)| vec![name.to_owned(), value]);
    section("The network", &table("pairs", &[], &rows))
}
