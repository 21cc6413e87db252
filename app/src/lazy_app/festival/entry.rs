//! A poster of a batch run.

use super::prediction::Prediction;
use marquee_app::protocol::Problem;
use marquee_app::protocol::networks_worker::Reading;
use std::rc::Rc;

/// What became of a poster, and what the visitor says about it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    /// What became of it.
    pub(super) outcome: Outcome,
    /// Its true class, if the visitor has ticked one.
    pub(super) truth: Option<u8>,
    /// What classifiers of the visitor's own classes learn from.
    pub(super) lesson: Option<Rc<Lesson>>,
}

/// What classifiers of the visitor's own classes learn from: see `protocol::networks_worker::Reading`.
#[derive(Debug, PartialEq)]
pub(super) struct Lesson {
    /// The pooled features.
    pub(super) features: Vec<f32>,
    /// By what nearly alike posters are found.
    pub(super) look: Vec<u8>,
}

/// What became of a poster.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    /// It wasn't read yet.
    Waiting,
    /// It was read, but no classifier has learned the visitor's own classes yet.
    Untaught,
    /// It was read.
    Read(Prediction),
    /// It can't be read.
    Refused(Problem),
}

impl Lesson {
    /// What is in an answer; `None` if it was not asked for.
    pub(super) fn of(reading: &Reading) -> Option<Lesson> {
        Some(Lesson {
            features: reading.features.as_ref()?.to_vec(),
            look: reading.look.as_ref()?.to_vec(),
        })
    }
}

impl Entry {
    /// A poster that waits to be read.
    pub(super) const NEW: Entry = Entry {
        outcome: Outcome::Waiting,
        truth: None,
        lesson: None,
    };

    /// Its prediction, if it was read.
    pub(super) fn prediction(&self) -> Option<&Prediction> {
        match &self.outcome {
            Outcome::Read(prediction) => Some(prediction),
            _ => None,
        }
    }

    /// Whether the visitor can tick its class.
    pub(super) fn is_read(&self) -> bool {
        matches!(self.outcome, Outcome::Read(_) | Outcome::Untaught)
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
