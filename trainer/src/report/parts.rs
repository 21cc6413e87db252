//! The page's parts, one below the other.

use std::fmt::Write as _;

use anyhow::Result;

use super::charts::{self, Line};
use super::{MISTAKES, Report};
use crate::abstention::{Abstention, RATIO};
use crate::bootstrap::{Estimate, RESAMPLES};
use crate::dataset::Split;
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
fn table(class: &str, head: &[&str], rows: &[Vec<String>]) -> String {
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
fn legend(entries: &[(usize, &str)]) -> String {
    let entries: String = entries
        .iter()
        .map(|(series, name)| format!("<li><i class=\"series-{series}\"></i>{name}</li>\n"))
        .collect();
    format!("<ul class=\"legend\">\n{entries}</ul>\n")
}

pub(super) fn summary(report: &Report) -> String {
    let figures = &report.figures;
    let mut html = format!(
        "<p>Judged by {} of the {} split. Had other films of the same kind been drawn, macro-F1 \
         would lie between {:.3} and {:.3}, and accuracy between {} and {}, 95 times in 100 ({} \
         bootstrap resamples of films).</p>\n",
        counted(figures.films, "film", "films"),
        figures.split,
        figures.macro_f1_interval.low,
        figures.macro_f1_interval.high,
        percent(figures.accuracy_interval.low),
        percent(figures.accuracy_interval.high),
        thousands(RESAMPLES),
    );
    let warning = match (figures.split, figures.trained_on_this_dataset) {
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
    let figures = &report.figures;
    let name = &report.network.name;
    let mut rows = vec![(
        name.clone(),
        Estimate {
            value: figures.macro_f1,
            interval: figures.macro_f1_interval,
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
        value: figures.accuracy,
        interval: figures.accuracy_interval,
    };
    let mut cells = vec![row(name, rows[0].1, accuracy, Some(figures.loss))];
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

pub(super) fn classes(report: &Report) -> String {
    let figures = &report.figures;
    let rows: Vec<Vec<String>> = figures
        .labels
        .iter()
        .map(|label| {
            let score = figures.classes[label];
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
    let figures = &report.figures;
    let names: String = (figures.labels.iter())
        .map(|label| format!("<th scope=\"col\"><span>{}</span></th>", escape(label)))
        .collect();
    let mut rows = String::new();
    for (truth, counts) in figures.confusion.iter().enumerate() {
        let label = escape(&figures.labels[truth]);
        rows += &format!("<tr><th scope=\"row\">{label}</th>");
        let films = counts.iter().sum::<usize>().max(1) as f64;
        for (predicted, &count) in counts.iter().enumerate() {
            let share = 100.0 * count as f64 / films;
            let right = if truth == predicted { " right" } else { "" };
            let strong = if share >= 50.0 { "strong" } else { "" };
            rows += &format!(
                "<td class=\"{strong}{right}\" style=\"--share:{share:.0}\">{share:.0} %\
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
    let figures = &report.figures;
    let sentence = format!(
        "With the temperature {:.3}, its confidence is {:.1} percentage points off on average; \
         without it, {:.1}.",
        figures.temperature,
        100.0 * figures.calibration_error,
        100.0 * figures.calibration_error_at_1
    );
    let (before, after) = ("without the temperature", "with it");
    let chart = figure(
        &format!("How often answers are right, by their confidence. {sentence}"),
        Views::HALF,
        |width| {
            let curves = [
                (0, &report.calibration_at_1[..]),
                (2, &report.calibration[..]),
            ];
            charts::by_confidence(&curves, width)
        },
    )?;
    let not_sure = match &figures.not_sure {
        Some(found) => not_sure(found),
        None => nothing("The network answers every film: no threshold was fitted for it."),
    };
    Ok(section(
        "What its percentages are worth",
        &format!(
            "<p>Of the answers given with 70 %, seven in ten should be right: on the dashed line, \
             they are. {sentence} A larger disc means more films.</p>\n\
             <div class=\"beside\">\n<div class=\"card\">\n{}{chart}</div>\n\
             <div>\n<h3>Not sure</h3>\n{not_sure}</div>\n</div>\n",
            legend(&[(0, before), (2, after)])
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
    let kept = match found.keeps_its_word() {
        true => String::new(),
        false => {
            format!("<p>That is less than {RATIO:.0} times as often, which was the aim.</p>\n")
        }
    };
    table("pairs", &[], &rows) + &kept
}

pub(super) fn genres(report: &Report) -> String {
    let headline = "Genres";
    let Some(genres) = &report.figures.genres else {
        return section(headline, &nothing("The network does not answer genres."));
    };
    let fitted = match (report.figures.split, genres.macro_f1) {
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
                format!("{:.3}", genre.average_precision),
                format!("{:.3}", genre.base_rate),
                format!("{:.1}×", genre.average_precision / genre.base_rate),
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
        "multiple",
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
    let Some(score) = &report.figures.score else {
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
            "<p>{all} Some are the label’s mistake rather than the network’s.</p>\n{}",
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
            "Judged by",
            format!("<code>{}</code>", escape(&network.judged_by)),
        ),
    ];
    let rows = rows.map(|(name, value)| vec![name.to_owned(), value]);
    section("The network", &table("pairs", &[], &rows))
}
