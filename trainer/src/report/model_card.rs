//! The model card next to a network's file, in the form that Hugging Face reads (Mitchell et al.
//! 2019). Every number in it is measured when the file is written.

mod content;
mod data;
mod markdown;
mod origin;
mod quality;
mod texts;

pub use content::{ModelCard, Training};

use serde_json::json;

impl ModelCard<'_> {
    /// The model card as Markdown, with Hugging Face's metadata at the top.
    pub fn render(&self) -> String {
        let name = self.model.metadata().network;
        let parts = [
            self.front_matter(),
            format!("# {name}\n\n{}", origin::introduction(self)),
            format!("## Data\n\n{}", data::splits(self.dataset)),
            format!("## Labels\n\n{}", data::labels(self.dataset)),
            format!(
                "## Protocol\n\n{}",
                data::protocol(self.dataset, self.training)
            ),
            format!("## How good it is\n\n{}", quality::metrics(self)),
            format!("## Calibration\n\n{}", quality::calibration(self)),
            format!("## Intended use\n\n{}", texts::INTENDED),
            format!("## What it must not be used for\n\n{}", texts::FORBIDDEN),
            format!("## Size and cost\n\n{}", origin::cost(self)),
            format!("## How to reproduce it\n\n{}", origin::reproduction(self)),
            format!(
                "## Licence and sources\n\n{}",
                origin::sources(self.training)
            ),
        ];
        parts.join("\n")
    }

    /// Hugging Face's metadata. Names are written as JSON, which is valid YAML.
    fn front_matter(&self) -> String {
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
            hash = json!(self.dataset.summary().hash),
            macro_f1 = self.metrics.macro_f1,
            accuracy = self.metrics.accuracy,
        )
    }
}
