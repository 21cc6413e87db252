//! What a weights file says about its network.

use std::collections::{BTreeMap, HashMap};

use serde::{Serialize, de::DeserializeOwned};

use super::error::ModelError;
use super::score_scale::ScoreScale;
use crate::class::Class;
use crate::genre::Genre;
use crate::math::softmax;
use crate::network::{CHANNELS, Labels, Network, NetworkName, Size, Task};

/// The most classes, and the most genres, that a file may have: more would be a damaged list.
pub const MAX_CLASSES: usize = 1000;

/// What a weights file says about its network, apart from the weights.
///
/// Each field is a key of the file's metadata. Numbers and lists are stored as JSON, names as they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Metadata {
    /// Which network it is.
    pub network: NetworkName,
    /// The size that posters are resized to.
    pub input: Size,
    /// The classes' names, in the order of their logits; 2 to [`MAX_CLASSES`], all different.
    pub labels: Vec<String>,
    /// The genres' names, in the order of their logits; empty if the network has no head for them.
    pub genres: Vec<String>,
    /// How the standardised score becomes points; `None` if the network has no head for it.
    pub score: Option<ScoreScale>,
    /// What is subtracted from red, green and blue, in 0–1: their mean over the training split's pixels,
    /// or what training's start weights were normalised by.
    pub mean: [f32; CHANNELS],
    /// What they are divided by then, above 1e-6 and at most 1: their standard deviation, likewise.
    pub std: [f32; CHANNELS],
    /// What the classes' logits are divided by before the softmax (Guo et al. 2017), above 0; 1 if it
    /// was not calibrated.
    pub temperature: f32,
    /// If the likeliest class has a probability below this, 0 to 1, the answer is "not sure"; 0 if no
    /// threshold was chosen.
    pub threshold: f32,
    /// How good it is: metrics by name, with the split they were measured on, such as `test accuracy`.
    pub metrics: BTreeMap<String, f64>,
    /// Content hash of the dataset that it was trained on, in hexadecimal; empty if there is none.
    pub dataset: String,
    /// The version of Marquee that trained it, or who did otherwise.
    pub trainer: String,
    /// Random seed of the training run.
    pub seed: u64,
}

impl Metadata {
    /// The metadata of a network that has not been trained, for the six built-in classes and TMDB's
    /// genres; colours are left in 0–1.
    pub fn untrained(network: NetworkName) -> Metadata {
        let genres: Vec<String> = Genre::ALL.map(|genre| genre.to_string()).into();
        let labels = Labels {
            classes: Class::ALL.len(),
            genres: genres.len(),
            score: true,
        };
        let layers = Network::new(network, labels);
        let answers = |task| layers.output_range(task).is_some();
        Metadata {
            network,
            input: layers.input,
            labels: Class::ALL.map(|class| class.label().to_owned()).into(),
            genres: if answers(Task::Genres) {
                genres
            } else {
                Vec::new()
            },
            score: answers(Task::Score).then_some(ScoreScale {
                mean: 6.0,
                deviation: 1.0,
                interval: ScoreScale::NORMAL_INTERVAL,
            }),
            mean: [0.0; CHANNELS],
            std: [1.0; CHANNELS],
            temperature: 1.0,
            threshold: 0.0,
            metrics: BTreeMap::new(),
            dataset: String::new(),
            trainer: String::new(),
            seed: 0,
        }
    }

    /// The network's layers, for as many labels as there are.
    pub fn layers(&self) -> Network {
        let labels = Labels {
            classes: self.labels.len(),
            genres: self.genres.len(),
            score: self.score.is_some(),
        };
        Network::new(self.network, labels)
    }

    /// The classes' probabilities: a [`softmax`] at the [`temperature`](Self::temperature).
    ///
    /// `outputs` are those of the network's heads for one poster; the class's head stands first.
    ///
    /// # Panics
    ///
    /// If there are fewer outputs than labels.
    pub fn probabilities(&self, outputs: &[f32]) -> Vec<f32> {
        softmax(&outputs[..self.labels.len()], self.temperature)
    }

    /// Whether the likeliest of the classes' [`probabilities`](Self::probabilities) reaches the
    /// threshold; otherwise the answer is "not sure".
    pub fn is_sure(&self, probabilities: &[f32]) -> bool {
        probabilities.iter().any(|share| *share >= self.threshold)
    }

    pub(super) fn from_fields(
        metadata: Option<&HashMap<String, String>>,
    ) -> Result<Metadata, ModelError> {
        let fields = Fields(metadata);
        let network = fields.text("network")?;
        let network = network.parse().map_err(|error| ModelError::BadField {
            field: "network",
            value: network.to_owned(),
            expected: format!("{error}"),
        })?;
        let three = "it must be a JSON list of three numbers";
        Ok(Metadata {
            network,
            input: fields.json("input", "it must be {\"width\":…,\"height\":…}")?,
            labels: fields.json("labels", "it must be a JSON list of names")?,
            genres: fields.json_or("genres", "it must be a JSON list of names", Vec::new())?,
            score: match fields.text("score") {
                Ok(_) => Some(ScoreScale::from_list(fields.json("score", three)?)),
                Err(_) => None,
            },
            mean: fields.json("mean", three)?,
            std: fields.json("std", three)?,
            temperature: fields.json("temperature", "it must be a number")?,
            threshold: fields.json_or("threshold", "it must be a number", 0.0)?,
            metrics: fields.json("metrics", "it must be a JSON object of numbers")?,
            dataset: fields.text("dataset")?.to_owned(),
            trainer: fields.text("trainer")?.to_owned(),
            seed: fields.json("seed", "it must be a whole number")?,
        })
    }

