use serde::{Deserialize, Serialize};

use super::{Augment, Sampler, SplitLog};

/// What a run does; two runs of the same recipe on the same dataset give the same weights on a
/// CPU.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// Which network.
    pub network: String,
    /// The most epochs.
    pub epochs: usize,
    /// Posters a step.
    pub batch: usize,
    /// Adam's learning rate.
    pub learning_rate: f64,
    /// How it changes.
    pub schedule: Schedule,
    /// What says which epoch was the best.
    pub watch: Watch,
    /// Epochs without a better one after which to stop; 0 for never.
    pub patience: usize,
    /// How often which class.
    pub sampler: Sampler,
    /// Share of the target that is spread over all classes (Szegedy et al. 2016).
    pub label_smoothing: f32,
    /// How posters are changed.
    pub augment: Augment,
    /// Seed of the weights, the sampler and the augmentation.
    pub seed: u64,
}

/// How the learning rate changes over a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Schedule {
    /// It does not.
    #[default]
    Constant,
    /// It falls along half a cosine to zero at the last epoch (Loshchilov & Hutter 2017).
    Cosine,
}

impl Schedule {
    /// The factor at this share of the run, 0 to 1.
    pub(super) fn factor(self, done: f64) -> f64 {
        match self {
            Schedule::Constant => 1.0,
            Schedule::Cosine => 0.5 * (1.0 + (std::f64::consts::PI * done).cos()),
        }
    }
}

/// What says which epoch was the best, on the validation split.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Watch {
    /// The lowest cross-entropy.
    #[default]
    Loss,
    /// The highest macro-F1: a sampler that favours rare classes raises it, and the loss with it.
    MacroF1,
    /// The last one, as suits a learning rate that falls to zero; training never stops early.
    Last,
}

impl Watch {
    /// The higher, the better.
    pub(super) fn score(self, log: &SplitLog, epoch: usize) -> f64 {
        match self {
            Watch::Loss => -log.loss,
            Watch::MacroF1 => log.macro_f1,
            Watch::Last => epoch as f64,
        }
    }
}
