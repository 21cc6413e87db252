//! The model card beside a network's file, in the form that Hugging Face reads (Mitchell et al.
//! 2019). Every number in it was measured when the file was written.

mod words;

use std::fmt::Write as _;

use marquee_models::file::Model;
use serde_json::json;

use crate::abstention::Abstention;
use crate::baselines::Baseline;
use crate::bootstrap::{Estimate, RESAMPLES};
use crate::dataset::{Dataset, Protocol, Split};
use crate::html::text::{counted, duration, thousands};
use crate::report::Figures;
use crate::rule::Rule;
use crate::training::{About, EpochLog, Recipe};

/// What a model card is made from.
pub struct ModelCard<'a> {
    /// The network as written.
    pub model: &'a Model,
    /// Its file's name.
    pub file: &'a str,
    /// Its file's size.
    pub bytes: usize,
    /// Whether it is stored in half precision.
    pub half: bool,
    /// How good it is on the test split.
    pub figures: &'a Figures,
    /// What its threshold does on the validation split, on which it was fitted.
    pub validated: Option<Abstention>,
    /// What is reached without it on the same films.
    pub baselines: &'a [Baseline],
    /// What it was trained on.
    pub dataset: &'a Dataset,
    /// How it was trained.
    pub recipe: &'a Recipe,
    /// On what machine.
    pub about: &'a About,
    /// How long that took; empty where nobody knows.
    pub epochs: &'a [EpochLog],
}