    /// The metadata as a weights file or an ONNX file stores it: a text for each key.
    pub fn to_fields(&self) -> BTreeMap<String, String> {
        let mut metadata = vec![
            ("network", self.network.to_string()),
            ("input", json(&self.input)),
            ("labels", json(&self.labels)),
            ("mean", json(&self.mean)),
            ("std", json(&self.std)),
            ("temperature", json(&self.temperature)),
            ("metrics", json(&self.metrics)),
            ("dataset", self.dataset.clone()),
            ("trainer", self.trainer.clone()),
            ("threshold", json(&self.threshold)),
            ("seed", self.seed.to_string()),
        ];
        if !self.genres.is_empty() {
            metadata.push(("genres", json(&self.genres)));
        }
        if let Some(score) = &self.score {
            // a list, as means and deviations are: the code that reads another form would be larger
            // than the code that reads all the rest, and is part of the page's first download
            metadata.push(("score", json(&score.to_list())));
        }
        let owned = metadata.into_iter();
        owned.map(|(key, value)| (key.to_owned(), value)).collect()
    }

    /// Checks that the fields are in their ranges and fit the network.
    pub(super) fn check(&self) -> Result<(), ModelError> {
        let network = self.layers();
        let classes = self.labels.len();
        let expected = "a classifier has 2 to 1000 classes";
        let names = format!("{classes} names");
        require(
            (2..=MAX_CLASSES).contains(&classes),
            "labels",
            names,
            expected,
        )?;
        for (field, names) in [("labels", &self.labels), ("genres", &self.genres)] {
            for (index, name) in names.iter().enumerate() {
                let sound = !name.is_empty() && !names[..index].contains(name);
                require(sound, field, name.clone(), "names are not empty and differ")?;
            }
        }
        for (field, task, given) in [
            ("genres", Task::Genres, !self.genres.is_empty()),
            ("score", Task::Score, self.score.is_some()),
        ] {
            let expected = "it must be in the files of networks with such a head, and in no others";
            let found = if given { "given" } else { "missing" };
            let fits = network.output_range(task).is_some() == given;
            require(fits, field, found.to_owned(), expected)?;
        }
        let few = self.genres.len() <= MAX_CLASSES;
        require(few, "genres", "longer".to_owned(), "there are at most 1000")?;
        let sound = self.score.is_none_or(|score| {
            let positive = [score.deviation, score.interval];
            score.mean.is_finite() && positive.iter().all(|n| n.is_finite() && *n > 0.0)
        });
        let expected = "its numbers are finite, deviation and interval above 0";
        require(sound, "score", "other".to_owned(), expected)?;
        let expected = format!("{} takes {}", self.network, network.input);
        let fits = self.input == network.input;
        require(fits, "input", self.input.to_string(), &expected)?;
        let sound = self.mean.iter().all(|mean| (0.0..=1.0).contains(mean));
        require(sound, "mean", json(&self.mean), "means are in 0 to 1")?;
        let sound = self.std.iter().all(|std| *std > 1e-6 && *std <= 1.0);
        let expected = "deviations are above 0 and at most 1";
        require(sound, "std", json(&self.std), expected)?;
        let sound = self.temperature.is_finite() && self.temperature > 0.0;
        let expected = "a temperature is finite and above 0";
        require(sound, "temperature", json(&self.temperature), expected)?;
        let sound = (0.0..=1.0).contains(&self.threshold);
        let expected = "a threshold is a probability";
        require(sound, "threshold", json(&self.threshold), expected)
    }
}

/// Refuses a field's value unless it is `sound`.
fn require(
    sound: bool,
    field: &'static str,
    value: String,
    expected: &str,
) -> Result<(), ModelError> {
    match sound {
        true => Ok(()),
        false => Err(ModelError::BadField {
            field,
            value,
            expected: expected.to_owned(),
        }),
    }
}

/// A value as the file stores it.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("numbers and names can be written")
}

/// The texts of a file's metadata.
struct Fields<'a>(Option<&'a HashMap<String, String>>);

impl<'a> Fields<'a> {
    fn text(&self, field: &'static str) -> Result<&'a str, ModelError> {
        self.0
            .and_then(|metadata| metadata.get(field))
            .map(String::as_str)
            .ok_or(ModelError::MissingField(field))
    }

    /// A field that older files lack; they get `otherwise`.
    fn json_or<T: DeserializeOwned>(
        &self,
        field: &'static str,
        expected: &str,
        otherwise: T,
    ) -> Result<T, ModelError> {
        match self.text(field) {
            Ok(_) => self.json(field, expected),
            Err(_) => Ok(otherwise),
        }
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
