//! What `report.html` and `report.json` say.

use serde::Serialize;

use super::metrics::Metrics;
use super::mistake::{Mistake, mistakes};
use super::network::EvaluatedNetwork;
use crate::dataset::Dataset;
use crate::evaluation::baselines::Baseline;
use crate::evaluation::{CalibrationBin, Evaluation};
use crate::training::EpochLog;

/// Everything that `report.html` shows. As JSON it is `report.json`.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The network.
    pub network: EvaluatedNetwork,
    /// How good it is.
    #[serde(flatten)]
    pub metrics: Metrics,
    /// How often answers of about the same confidence are right, with the network's temperature.
    pub calibration: Vec<CalibrationBin>,
    /// The same with temperature 1.
    pub calibration_at_1: Vec<CalibrationBin>,
    /// Simple baselines on the same films.
    pub baselines: Vec<Baseline>,
    /// The log of the training run, an entry per epoch; empty if there is none.
    pub epochs: Vec<EpochLog>,
    /// The wrong answers with the highest confidence, at most [`MISTAKES`](super::MISTAKES), highest
    /// first.
    pub mistakes: Vec<Mistake>,
}

impl Report {
    /// Puts the measurements together. `evaluation` is what `metrics` were computed from, and `epochs`
    /// are the lines of the run's log.
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
}
