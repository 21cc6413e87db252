//! What is kept of each poster, which is little: there may be thousands.

use super::tally::Tally;
use marquee_app::protocol::Problem;

/// What became of a poster, and what the visitor says of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    /// What became of it.
    pub(super) outcome: Outcome,
    /// Its true class, if the visitor ticked one.
    pub(super) truth: Option<u8>,
}

/// What became of a poster.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    /// Nothing yet.
    Waiting,
    /// It was read.
    Read(Answer),
    /// It can't be read.
    Refused(Problem),
}

/// What the network says of a poster.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    /// The likeliest class.
    pub(super) class: u8,
    /// Whether it reaches the network's threshold.
    pub(super) sure: bool,
    /// Of all classes, in the order of the network's labels.
    pub(super) probabilities: Box<[f32]>,
}

impl Answer {
    /// From what a network answers; none if it has no classes, or more than anyone can tick.
    pub(super) fn new(probabilities: Vec<f32>, sure: bool) -> Option<Answer> {
        let classes = probabilities.iter().enumerate();
        let (class, _) = classes.max_by(|one, other| one.1.total_cmp(other.1))?;
        Some(Answer {
            class: class.try_into().ok()?,
            sure,
            probabilities: probabilities.into(),
        })
    }

    /// How likely the likeliest class is.
    pub(super) fn confidence(&self) -> f32 {
        self.probabilities[usize::from(self.class)]
    }
}

impl Entry {
    /// Of a poster that waits to be read.
    pub(super) const NEW: Entry = Entry {
        outcome: Outcome::Waiting,
        truth: None,
    };

    /// The answer, if there is one.
    pub(super) fn answer(&self) -> Option<&Answer> {
        match &self.outcome {
            Outcome::Read(answer) => Some(answer),
            _ => None,
        }
    }

    /// Whether it can't be read.
    pub(super) fn refused(&self) -> bool {
        matches!(self.outcome, Outcome::Refused(_))
    }

    /// The true and the predicted class, if both are known.
    pub(super) fn judged(&self) -> Option<(u8, u8)> {
        Some((self.truth?, self.answer()?.class))
    }
}

/// How many posters there are of each kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Counts {
    /// All that aren't refused.
    pub(super) posters: u32,
    /// By the class that was answered.
    pub(super) by_class: Vec<u32>,
    /// Answers that the network isn't sure of.
    pub(super) unsure: u32,
    /// Files that can't be read, by why.
    pub(super) refused: Vec<(Problem, u32)>,
    /// With a true class.
    pub(super) ticked: u32,
    /// With a true class that isn't the answered one.
    pub(super) mistaken: u32,
}

impl Counts {
    /// Counts.
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
                Outcome::Read(answer) => {
                    if let Some(count) = counts.by_class.get_mut(usize::from(answer.class)) {
                        *count += 1;
                    }
                    counts.unsure += u32::from(!answer.sure);
                }
                Outcome::Waiting => {}
            }
            counts.posters += 1;
            if let Some((truth, predicted)) = entry.judged() {
                counts.ticked += 1;
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

/// Counts the answers whose true class is known.
pub(super) fn tally(entries: &[Entry], classes: usize) -> Tally {
    let mut tally = Tally::new(classes);
    for (truth, predicted) in entries.iter().filter_map(Entry::judged) {
        tally.add(truth.into(), predicted.into());
    }
    tally
}
