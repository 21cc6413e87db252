//! The sections about the films that the network was trained and evaluated on.

use std::fmt::Write as _;

use super::content::Training;
use super::{markdown, texts};
use crate::dataset::rule::Rule;
use crate::dataset::{Dataset, Protocol, Split};
use crate::evaluation::bootstrap::RESAMPLES;
use crate::html::numbers::{counted, thousands};

/// Films per split and class, and what was left out or added.
pub(super) fn splits(dataset: &Dataset) -> String {
    let summary = dataset.summary();
    let labels = summary.labels.iter().map(String::as_str);
    let columns = std::iter::once("split").chain(labels).chain(["films"]);
    let rows = Split::ALL.map(|split| {
        let counts = summary.counts.get(&split);
        let count = |label| counts.and_then(|counts| counts.get(label)).copied();
        let counts = summary.labels.iter().map(|label| count(label).unwrap_or(0));
        let mut row = vec![split.to_string()];
        row.extend(counts.clone().map(thousands));
        row.push(thousands(counts.sum::<usize>()));
        row
    });
    let mut text = markdown::table(columns, rows);
    let cleaning = &summary.cleaning;
    if cleaning.alternates > 0 {
        let designs = counted(cleaning.alternates, "other design", "other designs");
        let _ = writeln!(
            text,
            "\nThe network is also trained on {designs} of the training films' posters."
        );
    }
    let rotated: usize = cleaning.rotated.values().sum();
    if rotated > 0 {
        let copies = counted(rotated, "rotated copy", "rotated copies");
        let _ = writeln!(
            text,
            "\nTo balance the classes, {copies} of posters were added."
        );
    }
    let rejected = cleaning.rejected.iter();
    let rejected: Vec<String> = rejected
        .map(|(reason, rows)| format!("{reason} ({})", thousands(*rows)))
        .collect();
    if !rejected.is_empty() {
        let _ = writeln!(text, "\nRows left out: {}.", rejected.join(", "));
    }
    let _ = writeln!(
        text,
        "\nThe dataset's content hash is `{}`. The posters belong to their owners and are not part of \
         this model.",
        summary.hash
    );
    text
}

/// Where a film's class comes from.
pub(super) fn labels(dataset: &Dataset) -> String {
    let summary = dataset.summary();
    let rule = Rule::default();
    let follows = dataset.follows(&rule);
    let mut text = match follows {
        false => format!(
            "The films came with their classes: {}.\n",
            summary.labels.join(", ")
        ),
        true => {
            "A film's class follows from its genres. The first of these lines that names one of \
                 them decides:\n\n"
                .to_owned()
        }
    };
    if follows {
        for claim in &rule.claims {
            let _ = writeln!(text, "- {} → {}", claim.genres.join(" or "), claim.class);
        }
        if let Some(otherwise) = &rule.otherwise {
            let _ = writeln!(text, "- anything else → {otherwise}");
        }
    }
    text + "\n" + texts::NOISE
}

/// How the films were split, and what was calibrated on which split.
pub(super) fn protocol(dataset: &Dataset, training: &Training) -> String {
    let summary = dataset.summary();
    if summary.protocol == Protocol::Student {
        return texts::LEAKY.to_owned();
    }
    let split = match summary.split {
        Some(split) => format!(
            "The films are split by a hash of their ids, class by class: {} % for training, {} % for \
             validation and {} % for testing.",
            split.train, split.validation, split.test
        ),
        None => "The films are split as the lists or folders say that name them.".to_owned(),
    };
    let mut text = format!(
        "{split} Films whose posters look alike are in the same split ({} of \
         {}). Other designs of a poster are used only for training, and only of training films. \
         {} Intervals contain 95 % of {} bootstrap resamples of the \
         films.\n",
        counted(summary.cleaning.groups, "group", "groups"),
        counted(summary.cleaning.alike, "film", "films"),
        match dataset.films(Split::Validation).is_empty() {
            true => texts::NOT_CALIBRATED,
            false => texts::CALIBRATED,
        },
        thousands(RESAMPLES),
    );
    if let Some(start) = training.start() {
        let _ = writeln!(text, "\nTraining started from existing weights ({start}).");
    }
    let start_dataset = training
        .run()
        .and_then(|run| run.info.start_dataset.as_ref());
    match start_dataset {
        Some(hash) if !dataset.is_apart_from(hash) => text += texts::START_MAY_KNOW,
        Some(_) => {
            text += "These weights were trained on another dataset. Its films are only trained on here, too, as far as \
                     ids, titles and years tell.\n";
        }
        None => {}
    }
    if let Some(teacher) = training.teacher() {
        let share = match training.run() {
            Some(run) => format!("{:.0} % of its targets", 100.0 * run.recipe.teacher_share),
            None => "a part of its targets".to_owned(),
        };
        let _ = writeln!(
            text,
            "\nIt was trained by distillation: {share} are a teacher network's answers to the same posters. \
             The teacher was trained on the same films ({teacher})."
        );
    }
    text
}
