//! A poster of a batch run.

use super::prediction::Prediction;
use marquee_app::protocol::Problem;

/// What became of a poster, and what the visitor says about it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    /// What became of it.
    pub(super) outcome: Outcome,
    /// Its true class, if the visitor has ticked one.
    pub(super) truth: Option<u8>,
}

/// What became of a poster.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    /// It wasn't read yet.
    Waiting,
    /// It was read.
    Read(Prediction),
    /// It can't be read.
    Refused(Problem),
}

impl Entry {
    /// A poster that waits to be read.
    pub(super) const NEW: Entry = Entry {
        outcome: Outcome::Waiting,
        truth: None,
    };

    /// Its prediction, if it was read.
    pub(super) fn prediction(&self) -> Option<&Prediction> {
        match &self.outcome {
            Outcome::Read(prediction) => Some(prediction),
            _ => None,
        }
    }

    /// Why it can't be read.
    pub(super) fn problem(&self) -> Option<Problem> {
        match self.outcome {
            Outcome::Refused(problem) => Some(problem),
            _ => None,
        }
    }

    /// Its true and its predicted class, if both are known.
    pub(super) fn truth_and_prediction(&self) -> Option<(u8, u8)> {
        Some((self.truth?, self.prediction()?.class))
    }
}
