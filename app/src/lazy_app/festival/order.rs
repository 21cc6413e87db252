//! Which posters are shown, and in which order.

use super::entry::{Answer, Entry};

/// Which posters are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Show {
    /// All that can be read.
    #[default]
    All,
    /// Those that the network says are of a class.
    Class(u8),
    /// Those that it isn't sure of.
    Unsure,
    /// Those whose true class is ticked.
    Ticked,
    /// Those of them of which the network says something else.
    Mistaken,
    /// Files that can't be read.
    Unreadable,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Sort {
    /// As they were brought.
    #[default]
    Brought,
    /// The most confident answer first.
    Surest,
    /// The least confident answer first.
    Doubtful,
    /// Class by class, the most confident answer of each first.
    Class,
}

impl Sort {
    /// In the order of the choice, with the name of each.
    pub(super) const ALL: [(Sort, &str); 4] = [
        (Sort::Brought, "brought"),
        (Sort::Surest, "surest"),
        (Sort::Doubtful, "doubtful"),
        (Sort::Class, "class"),
    ];
}

/// What the visitor wants to see.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Selection {
    /// Which posters.
    pub(super) show: Show,
    /// Only answers that are at least so confident, of 0 to 1; with 0 also what has none yet.
    pub(super) at_least: f32,
    /// In which order.
    pub(super) sort: Sort,
}

impl Selection {
    fn has(&self, entry: &Entry) -> bool {
        if self.show == Show::Unreadable {
            return entry.refused();
        }
        let confidence = entry.answer().map_or(0.0, Answer::confidence);
        let shown = match self.show {
            Show::All => !entry.refused(),
            Show::Class(class) => entry.answer().is_some_and(|it| it.class == class),
            Show::Unsure => entry.answer().is_some_and(|it| !it.sure),
            Show::Ticked => entry.judged().is_some(),
            Show::Mistaken => entry.judged().is_some_and(|(truth, said)| truth != said),
            Show::Unreadable => false,
        };
        shown && confidence >= self.at_least
    }

    /// The places of the posters to show, in order. What isn't answered yet comes last.
    pub(super) fn of(&self, entries: &[Entry]) -> Vec<u32> {
        let places = (0..).zip(entries).filter(|(_, entry)| self.has(entry));
        let mut places: Vec<u32> = places.map(|(place, _)| place).collect();
        let answer = |place: &u32| entries[*place as usize].answer();
        let none_first = |place: &u32| answer(place).map_or(-1.0, Answer::confidence);
        let none_last = |place: &u32| answer(place).map_or(2.0, Answer::confidence);
        let class = |place: &u32| answer(place).map_or(u8::MAX, |it| it.class);
        // A stable sort leaves equal ones as they were brought.
        match self.sort {
            Sort::Brought => {}
            Sort::Surest => places.sort_by(|a, b| none_first(b).total_cmp(&none_first(a))),
            Sort::Doubtful => places.sort_by(|a, b| none_last(a).total_cmp(&none_last(b))),
            Sort::Class => places.sort_by(|a, b| {
                let classes = class(a).cmp(&class(b));
                classes.then(none_first(b).total_cmp(&none_first(a)))
            }),
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::Outcome;
    use super::*;
    use marquee_app::protocol::Problem;

    fn read(first: f32, sure: bool, truth: Option<u8>) -> Entry {
        let answer = Answer::new(vec![first, 1.0 - first], sure);
        Entry {
            outcome: Outcome::Read(answer.expect("two classes")),
            truth,
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
                truth: None,
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
    fn what_has_no_answer_comes_last() {
        assert_eq!(sorted(Sort::Surest), [0, 2, 3, 1]);
        assert_eq!(sorted(Sort::Doubtful), [3, 2, 0, 1]);
        assert_eq!(sorted(Sort::Class), [0, 3, 2, 1]);
    }
}
