//! What a model card is made from.

use marquee_models::file::{Model, Precision};

use crate::dataset::Dataset;
use crate::evaluation::abstention::Abstention;
use crate::evaluation::baselines::Baseline;
use crate::interchange::imported::Imported;
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
    /// How it was trained.
    pub training: &'a Training,
}

/// How a network was trained.
pub enum Training {
    /// By `marquee train`.
    Here(Box<Run>),
    /// Elsewhere; this is what the weights' file said.
    Elsewhere(Imported),
}

impl Training {
    /// The run of Marquee's that trained it.
    pub fn run(&self) -> Option<&Run> {
        match self {
            Training::Here(run) => Some(run),
            Training::Elsewhere(_) => None,
        }
    }

    /// Where the weights that it started from come from, in a few words.
    pub fn start(&self) -> Option<&str> {
        match self {
            Training::Here(run) => run.info.start.as_deref(),
            Training::Elsewhere(imported) => imported.start.as_deref(),
        }
    }

    /// Its teacher, in a few words.
    pub fn teacher(&self) -> Option<&str> {
        match self {
            Training::Here(run) => run.info.teacher.as_deref(),
            Training::Elsewhere(imported) => imported.teacher.as_deref(),
        }
    }
}
