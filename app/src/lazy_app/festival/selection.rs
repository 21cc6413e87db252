//! Which posters of a batch run are shown, and in which order.

use super::entry::Entry;
use super::prediction::Prediction;

/// Which posters are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Show {
    /// All that can be read.
    #[default]
    All,
    /// Those that are predicted to be of a class.
    Class(u8),
    /// Those that it isn't sure of.
    Unsure,
    /// Those whose true class the visitor has ticked.
    Ticked,
    /// Ticked posters whose prediction is another class.
    Mistaken,
    /// Posters of one class that are taken for another, or for their own.
    Confused {
        /// The ticked class.
        truth: u8,
        /// The predicted one.
        predicted: u8,
    },
    /// Files that can't be read.
    Unreadable,
}

/// In which order posters are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Sort {
    /// As the visitor brought them.
    #[default]
    Brought,
    /// The most confident prediction first.
    Surest,
    /// The least confident prediction first: of posters that are not ticked, for these are to be ticked next,
    /// and then of ticked ones.
    Doubtful,
    /// Ticked posters first, and of them those whose ticked class has the lowest probability.
    Contradicted,
    /// Class by class, the most confident prediction of each first.
    Class,
}

impl Sort {
    /// All of them, in the order of the choice, with their values in HTML.
    pub(super) const ALL: [(Sort, &str); 5] = [
        (Sort::Brought, "brought"),
        (Sort::Surest, "surest"),
        (Sort::Doubtful, "doubtful"),
        (Sort::Contradicted, "contradicted"),
        (Sort::Class, "class"),
    ];
}

/// What the visitor wants to see.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Selection {
    /// Which posters.
    pub(super) show: Show,
    /// The least confidence, from 0 to 1. Posters without a prediction have 0.
    pub(super) at_least: f32,
    /// In which order.
    pub(super) sort: Sort,
}

impl Selection {
    fn has(&self, entry: &Entry) -> bool {
        if self.show == Show::Unreadable {
            return entry.problem().is_some();
        }
        let confidence = entry.prediction().map_or(0.0, Prediction::confidence);
        let shown = match self.show {
            Show::All => entry.problem().is_none(),
            Show::Class(class) => entry.prediction().is_some_and(|it| it.class == class),
            Show::Unsure => entry.prediction().is_some_and(|it| !it.sure),
            Show::Ticked => entry.truth.is_some(),
            Show::Confused { truth, predicted } => {
                entry.truth_and_prediction() == Some((truth, predicted))
            }
            Show::Mistaken => entry
                .truth_and_prediction()
                .is_some_and(|(truth, said)| truth != said),
            Show::Unreadable => false,
        };
        shown && confidence >= self.at_least
    }

    /// The numbers of the selected posters, in order. Those without a prediction come last.
    pub(super) fn of(&self, entries: &[Entry]) -> Vec<u32> {
        let selected = (0..).zip(entries).filter(|(_, entry)| self.has(entry));
        let mut numbers: Vec<u32> = selected.map(|(number, _)| number).collect();
        let prediction = |number: &u32| entries[*number as usize].prediction();
        let confidence_or =
            |number: &u32, without: f32| prediction(number).map_or(without, Prediction::confidence);
        let descending = |a: &u32, b: &u32| {
            let (a, b) = (confidence_or(a, -1.0), confidence_or(b, -1.0));
            b.total_cmp(&a)
        };
        let ascending = |a: &u32, b: &u32| {
            let (a, b) = (confidence_or(a, 2.0), confidence_or(b, 2.0));
            a.total_cmp(&b)
        };
        let decided = |number: &u32| {
            let entry = &entries[*number as usize];
            (entry.prediction().is_none(), entry.truth.is_some())
        };
        let class = |number: &u32| prediction(number).map_or(u8::MAX, |it| it.class);
        let agreement = |number: &u32| {
            let truth = entries[*number as usize].truth?;
            let probabilities = &prediction(number)?.probabilities;
            probabilities.get(usize::from(truth)).copied()
        };
        // The sort is stable: equal ones stay in the visitor's order.
        match self.sort {
            Sort::Brought => {}
            Sort::Surest => numbers.sort_by(descending),
            Sort::Doubtful => {
                numbers.sort_by(|a, b| decided(a).cmp(&decided(b)).then(ascending(a, b)));
            }
            Sort::Contradicted => numbers.sort_by(|a, b| {
                let (a, b) = (agreement(a).unwrap_or(2.0), agreement(b).unwrap_or(2.0));
                a.total_cmp(&b)
            }),
            Sort::Class => {
                numbers.sort_by(|a, b| class(a).cmp(&class(b)).then(descending(a, b)));
            }
        }
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::festival::entry::Outcome;
    use marquee_app::protocol::Problem;

    fn read(first: f32, sure: bool, truth: Option<u8>) -> Entry {
        let prediction = Prediction::new(vec![first, 1.0 - first], sure);
        Entry {
            outcome: Outcome::Read(prediction.expect("two classes")),
            truth,
            lesson: None,
        }
    }

    fn entries() -> Vec<Entry> {
        vec![
            read(0.9, true, Some(0)),
            Entry::NEW,
            read(0.2, true, Some(0)),
            read(0.6, false, None),
            Entry {
                outcome: Outcome::Refused(Problem::Empty),
                ..Entry::NEW
            },
        ]
    }

    fn shown(show: Show) -> Vec<u32> {
        let selection = Selection {
            show,
            ..Selection::default()
        };
        selection.of(&entries())
    }

    fn sorted(sort: Sort) -> Vec<u32> {
        let selection = Selection {
            sort,
            ..Selection::default()
        };
        selection.of(&entries())
    }

    #[test]
    fn each_kind_is_shown_by_itself() {
        assert_eq!(shown(Show::All), [0, 1, 2, 3]);
        assert_eq!(shown(Show::Class(0)), [0, 3]);
        assert_eq!(shown(Show::Class(1)), [2]);
        assert_eq!(shown(Show::Unsure), [3]);
        assert_eq!(shown(Show::Ticked), [0, 2]);
        assert_eq!(shown(Show::Mistaken), [2]);
        let confused = |truth, predicted| shown(Show::Confused { truth, predicted });
        assert_eq!((confused(0, 1), confused(0, 0)), (vec![2], vec![0]));
        assert_eq!(shown(Show::Unreadable), [4]);
    }

    #[test]
    fn a_least_confidence_leaves_out_the_rest() {
        let selection = Selection {
            at_least: 0.7,
            ..Selection::default()
        };
        assert_eq!(selection.of(&entries()), [0, 2]);
    }

    #[test]
    fn the_least_sure_ones_that_are_not_ticked_come_before_ticked_ones() {
        let entries = [
            read(0.5, false, Some(0)),
            read(0.9, true, None),
            Entry::NEW,
            read(0.7, true, None),
        ];
        let selection = Selection {
            sort: Sort::Doubtful,
            ..Selection::default()
        };
        assert_eq!(selection.of(&entries), [3, 1, 0, 2]);
    }

    #[test]
    fn what_has_no_answer_comes_last() {
        assert_eq!(sorted(Sort::Surest), [0, 2, 3, 1]);
        assert_eq!(sorted(Sort::Doubtful), [3, 2, 0, 1]);
        assert_eq!(sorted(Sort::Class), [0, 3, 2, 1]);
        assert_eq!(sorted(Sort::Contradicted), [2, 0, 1, 3]);
    }
}
