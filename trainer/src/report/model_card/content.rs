//! What a model card is made from.

use marquee_models::file::{Model, Precision};

use crate::dataset::Dataset;
use crate::evaluation::abstention::Abstention;
use crate::evaluation::baselines::Baseline;
use crate::report::metrics::Metrics;
use crate::training::Run;

/// What a model card is made from.
pub struct ModelCard<'a> {
    /// The network as it was written.
    pub model: &'a Model,
    /// Its file's name, without folders.
    pub file: &'a str,
    /// Its file's size in bytes.
    pub bytes: usize,
    /// How its numbers are stored.
    pub precision: Precision,
    /// To how many significant bits its weights are rounded, if they are.
    pub bits: Option<u32>,
    /// The share of what training added to rare classes' logits that was taken back, 0 to 1.
    pub prior_correction: f32,
    /// Its metrics on the test split.
    pub metrics: &'a Metrics,
    /// What its threshold does on the validation split, on which it was calibrated.
    pub validated: Option<Abstention>,
    /// The baselines on the test split.
    pub baselines: &'a [Baseline],
    /// The dataset that it was trained on.
    pub dataset: &'a Dataset,
    /// The run that trained it; `None` for imported weights.
    pub run: Option<&'a Run>,
}
