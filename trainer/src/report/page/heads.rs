//! The page's sections about the network's heads: class, genres and score.

use anyhow::Result;
use maud::{Markup, Render, display, html};

use super::charts;
use crate::dataset::Split;
use crate::evaluation::abstention::{Abstention, RATIO};
use crate::html::charts::{Widths, figure};
use crate::html::numbers::{counted, decimal, percent, thousands};
use crate::html::{empty_section, legend, nothing, pairs, section, table};
use crate::report::content::Report;

/// Precision, recall and F1 of each class.
pub(super) fn classes(report: &Report) -> Markup {
    let metrics = &report.metrics;
    let labels = metrics.labels.iter();
    let rows: Vec<Vec<Markup>> = labels
        .map(|label| {
            let score = metrics.classes[label];
            let shares = [score.precision, score.recall, score.f1].map(|n| decimal(n).render());
            let mut row = vec![label.render()];
            row.extend(shares);
            row.push(thousands(score.films).render());
            row
        })
        .collect();
    let columns = ["Class", "precision", "recall", "F1", "films"];
    let content = html! {
        p {
            "Precision is the share of a class’s predictions that are right, and recall the share of \
             its films that are found. F1 is the harmonic mean of the two, and macro-F1 the mean of \
             the classes’ F1."
        }
        (table(None, &columns, &rows, &[]))
        (such_genres(report))
        (parts(report))
    };
    section("Class by class", &content)
}

/// How often a film that is called so has such a genre, beside all films.
fn such_genres(report: &Report) -> Markup {
    let figures = &report.metrics.such_genres;
    let rows: Vec<Vec<Markup>> = figures
        .iter()
        .map(|figure| {
            let times = format!("{:.1}×", figure.times());
            vec![
                figure.class.render(),
                thousands(figure.called).render(),
                decimal(figure.of_called).render(),
                decimal(figure.of_all).render(),
                times.render(),
            ]
        })
        .collect();
    let columns = [
        "When it says",
        "films",
        "such a genre has",
        "of all films",
        "times as often",
    ];
    html! {
        @if !rows.is_empty() {
            p {
                "A film has several genres and gets one class, so an answer that is wrong by that \
                 class may still name one of its genres. This is how often it does, beside how many \
                 of all films have such a genre."
            }
            (table(None, &columns, &rows, &[]))
        }
    }
}

/// The figures for some kinds of films alone.
fn parts(report: &Report) -> Markup {
    let parts = report.metrics.parts.iter();
    let rows: Vec<Vec<Markup>> = parts
        .map(|part| {
            let macro_f1 = format!("{:.3} ({})", part.macro_f1, part.macro_f1_interval);
            vec![
                part.which.to_string().render(),
                thousands(part.films).render(),
                macro_f1.render(),
                decimal(part.accuracy).render(),
            ]
        })
        .collect();
    html! {
        @if !rows.is_empty() {
            p { "Some of the films alone:" }
            (table(None, &["", "films", "macro-F1", "accuracy"], &rows, &[]))
        }
    }
}

