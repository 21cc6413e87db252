use std::collections::{BTreeMap, HashMap};

use serde::{Serialize, de::DeserializeOwned};

use super::ModelError;
use crate::network::{CHANNELS, Network, NetworkName, Size};

/// The most classes that a file may have; more is a damaged label list, not a poster classifier.
pub const MAX_CLASSES: usize = 1000;

/// What the metadata of a weights file says.
///
/// Numbers and lists are stored as JSON, names as they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// The network, whose layers the tensors are.
    pub network: NetworkName,
    /// What posters are resized to.
    pub input: Size,
    /// The classes' names, in the order of the logits.
    pub labels: Vec<String>,
    /// Mean of red, green and blue over the training split's pixels, in 0–1.
    pub mean: [f32; CHANNELS],
    /// Their standard deviation, likewise.
    pub std: [f32; CHANNELS],
    /// What logits are divided by before the softmax (Guo et al. 2017); 1 where none was fitted.
    pub temperature: f32,
    /// How good it is: the name of a metric, with the split it was measured on, and its value.
    pub metrics: BTreeMap<String, f64>,
    /// Content hash of the dataset that it was trained on.
    pub dataset: String,
    /// Version of Marquee that trained it.
    pub trainer: String,
    /// Seed of the training run.
    pub seed: u64,
}

impl Card {
    /// The logits as probabilities: a softmax after division by the temperature. They add up to 1.
    pub fn probabilities(&self, logits: &[f32]) -> Vec<f32> {
        let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut probabilities: Vec<f32> = logits
            .iter()
            .map(|logit| ((logit - highest) / self.temperature).exp())
            .collect();
        let sum: f32 = probabilities.iter().sum();
        for probability in &mut probabilities {
            *probability /= sum;
        }
        probabilities
    }

    pub(super) fn from_metadata(
        metadata: Option<&HashMap<String, String>>,
    ) -> Result<Card, ModelError> {
        let fields = Fields(metadata);
        let network = fields.text("network")?;
        let network = network.parse().map_err(|error| ModelError::BadField {
            field: "network",
            value: network.to_owned(),
            expected: format!("{error}"),
        })?;
        Ok(Card {
            network,
            input: fields.json("input", "it must be {\"width\":…,\"height\":…}")?,
            labels: fields.json("labels", "it must be a JSON list of names")?,
            mean: fields.json("mean", "it must be a JSON list of three numbers")?,
            std: fields.json("std", "it must be a JSON list of three numbers")?,
            temperature: fields.json("temperature", "it must be a number")?,
            metrics: fields.json("metrics", "it must be a JSON object of numbers")?,
            dataset: fields.text("dataset")?.to_owned(),
            trainer: fields.text("trainer")?.to_owned(),
            seed: fields.json("seed", "it must be a whole number")?,
        })
    }

    pub(super) fn to_metadata(&self) -> HashMap<String, String> {
        [
            // what Hugging Face's loaders look for
            ("format", "pt".to_owned()),
            ("network", self.network.to_string()),
            ("input", json(&self.input)),
            ("labels", json(&self.labels)),
            ("mean", json(&self.mean)),
            ("std", json(&self.std)),
            ("temperature", json(&self.temperature)),
            ("metrics", json(&self.metrics)),
            ("dataset", self.dataset.clone()),
            ("trainer", self.trainer.clone()),
            ("seed", self.seed.to_string()),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into()
    }

    pub(super) fn check(&self) -> Result<(), ModelError> {
        let refuse = |field, value: String, expected: &str| {
            Err(ModelError::BadField {
                field,
                value,
                expected: expected.to_owned(),
            })
        };
        let labels = &self.labels;
        if !(2..=MAX_CLASSES).contains(&labels.len()) {
            return refuse(
                "labels",
                format!("{} names", labels.len()),
                "a classifier has 2 to 1000 classes",
            );
        }
        if let Some(label) = labels.iter().enumerate().find_map(|(index, label)| {
            (label.is_empty() || labels[..index].contains(label)).then_some(label)
        }) {
            return refuse("labels", label.clone(), "names are not empty and differ");
        }
        let input = Network::new(self.network, labels.len()).input;
        if self.input != input {
            return refuse(
                "input",
                self.input.to_string(),
                &format!("{} takes {input}", self.network),
            );
        }
        if !self.mean.iter().all(|mean| (0.0..=1.0).contains(mean)) {
            return refuse("mean", json(&self.mean), "means are in 0 to 1");
        }
        if !self.std.iter().all(|std| *std > 1e-6 && *std <= 1.0) {
            let expected = "deviations are above 0 and at most 1";
            return refuse("std", json(&self.std), expected);
        }
        if !(self.temperature.is_finite() && self.temperature > 0.0) {
            return refuse(
                "temperature",
                json(&self.temperature),
                "a temperature is finite and above 0",
            );
        }
        Ok(())
    }
}

/// A value as the file writes it.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("numbers and names can be written")
}

struct Fields<'a>(Option<&'a HashMap<String, String>>);

impl<'a> Fields<'a> {
    fn text(&self, field: &'static str) -> Result<&'a str, ModelError> {
        self.0
            .and_then(|metadata| metadata.get(field))
            .map(String::as_str)
            .ok_or(ModelError::MissingField(field))
    }

    fn json<T: DeserializeOwned>(
        &self,
        field: &'static str,
        expected: &str,
    ) -> Result<T, ModelError> {
        let value = self.text(field)?;
        serde_json::from_str(value).map_err(|_| ModelError::BadField {
            field,
            value: value.to_owned(),
            expected: expected.to_owned(),
        })
    }
}
