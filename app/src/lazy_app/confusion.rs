//! A confusion matrix: answers counted by true and by predicted class, and shown as a table.

use crate::state::use_state;
use crate::text::{say, text};
use leptos::prelude::*;
use marquee_app::ui::format::exact;
use marquee_app::ui::live::live;
use marquee_models::text::thousands;
use std::sync::Arc;

/// Answers counted by true and by predicted class.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Confusion {
    classes: usize,
    /// A row for each true class, a column for each predicted one.
    counts: Vec<u32>,
}

impl Confusion {
    /// A matrix in which nothing is counted yet.
    pub(crate) fn new(classes: usize) -> Confusion {
        Confusion {
            classes,
            counts: vec![0; classes * classes],
        }
    }

    /// A matrix from its rows; `None` where they are not as long as there are rows.
    pub(crate) fn from_rows(rows: &[Vec<u32>]) -> Option<Confusion> {
        let classes = rows.len();
        let square = rows.iter().all(|row| row.len() == classes);
        square.then(|| Confusion {
            classes,
            counts: rows.concat(),
        })
    }

    /// Counts an answer. Classes that don't exist are ignored.
    pub(crate) fn add(&mut self, truth: usize, predicted: usize) {
        if truth < self.classes && predicted < self.classes {
            self.counts[truth * self.classes + predicted] += 1;
        }
    }

    /// How many of a class were taken for another, or for itself; 0 for classes that don't exist.
    pub(crate) fn count(&self, truth: usize, predicted: usize) -> u32 {
        let row = self.counts.chunks(self.classes.max(1)).nth(truth);
        row.and_then(|row| row.get(predicted)).copied().unwrap_or(0)
    }

    /// The share, from 0 to 1, of a class that was taken for another, or for itself.
    fn share(&self, truth: usize, predicted: usize) -> f64 {
        let all: u32 = (0..self.classes).map(|it| self.count(truth, it)).sum();
        f64::from(self.count(truth, predicted)) / f64::from(all.max(1))
    }

    /// How many classes there are.
    pub(crate) fn classes(&self) -> usize {
        self.classes
    }

    /// How many answers were counted.
    pub(crate) fn total(&self) -> u32 {
        self.counts.iter().sum()
    }

    /// The share of right answers, from 0 to 1; `None` where nothing was counted.
    pub(crate) fn accuracy(&self) -> Option<f64> {
        let right: u32 = (0..self.classes).map(|it| self.count(it, it)).sum();
        let total = self.total();
        (total > 0).then(|| f64::from(right) / f64::from(total))
    }

    /// The mean F1 score, from 0 to 1, of the classes that occur among the true or the predicted
    /// ones, as scikit-learn averages it; `None` where nothing was counted.
    pub(crate) fn macro_f1(&self) -> Option<f64> {
        let scores = (0..self.classes).filter_map(|class| self.f1(class));
        let (count, sum) = scores.fold((0_u32, 0.0), |(count, sum), f1| (count + 1, sum + f1));
        (count > 0).then(|| sum / f64::from(count))
    }

    fn f1(&self, class: usize) -> Option<f64> {
        let hits = self.count(class, class);
        let truths: u32 = (0..self.classes).map(|it| self.count(class, it)).sum();
        let predicted: u32 = (0..self.classes).map(|it| self.count(it, class)).sum();
        let occurs = truths + predicted;
        (occurs > 0).then(|| 2.0 * f64::from(hits) / f64::from(occurs))
    }
}