/// The confusion matrix.
pub(super) fn confusion(report: &Report) -> Markup {
    let metrics = &report.metrics;
    let content = html! {
        p {
            "A row for each true class, a column for each predicted class: the share of the true \
             class’s films, and their number."
        }
        div.scroll tabindex="0" {
            table.confusion {
                thead {
                    tr {
                        th scope="col" { "True class" }
                        @for label in &metrics.labels { th scope="col" { span { (label) } } }
                    }
                }
                tbody {
                    @for (truth, counts) in metrics.confusion.iter().enumerate() {
                        @let films = counts.iter().sum::<usize>().max(1) as f64;
                        tr {
                            th scope="row" { (metrics.labels[truth]) }
                            @for (predicted, &count) in counts.iter().enumerate() {
                                @let share = format!("{:.0}", 100.0 * count as f64 / films);
                                td.right[truth == predicted] style={ "--share:" (share) } {
                                    (share) " %" small { (thousands(count)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    section("Confusion matrix", &content)
}

/// Whether the confidences mean what they say.
pub(super) fn calibration(report: &Report) -> Result<Markup> {
    let metrics = &report.metrics;
    let points = |error: f64| format!("{:.1}", 100.0 * error);
    let error = points(metrics.calibration_error);
    let (sentence, curves) = match metrics.temperature {
        1.0 => (
            format!(
                "Its confidence is {error} percentage points off on average; no temperature was \
                 calibrated for it."
            ),
            vec![(2, &report.calibration[..])],
        ),
        temperature => (
            format!(
                "With the temperature {temperature:.3}, its confidence is {error} percentage points \
                 off on average; without it, {}.",
                points(metrics.calibration_error_at_1)
            ),
            vec![(0, &report.calibration_at_1[..]), (2, &report.calibration)],
        ),
    };
    let names = [(0, "without the temperature"), (2, "with it")];
    let chart = figure(
        &format!("How often answers are right, by their confidence. {sentence}"),
        Widths::HALF,
        |width| charts::by_confidence(&curves, width),
    )?;
    let content = html! {
        p {
            "On the dashed line the confidence is exact: of the answers with a confidence of 70 %, \
             seven in ten are right. " (sentence) " A larger disc means more films."
        }
        div.beside {
            div.card {
                @if curves.len() > 1 {
                    (legend(names.map(|(series, name)| (series, name.render()))))
                }
                (chart)
            }
            div {
                h3 { "Not sure" }
                @if let Some(abstention) = &metrics.not_sure {
                    (not_sure(abstention))
                } @else {
                    (nothing("The network answers every film: no threshold was calibrated for it."))
                }
            }
        }
    };
    Ok(section("Calibration", &content))
}

/// What the answer "not sure" costs and gains.
fn not_sure(found: &Abstention) -> Markup {
    html! {
        (pairs([
            ("“Not sure” below this confidence", percent(found.threshold).render()),
            ("Films that it answers", percent(found.answered).render()),
            ("Of those, right", percent(found.right_of_answered).render()),
            ("Of the others, would be right", percent(found.right_of_unanswered).render()),
        ]))
        @if !found.reaches_ratio() {
            p {
                "Its answers should be right at least " (RATIO) " times as often as the others would \
                 be. No threshold achieves that."
            }
        }
    }
}

/// Metrics of the genres.
pub(super) fn genres(report: &Report) -> Markup {
    let headline = "Genres";
    let Some(genres) = &report.metrics.genres else {
        return empty_section(headline, "The network does not answer genres.");
    };
    let calibrated_on = match report.metrics.split {
        Split::Validation => "these very films",
        _ => "the validation split",
    };
    let rows: Vec<Vec<Markup>> = genres
        .genres
        .iter()
        .map(|genre| {
            let times = genre.average_precision / genre.base_rate;
            vec![
                genre.name.render(),
                thousands(genre.films).render(),
                html! { (decimal(genre.average_precision)) small { (format!("{times:.1}×")) } },
                decimal(genre.base_rate).render(),
                decimal(genre.f1).render(),
                genre.threshold.map_or("–".to_owned(), percent).render(),
            ]
        })
        .collect();
    let columns = [
        "Genre",
        "films",
        "average precision",
        "base rate",
        "F1",
        "threshold",
    ];
    let content = html! {
        p {
            "A film may have several genres. The mean average precision is "
            (decimal(genres.mean_average_precision)) " ("
            (display(genres.mean_average_precision_interval)) "), "
            (format_args!("{:.1}", genres.times_base_rate)) " times the "
            (decimal(genres.base_rate)) " of guessing."
            @if let Some(f1) = genres.macro_f1 {
                " The mean F1 is " (decimal(f1)) ". A film is said to have a genre from a threshold \
                 of its probability on, which was calibrated on " (calibrated_on) "."
            }
        }
        (table(None, &columns, &rows, &[]))
    };
    section(headline, &content)
}

/// Metrics of the members' score.
pub(super) fn score(report: &Report) -> Markup {
    let headline = "Members’ score";
    let Some(score) = &report.metrics.score else {
        return empty_section(headline, "The network does not answer a score.");
    };
    let points = |error| format!("{error:.3} points");
    let content = html! {
        p {
            "Points from 0 to 10, for " (counted(score.films, "film", "films"))
            " with enough members’ votes."
        }
        (pairs([
            (
                "Mean absolute error",
                html! {
                    (points(score.mean_absolute_error))
                    small { (display(score.mean_absolute_error_interval)) }
                },
            ),
            (
                "Mean absolute error of the best constant",
                points(score.constants_error).render(),
            ),
            ("Variance explained (R²)", percent(score.explained).render()),
            (
                "Films within the predicted interval; four in five should be",
                percent(score.coverage).render(),
            ),
        ]))
    };
    section(headline, &content)
}
