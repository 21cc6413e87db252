use serde::{Deserialize, Serialize};

use super::log::SplitLog;

/// Which epoch is the best, by the validation split.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Watch {
    /// The one with the lowest cross-entropy
    #[default]
    Loss,
    /// The one with the highest macro-F1; a sampler that favours rare classes raises macro-F1, but also
    /// the loss
    MacroF1,
    /// The last one, which suits a learning rate that falls to zero; training never stops early
    Last,
}

impl Watch {
    /// The score of an epoch; the higher, the better.
    pub(super) fn score(self, log: &SplitLog, epoch: usize) -> f64 {
        match self {
            Watch::Loss => -log.loss,
            Watch::MacroF1 => log.macro_f1,
            Watch::Last => epoch as f64,
        }
    }
}