/// The matrix as a table with the true classes in its rows. A cell's shade is its share of the row.
#[component]
pub(crate) fn ConfusionTable(
    #[prop(into)] confusion: Signal<Confusion>,
    /// The classes, as the network calls them.
    #[prop(into)]
    labels: Signal<Arc<Vec<String>>>,
    /// Shows the posters of a cell, by true and predicted class. Without it cells are no buttons.
    #[prop(optional)]
    show: Option<Callback<(usize, usize)>>,
) -> impl IntoView {
    let state = use_state();
    let name = move |class: usize| {
        let label = labels.with(|labels| labels.get(class).cloned());
        label.map_or(String::new(), |label| state.language().class(&label))
    };
    let classes = Memo::new(move |_| confusion.with(Confusion::classes));
    let columns = move || {
        let head = |class| view! { <th scope="col"><span>{live(move || name(class))}</span></th> };
        (0..classes.get()).map(head).collect_view()
    };
    let cell = move |truth: usize, predicted: usize| {
        let count = Memo::new(move |_| confusion.with(|it| it.count(truth, predicted)));
        let share = move || exact(confusion.with(|it| it.share(truth, predicted)));
        let title = move || {
            let cell = text(state.language()).confusion.cell;
            cell(&thousands(count.get()), &name(truth), &name(predicted))
        };
        view! {
            <td
                class:right=truth == predicted
                class:none=move || count.get() == 0
                style:--share=live(share)
                title=live(title)
            >
                {match show {
                    None => view! { <span>{live(move || thousands(count.get()))}</span> }.into_any(),
                    Some(show) => view! {
                        <button
                            type="button"
                            data-testid="matrix-cell"
                            data-cell=format!("{truth}-{predicted}")
                            disabled=live(move || count.get() == 0)
                            aria-label=live(move || {
                                (text(state.language()).teach.open_cell)(&title())
                            })
                            on:click=move |_| show.run((truth, predicted))
                        >
                            {live(move || thousands(count.get()))}
                        </button>
                    }
                    .into_any(),
                }}
            </td>
        }
    };
    let rows = move || {
        let classes = classes.get();
        let row = |truth| {
            let cells = (0..classes).map(|predicted| cell(truth, predicted));
            let cells = cells.collect_view();
            view! { <tr><th scope="row">{live(move || name(truth))}</th>{cells}</tr> }
        };
        (0..classes).map(row).collect_view()
    };
    view! {
        <table class="matrix" data-testid="matrix">
            <caption>{say(|text| text.confusion.caption)}</caption>
            <thead>
                <tr>
                    <th scope="col" class="corner">{say(|text| text.confusion.corner)}</th>
                    {columns}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(pairs: &[(usize, usize)]) -> Confusion {
        let mut confusion = Confusion::new(6);
        for &(truth, predicted) in pairs {
            confusion.add(truth, predicted);
        }
        confusion
    }

    #[test]
    fn nothing_has_no_figures() {
        assert_eq!(counted(&[]).accuracy(), None);
        assert_eq!(counted(&[]).macro_f1(), None);
    }

    #[test]
    fn classes_that_do_not_occur_are_not_averaged_over() {
        // sklearn.metrics.f1_score([0, 0, 1, 3], [0, 1, 1, 0], average="macro") is 0.3888…:
        // 1/2, 2/3 and 0 of the classes 0, 1 and 3.
        let confusion = counted(&[(0, 0), (0, 1), (1, 1), (3, 0)]);
        assert_eq!(confusion.total(), 4);
        assert_eq!(confusion.accuracy(), Some(0.5));
        let f1 = confusion.macro_f1().expect("a figure");
        assert!((f1 - 7.0 / 18.0).abs() < 1e-12, "{f1}");
        assert_eq!(
            (
                confusion.count(0, 1),
                confusion.count(1, 0),
                confusion.count(3, 0)
            ),
            (1, 0, 1)
        );
    }

    #[test]
    fn all_right_is_one() {
        let confusion = counted(&[(2, 2), (5, 5)]);
        assert_eq!(confusion.accuracy(), Some(1.0));
        assert_eq!(confusion.macro_f1(), Some(1.0));
    }

    #[test]
    fn only_square_rows_are_a_matrix() {
        let rows = [vec![3, 1], vec![0, 2]];
        let confusion = Confusion::from_rows(&rows).expect("a square");
        assert_eq!(confusion.count(0, 1), 1);
        assert_eq!(confusion.share(0, 1), 0.25);
        assert_eq!(confusion.count(2, 0), 0);
        assert!(Confusion::from_rows(&rows[..1]).is_none());
    }
}
