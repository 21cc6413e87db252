//! How many posters of a batch run there are of each kind.

use super::entry::{Entry, Outcome};
use marquee_app::protocol::Problem;

/// How many posters there are of each kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Counts {
    /// All that are not refused.
    pub(super) posters: u32,
    /// By predicted class.
    pub(super) by_class: Vec<u32>,
    /// Predictions that the network isn't sure of.
    pub(super) unsure: u32,
    /// Files that can't be read, by reason.
    pub(super) refused: Vec<(Problem, u32)>,
    /// Those whose true class is known.
    pub(super) ticked: u32,
    /// Predictions that are not the true class.
    pub(super) mistaken: u32,
}

impl Counts {
    /// Counts the posters of a run with this many classes.
    pub(super) fn of(entries: &[Entry], classes: usize) -> Counts {
        let mut counts = Counts {
            by_class: vec![0; classes],
            ..Counts::default()
        };
        for entry in entries {
            match &entry.outcome {
                Outcome::Refused(problem) => {
                    let known = counts.refused.iter_mut().find(|it| it.0 == *problem);
                    match known {
                        Some((_, count)) => *count += 1,
                        None => counts.refused.push((*problem, 1)),
                    }
                    continue;
                }
                Outcome::Read(prediction) => {
                    if let Some(count) = counts.by_class.get_mut(usize::from(prediction.class)) {
                        *count += 1;
                    }
                    counts.unsure += u32::from(!prediction.sure);
                }
                Outcome::Waiting | Outcome::Untaught => {}
            }
            counts.posters += 1;
            counts.ticked += u32::from(entry.truth.is_some());
            if let Some((truth, predicted)) = entry.truth_and_prediction() {
                counts.mistaken += u32::from(truth != predicted);
            }
        }
        counts
    }

    /// How many files can't be read.
    pub(super) fn unreadable(&self) -> u32 {
        self.refused.iter().map(|(_, count)| count).sum()
    }
}