impl ModelCard<'_> {
    /// The card as Markdown, with Hugging Face's metadata above it.
    pub fn render(&self) -> String {
        let name = self.model.card().network;
        let parts = [
            self.metadata(),
            format!("# {name}\n\n{}", self.introduction()),
            format!("## Data\n\n{}", self.data()),
            format!("## Labels\n\n{}", self.labels()),
            format!("## Protocol\n\n{}", self.protocol()),
            format!("## How good it is\n\n{}", self.quality()),
            format!("## Calibration\n\n{}", self.calibration()),
            format!("## Intended use\n\n{}", words::INTENDED),
            format!("## What it must not be used for\n\n{}", words::FORBIDDEN),
            format!("## Size and cost\n\n{}", self.cost()),
            format!("## How to reproduce it\n\n{}", self.reproduction()),
            format!("## Licence and sources\n\n{}", words::SOURCES),
        ];
        parts.join("\n")
    }

    /// Hugging Face's metadata. Names are written as JSON, which YAML reads as it is.
    fn metadata(&self) -> String {
        let (figures, dataset) = (self.figures, self.dataset.summary());
        let name = json!(self.model.card().network.to_string());
        format!(
            r#"---
license: other
license_name: mit-or-apache-2.0
license_link: LICENSE-MIT
library_name: marquee
pipeline_tag: image-classification
tags:
- movie-posters
- genre-classification
- safetensors
- burn
metrics:
- f1
- accuracy
model-index:
- name: {name}
  results:
  - task:
      type: image-classification
      name: A film's class from its poster
    dataset:
      type: movie-posters
      name: Films' posters
      split: test
      revision: {hash}
    metrics:
    - type: f1
      name: macro-F1
      value: {macro_f1:.4}
    - type: accuracy
      name: accuracy
      value: {accuracy:.4}
---
"#,
            hash = json!(dataset.hash),
            macro_f1 = figures.macro_f1,
            accuracy = figures.accuracy,
        )
    }

    fn introduction(&self) -> String {
        let card = self.model.card();
        let mut answers = format!(
            "which of {} it is",
            counted(card.labels.len(), "class", "classes")
        );
        if !card.genres.is_empty() {
            answers += &format!(", which of {} genres it has", card.genres.len());
        }
        if card.score.is_some() {
            answers += ", and what score members would give it";
        }
        format!(
            "Reads a movie poster and says of the film {answers}. Trained by Marquee {version}; \
             `{file}` holds all that is needed to use it, in a browser or with `marquee predict`.\n",
            version = card.trainer,
            file = self.file,
        )
    }

    fn data(&self) -> String {
        let summary = self.dataset.summary();
        let mut text = format!(
            "| split | {} | films |\n|---|{}---:|\n",
            summary.labels.join(" | "),
            "---:|".repeat(summary.labels.len())
        );
        for split in Split::ALL {
            let counts = summary.counts.get(&split);
            let count = |label: &String| counts.and_then(|counts| counts.get(label)).copied();
            let counts: Vec<usize> = summary
                .labels
                .iter()
                .map(|label| count(label).unwrap_or(0))
                .collect();
            let cells: Vec<String> = counts.iter().copied().map(thousands).collect();
            let all = thousands(counts.iter().sum());
            let _ = writeln!(text, "| {split} | {} | {all} |", cells.join(" | "));
        }
        let cleaning = &summary.cleaning;
        if cleaning.alternates > 0 {
            let designs = counted(cleaning.alternates, "other design", "other designs");
            let _ = writeln!(
                text,
                "\nBeside the training films' posters, {designs} of them are trained on."
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
            "\nThe dataset's content hash is `{}`. The posters are not part of this model, and belong \
             to their owners.",
            summary.hash
        );
        text
    }

    fn labels(&self) -> String {
        let summary = self.dataset.summary();
        let rule = Rule::default();
        let follows = summary.labels == rule.labels
            && self
                .dataset
                .entries()
                .iter()
                .enumerate()
                .all(|(row, entry)| {
                    let genres: Vec<&str> = self.dataset.genres(row).collect();
                    rule.class(&genres) == rule.index(&entry.label)
                });
        let mut text = match follows {
            false => format!(
                "A film's class, one of {}, came with the films.\n",
                summary.labels.join(", ")
            ),
            true => {
                let mut lines =
                    "A film's class comes from its genres; the first line that names one \
                                 of them decides:\n\n"
                        .to_owned();
                for claim in &rule.claims {
                    let _ = writeln!(lines, "- {} → {}", claim.genres.join(" or "), claim.class);
                }
                if let Some(otherwise) = &rule.otherwise {
                    let _ = writeln!(lines, "- anything else → {otherwise}");
                }
                lines
            }
        };
        let _ = write!(text, "\n{}", words::NOISE);
        text
    }

    fn protocol(&self) -> String {
        let summary = self.dataset.summary();
        if summary.protocol == Protocol::Seed {
            return words::LEAKY.to_owned();
        }
        format!(
            "Films, not posters, are split, class by class, into {} % to train on, {} % to choose by \
             and {} % to judge by, by a hash of their ids. Films whose posters look alike are on one \
             side ({} of {}). Other designs of a poster are trained on where their film is, and no \
             network is judged by them. Nothing was chosen by the test split; the temperature, the \
             threshold and the interval below were fitted on the validation split. Intervals are \
             what 95 % of {} bootstrap resamples of the films lie between.\n",
            summary.split.train,
            summary.split.validation,
            summary.split.test,
            counted(summary.cleaning.groups, "group", "groups"),
            counted(summary.cleaning.alike, "film", "films"),
            thousands(RESAMPLES),
        )
    }

    fn quality(&self) -> String {
        let figures = self.figures;
        let mut text = format!(
            "On {} of the test split:\n\n\
             | | macro-F1 | accuracy | cross-entropy |\n|---|---:|---:|---:|\n",
            counted(figures.films, "film", "films")
        );
        let mut row = |name: &str, macro_f1: Estimate, accuracy: Estimate, loss: Option<f64>| {
            let cell =
                |estimate: Estimate| format!("{:.3} ({})", estimate.value, estimate.interval);
            let loss = loss.map_or("–".to_owned(), |loss| format!("{loss:.3}"));
            let _ = writeln!(
                text,
                "| {name} | {} | {} | {loss} |",
                cell(macro_f1),
                cell(accuracy)
            );
        };
        let estimate = |value, interval| Estimate { value, interval };
        row(
            &format!("**{}**", self.model.card().network),
            estimate(figures.macro_f1, figures.macro_f1_interval),
            estimate(figures.accuracy, figures.accuracy_interval),
            Some(figures.loss),
        );
        for baseline in self.baselines {
            row(
                baseline.name,
                baseline.macro_f1,
                baseline.accuracy,
                baseline.loss,
            );
        }
        text += "\n| class | precision | recall | F1 | films |\n|---|---:|---:|---:|---:|\n";
        for label in &figures.labels {
            let score = figures.classes[label];
            let _ = writeln!(
                text,
                "| {label} | {:.3} | {:.3} | {:.3} | {} |",
                score.precision,
                score.recall,
                score.f1,
                thousands(score.films)
            );
        }
        if let Some(genres) = &figures.genres {
            let _ = write!(
                text,
                "\nGenres: mean average precision {:.3} ({}), {:.1} times the {:.3} of guessing",
                genres.mean_average_precision,
                genres.mean_average_precision_interval,
                genres.times_base_rate,
                genres.base_rate
            );
            text += &genres.macro_f1.map_or(".\n".to_owned(), |f1| {
                format!("; mean F1 {f1:.3}, at thresholds fitted on the validation split.\n")
            });
            text += "\n| genre | average precision | base rate | F1 | films |\n\
                     |---|---:|---:|---:|---:|\n";
            for genre in &genres.genres {
                let f1 = genre.f1.map_or("–".to_owned(), |f1| format!("{f1:.3}"));
                let _ = writeln!(
                    text,
                    "| {} | {:.3} | {:.3} | {f1} | {} |",
                    genre.name,
                    genre.average_precision,
                    genre.base_rate,
                    thousands(genre.films)
                );
            }
        }
        if let Some(score) = &figures.score {
            let _ = writeln!(
                text,
                "\nMembers' score, 0 to 10: {:.3} points off on average ({}) over {}, where the best \
                 constant is {:.3} off; R² {:.3}.",
                score.mean_absolute_error,
                score.mean_absolute_error_interval,
                counted(score.films, "film", "films"),
                score.constants_error,
                score.explained
            );
        }
        text
    }

    fn calibration(&self) -> String {
        let (card, figures) = (self.model.card(), self.figures);
        let mut text = format!(
            "Logits are divided by {:.3} before the softmax. The probability of the likeliest class \
             is then off by {:.3} on average (expected calibration error); without, by {:.3}.\n",
            figures.temperature, figures.calibration_error, figures.calibration_error_at_1
        );
        if let (Some(test), Some(validated)) = (&figures.not_sure, self.validated) {
            let _ = writeln!(
                text,
                "\nBelow a probability of {:.3} the answer is \"not sure\". It then answers {:.3} of \
                 the films, and {:.3} of its answers are right; of those it does not answer, {:.3} \
                 would have been.",
                test.threshold, test.answered, test.right_of_answered, test.right_of_unanswered
            );
            if !validated.keeps_its_word() {
                text += "\nNo threshold made its answers right twice as often as the others on the \
                         validation split; this one comes closest.\n";
            }
        }
        if let (Some(scale), Some(score)) = (card.score, &figures.score) {
            let _ = writeln!(
                text,
                "\nThe interval around a score is {:.3} predicted deviations to either side, so that \
                 it holds four of five films of the validation split. It holds {:.3} of the test \
                 films.",
                scale.interval, score.coverage
            );
        }
        text
    }

    fn cost(&self) -> String {
        let network = self.model.network();
        let seconds: f64 = self.epochs.iter().map(|log| log.seconds).sum();
        let mut text = format!(
            "{} parameters; {} multiply-adds for one poster of {} pixels; {} in a file of {} bytes.",
            thousands(network.trainable_parameters()),
            thousands(network.multiply_adds()),
            network.input,
            if self.half {
                "half precision"
            } else {
                "single precision"
            },
            thousands(self.bytes)
        );
        if self.epochs.is_empty() {
            return text + "\n";
        }
        let _ = writeln!(
            text,
            " Trained for {} in {} ({} seconds), evaluation included; device: {}.",
            counted(self.epochs.len(), "epoch", "epochs"),
            duration(seconds),
            thousands(seconds.round() as usize),
            self.about.device
        );
        text
    }

    fn reproduction(&self) -> String {
        let summary = self.dataset.summary();
        let mut build = "marquee build --manifest movies.csv --posters posters.tar".to_owned();
        if summary.cleaning.alternates > 0 {
            build += " \\\n  --manifest alternates.csv --posters alternates.tar --alternates";
        }
        if !summary.cleaning.rotated.is_empty() {
            build += " --balance";
        }
        if summary.protocol == Protocol::Seed {
            build += " --protocol seed";
        }
        let _ = write!(
            build,
            " \\\n  --split {} --seed {} --out dataset",
            summary.split, summary.seed
        );
        let (file, half) = (self.file, if self.half { " --half" } else { "" });
        format!(
            "From the same films and posters, whose dataset then has the content hash above:\n\n\
             ```sh\n{build}\n\
             marquee train --data dataset --recipe recipe.toml --out run\n\
             marquee export --run run --data dataset --out {file}{half}\n\
             marquee evaluate --data dataset --model {file}\n```\n\n\
             On a CPU the same recipe gives the same network. The recipe, of Marquee {version}:\n\n\
             ```toml\n{recipe}```\n",
            version = self.about.marquee,
            recipe = self.recipe.print(),
        )
    }
}
