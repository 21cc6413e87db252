//! `report.html` and `report.json`: how good a network is, beside what is reached without one.

mod charts;
mod heads;
mod metrics;
pub mod model_card;
mod page;
mod parts;
mod summary;

#[cfg(test)]
mod tests;

pub use metrics::{GenreMetrics, Metrics, ScoreMetrics, measure};
pub use page::render;
pub use summary::{GenresSummary, ScoreSummary, Summary};

use std::path::Path;

use anyhow::Result;
use marquee_models::file::Model;
use serde::Serialize;

use crate::dataset::{Dataset, write_whole};
use crate::evaluation::baselines::Baseline;
use crate::evaluation::{CalibrationBin, ClassAnswers, Evaluation};
use crate::training::EpochLog;

/// The most mistakes that are named.
pub const MISTAKES: usize = 20;

/// All that the report shows. `report.json` is this.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Which network.
    pub network: EvaluatedNetwork,
    /// How good it is.
    #[serde(flatten)]
    pub metrics: Metrics,
    /// How often answers of about the same confidence are right, as the network's temperature makes
    /// them.
    pub calibration: Vec<CalibrationBin>,
    /// The same without the temperature.
    pub calibration_at_1: Vec<CalibrationBin>,
    /// What is reached without the network.
    pub baselines: Vec<Baseline>,
    /// How it went while it was trained; empty where nobody knows.
    pub epochs: Vec<EpochLog>,
    /// The wrong answers of which the network was surest, those first.
    pub mistakes: Vec<Mistake>,
}

/// The network that a report is about.
#[derive(Clone, Debug, Serialize)]
pub struct EvaluatedNetwork {
    /// Its name, such as `cnn32`.
    pub name: String,
    /// Its file's name.
    pub file: String,
    /// Numbers that training adjusted.
    pub parameters: usize,
    /// Multiply-adds for one poster.
    pub multiply_adds: usize,
    /// Content hash of the dataset that it was trained on.
    pub trained_on: String,
    /// Content hash of the dataset whose films it is judged by.
    pub judged_by: String,
    /// Version of Marquee that trained it.
    pub trainer: String,
    /// Seed of the training run.
    pub seed: u64,
}

/// A wrong answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mistake {
    /// The film's title, or its id where it has none.
    pub film: String,
    /// Its year of release; empty where nobody knows.
    pub year: String,
    /// Its class.
    pub truth: String,
    /// What the network took it for.
    pub predicted: String,
    /// The probability that it gave to that, in 0–1.
    pub probability: f64,
}

impl EvaluatedNetwork {
    /// What is said of a model, whose file has this path, and of the dataset it is judged by.
    pub fn of(model: &Model, file: &Path, dataset: &Dataset) -> EvaluatedNetwork {
        let (metadata, network) = (model.metadata(), model.network());
        let name = file.file_name().unwrap_or_default();
        EvaluatedNetwork {
            name: metadata.network.to_string(),
            file: name.to_string_lossy().into_owned(),
            parameters: network.trainable_parameters(),
            multiply_adds: network.multiply_adds(),
            trained_on: metadata.dataset.clone(),
            judged_by: dataset.summary().hash.clone(),
            trainer: metadata.trainer.clone(),
            seed: metadata.seed,
        }
    }
}

impl Report {
    /// Puts together what was measured. `epochs` are the lines of the run's log.
    pub fn new(
        network: EvaluatedNetwork,
        metrics: Metrics,
        evaluation: &Evaluation,
        dataset: &Dataset,
        baselines: Vec<Baseline>,
        epochs: Vec<EpochLog>,
    ) -> Report {
        let answers = &evaluation.classes;
        let temperature = metrics.temperature;
        Report {
            network,
            calibration: answers.calibration_curve(temperature),
            calibration_at_1: answers.calibration_curve(1.0),
            mistakes: mistakes(answers, temperature, &evaluation.films, dataset),
            metrics,
            baselines,
            epochs,
        }
    }

    /// Writes `report.html` and `report.json` into a folder, which is made where it is not there.
    ///
    /// # Errors
    ///
    /// Where they cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        write_whole(&folder.join("report.html"), render(self)?.as_bytes())?;
        let json = serde_json::to_string_pretty(self)? + "\n";
        write_whole(&folder.join("report.json"), json.as_bytes())
    }
}

/// The wrong answers of the highest confidence; where several are as sure, in the films' order.
fn mistakes(
    answers: &ClassAnswers,
    temperature: f64,
    films: &[usize],
    dataset: &Dataset,
) -> Vec<Mistake> {
    let mut wrong: Vec<(f64, usize)> = (answers.confidences(temperature).enumerate())
        .filter(|(_, (_, right))| !right)
        .map(|(index, (confidence, _))| (confidence, index))
        .collect();
    wrong.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    wrong.truncate(MISTAKES);
    let labels = &dataset.summary().labels;
    let predicted = answers.predicted();
    let mistake = |&(probability, index): &(f64, usize)| {
        let row = films[index];
        let entry = &dataset.entries()[row];
        let title = entry.title.trim();
        Mistake {
            film: if title.is_empty() { &entry.id } else { title }.to_owned(),
            year: entry.year.trim().to_owned(),
            truth: labels[dataset.class(row)].clone(),
            predicted: labels[predicted[index]].clone(),
            probability,
        }
    };
    wrong.iter().map(mistake).collect()
}
