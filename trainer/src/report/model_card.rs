//! The model card beside a network's file, in the form that Hugging Face reads (Mitchell et al.
//! 2019). Every number in it was measured when the file was written.

mod origin;
mod quality;
mod words;

use std::fmt::Write as _;

use marquee_models::file::{Model, Precision};
use serde_json::json;

use crate::dataset::rule::Rule;
use crate::dataset::{Dataset, Protocol, Split};
use crate::evaluation::abstention::Abstention;
use crate::evaluation::baselines::Baseline;
use crate::evaluation::bootstrap::RESAMPLES;
use crate::html::numbers::{counted, thousands};
use crate::report::Metrics;
use crate::training::Run;

/// What a model card is made from.
pub struct ModelCard<'a> {
    /// The network as written.
    pub model: &'a Model,
    /// Its file's name.
    pub file: &'a str,
    /// Its file's size.
    pub bytes: usize,
    /// How its numbers are stored.
    pub precision: Precision,
    /// To how many significant bits its weights are rounded, where they are.
    pub bits: Option<u32>,
    /// The share of what its sampler added to rare classes that was taken back, 0 to 1.
    pub prior_correction: f32,
    /// How good it is on the test split.
    pub metrics: &'a Metrics,
    /// What its threshold does on the validation split, on which it was fitted.
    pub validated: Option<Abstention>,
    /// What is reached without it on the same films.
    pub baselines: &'a [Baseline],
    /// What it was trained on.
    pub dataset: &'a Dataset,
    /// How it was trained, where that was Marquee's doing.
    pub run: Option<&'a Run>,
}

impl ModelCard<'_> {
    /// The card as Markdown, with Hugging Face's metadata above it.
    pub fn render(&self) -> String {
        let name = self.model.metadata().network;
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
            format!("## Licence and sources\n\n{}", self.sources()),
        ];
        parts.join("\n")
    }

    /// Hugging Face's metadata. Names are written as JSON, which YAML reads as it is.
    fn metadata(&self) -> String {
        let (metrics, dataset) = (self.metrics, self.dataset.summary());
        let name = json!(self.model.metadata().network.to_string());
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
            macro_f1 = metrics.macro_f1,
            accuracy = metrics.accuracy,
        )
    }

    fn introduction(&self) -> String {
        let metadata = self.model.metadata();
        let mut answers = format!(
            "which of {} it is",
            counted(metadata.labels.len(), "class", "classes")
        );
        if !metadata.genres.is_empty() {
            answers += &format!(", which of {} genres it has", metadata.genres.len());
        }
        if metadata.score.is_some() {
            answers += ", and what score members would give it";
        }
        let trained = match self.run {
            Some(_) => format!("Trained by Marquee {}", metadata.trainer),
            None => format!("Trained elsewhere, and {}", metadata.trainer),
        };
        format!(
            "Reads a movie poster and says of the film {answers}. {trained}; `{file}` holds all that is needed to use it, in a browser or with `marquee predict`.\n",
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
        if summary.protocol == Protocol::Student {
            return words::LEAKY.to_owned();
        }
        let text = format!(
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
        );
        text + &self.run.map(origin::help).unwrap_or_default()
    }

    fn cost(&self) -> String {
        let network = self.model.network();
        let mut text = format!(
            "{} parameters; {} multiply-adds for one poster of {} pixels; {} in a file of {} bytes.",
            thousands(network.trainable_parameters()),
            thousands(network.multiply_adds()),
            network.input,
            match self.precision {
                Precision::Half => "half precision",
                Precision::Single => "single precision",
            },
            thousands(self.bytes)
        );
        if let Some(bits) = self.bits {
            let _ = write!(
                text,
                " Weights are rounded to {bits} significant bits, so that the file compresses well."
            );
        }
        text + &self.run.map(origin::cost).unwrap_or_default() + "\n"
    }
}
