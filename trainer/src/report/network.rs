//! The network that a report is about.

use std::path::Path;

use marquee_models::file::Model;
use serde::Serialize;

use crate::dataset::Dataset;

/// The network that a report is about.
#[derive(Clone, Debug, Serialize)]
pub struct EvaluatedNetwork {
    /// Its name, such as `cnn32`.
    pub name: String,
    /// Its file's name, without folders.
    pub file: String,
    /// Trainable parameters.
    pub parameters: usize,
    /// Multiply-adds for one poster.
    pub multiply_adds: usize,
    /// Content hash of the dataset that it was trained on.
    pub trained_on: String,
    /// Content hash of the dataset that it is evaluated on.
    pub judged_by: String,
    /// Version of Marquee that trained it.
    pub trainer: String,
    /// Random seed of the training run.
    pub seed: u64,
}

impl EvaluatedNetwork {
    /// Describes a model, which was read from `file`, and the dataset that it is evaluated on.
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
