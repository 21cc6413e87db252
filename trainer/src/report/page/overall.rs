//! The page's sections about the network as a whole.

use anyhow::Result;
use maud::{Markup, PreEscaped, Render, display, html};

use super::charts::{self, Line};
use crate::dataset::Split;
use crate::evaluation::bootstrap::{Estimate, RESAMPLES};
use crate::html::charts::{Widths, figure};
use crate::html::numbers::{counted, decimal, duration, percent, thousands};
use crate::html::{empty_section, legend, pairs, section, table};
use crate::report::content::Report;
use crate::report::mistake::MISTAKES;
use crate::training::SplitLog;

/// The series of the training and of the validation split.
const TRAIN: usize = 1;
const VALIDATION: usize = 2;

/// What the figures were measured on, and how far they can be trusted.
pub(super) fn summary(report: &Report) -> Markup {
    let metrics = &report.metrics;
    let warning = match (metrics.split, metrics.trained_on_this_dataset) {
        (Split::Train, true) => Some([
            "The network was trained on these films.",
            " The figures show what it remembers, not how good it is on other films.",
        ]),
        (Split::Validation, true) => Some([
            "The network was selected by these films.",
            " The figures are a little better than they would be on films that nothing was \
             selected by.",
        ]),
        (_, false) => Some([
            "The network was trained on another dataset,",
            " which may contain some of these films. The figures may be better than they would be \
             on films that it has never seen.",
        ]),
        (Split::Test, true) => None,
    };
    html! {
        section.summary {
            p {
                "Evaluated on " (counted(metrics.films, "film", "films")) " of the "
                (display(metrics.split)) " split. Macro-F1 has the 95 % interval "
                (display(metrics.macro_f1_interval)) ", and accuracy "
                (percent(metrics.accuracy_interval.low)) " to "
                (percent(metrics.accuracy_interval.high)) " (" (thousands(RESAMPLES))
                " bootstrap resamples of the films)."
            }
            @if let Some([first, rest]) = warning { p.note { strong { (first) } (rest) } }
        }
    }
}

/// The network compared with the baselines.
pub(super) fn baselines(report: &Report) -> Result<Markup> {
    let metrics = &report.metrics;
    let name = report.network.name.as_str();
    let estimate = |value, interval| Estimate { value, interval };
    let mut rows = vec![(
        name,
        estimate(metrics.macro_f1, metrics.macro_f1_interval),
        estimate(metrics.accuracy, metrics.accuracy_interval),
        Some(metrics.loss),
    )];
    let others = report.baselines.iter();
    rows.extend(others.map(|other| (other.name, other.macro_f1, other.accuracy, other.loss)));

    let marks: Vec<(&str, Estimate)> = rows.iter().map(|row| (row.0, row.1)).collect();
    let spoken = marks
        .iter()
        .map(|(name, f1)| format!("{name} {:.3}", f1.value));
    let spoken = spoken.collect::<Vec<_>>().join(", ");
    let chart = figure(
        &format!("Macro-F1 with its interval: {spoken}"),
        Widths::FULL,
        |width| charts::by_estimate(&marks, width),
    )?;
    let cell = |estimate: Estimate| {
        html! { (decimal(estimate.value)) small { (display(estimate.interval)) } }
    };
    let cells: Vec<Vec<Markup>> = rows
        .into_iter()
        .map(|(name, macro_f1, accuracy, loss)| {
            vec![
                name.render(),
                cell(macro_f1),
                cell(accuracy),
                decimal(loss).render(),
            ]
        })
        .collect();
    let columns = ["On the same films", "macro-F1", "accuracy", "cross-entropy"];
    let content = html! {
        p {
            "The baselines know how often each class occurs in the training split. One of them is a \
             logistic regression on how often each of 64 colours occurs in a poster."
        }
        div.card { (chart) }
        (table(Some("first"), &columns, &cells, &[]))
    };
    Ok(section("Compared with simple baselines", &content))
}

/// The learning curves.
pub(super) fn epochs(report: &Report) -> Result<Markup> {
    let headline = "How it learned";
    if report.epochs.is_empty() {
        return Ok(empty_section(
            headline,
            PreEscaped(
                "There is no log.jsonl next to the network’s file. Name the folder that has one \
                 with <code>--run</code>.",
            ),
        ));
    }
    let chart = |name: &str, of: &dyn Fn(&SplitLog) -> Option<f64>| {
        let epochs = || report.epochs.iter();
        let train = epochs().filter_map(|log| Some((log.epoch as f64, of(&log.train)?)));
        let train: Vec<_> = train.collect();
        if train.is_empty() {
            return Ok(html! {});
        }
        let validation =
            epochs().filter_map(|log| Some((log.epoch as f64, of(log.validation.as_ref()?)?)));
        let lines = [(TRAIN, train), (VALIDATION, validation.collect())]
            .map(|(series, points)| Line { series, points });
        let description = format!("{name} after each epoch");
        let drawn = figure(&description, Widths::PAIR, |width| {
            charts::by_epoch(&lines, width)
        })?;
        Ok::<_, anyhow::Error>(html! { div.card { h3 { (name) } (drawn) } })
    };
    let series = [(TRAIN, "training split"), (VALIDATION, "validation split")];
    let content = html! {
        p {
            (counted(report.epochs.len(), "epoch", "epochs")) " in "
            (duration(report.epochs.iter().map(|log| log.seconds).sum())) "."
        }
        (legend(series.map(|(series, name)| (series, name.render()))))
        div.pair {
            (chart("Cross-entropy", &|split| Some(split.loss))?)
            (chart("Macro-F1", &|split| Some(split.macro_f1))?)
            (chart("Genres’ mean average precision", &|split| split.genre_map)?)
            (chart("Score’s R²", &|split| split.score_r2)?)
        }
    };
    Ok(section(headline, &content))
}

/// The wrong answers with the highest confidence.
pub(super) fn mistakes(report: &Report) -> Markup {
    let headline = "Confident mistakes";
    if report.mistakes.is_empty() {
        return empty_section(headline, "It makes no mistake.");
    }
    let rows: Vec<Vec<Markup>> = report
        .mistakes
        .iter()
        .map(|mistake| {
            let film = html! {
                (mistake.film)
                @if !mistake.year.is_empty() { " " span.year { (mistake.year) } }
            };
            vec![
                film,
                mistake.truth.render(),
                mistake.predicted.render(),
                format!("{:.0} %", 100.0 * mistake.probability).render(),
            ]
        })
        .collect();
    let all = match rows.len() {
        MISTAKES => format!("The {MISTAKES} wrong answers with the highest confidence."),
        _ => "All of its wrong answers.".to_owned(),
    };
    let columns = ["Film", "true class", "predicted class", "confidence"];
    let content = html! {
        p { (all) " For some of them the label may be wrong, not the network." }
        (table(Some("mistakes"), &columns, &rows, &[]))
    };
    section(headline, &content)
}

/// What the network is.
pub(super) fn network(report: &Report) -> Markup {
    let network = &report.network;
    let rows = pairs([
        ("Network", network.name.render()),
        ("File", network.file.render()),
        ("Parameters", thousands(network.parameters).render()),
        (
            "Multiply-adds for a poster",
            thousands(network.multiply_adds).render(),
        ),
        ("Trained by Marquee", network.trainer.render()),
        ("Random seed", network.seed.render()),
        ("Trained on", html! { code { (network.trained_on) } }),
        ("Evaluated on", html! { code { (network.judged_by) } }),
    ]);
    section("The network", &rows)
}
