//! What a network takes the films of each class for, as a table whose cells are the darker, the more of
//! a class's films are in them.

use super::figures::Figures;
use super::text::text;
use crate::state::use_state;
use leptos::prelude::*;
use marquee_app::ui::format::exact;
use marquee_app::ui::live::live;

/// The confusion matrix.
#[component]
pub(super) fn Matrix(figures: StoredValue<Figures>) -> impl IntoView {
    let state = use_state();
    let words = move || &text(state.language()).network;
    let class = move |label: &str| state.language().class(label);
    let head = move || {
        let column = |label: &str| view! { <th scope="col"><span>{class(label)}</span></th> };
        let labels = figures.with_value(labels);
        labels.iter().map(|label| column(label)).collect_view()
    };
    let rows = move || {
        let labels = figures.with_value(labels);
        let row = |(truth, counts): (usize, Vec<usize>)| {
            let cell = |(answer, films): (usize, usize)| {
                let said = (words().cell)(films, &class(&labels[truth]), &class(&labels[answer]));
                view! {
                    <td class:right=truth == answer style:--share=exact(share(&counts, films)) title=said>
                        {films}
                    </td>
                }
            };
            let cells = counts.iter().copied().enumerate().map(cell).collect_view();
            view! { <tr><th scope="row">{class(&labels[truth])}</th>{cells}</tr> }
        };
        let confusion = figures.with_value(|figures| figures.confusion.clone());
        confusion.into_iter().enumerate().map(row).collect_view()
    };
    view! {
        <table class="matrix" data-testid="matrix">
            <caption>{live(move || words().matrix)}</caption>
            <thead>
                <tr>
                    <th scope="col" class="corner">{live(move || words().matrix_corner)}</th>
                    {head}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// Precision, recall and F1 of each class.
#[component]
pub(super) fn Classes(figures: StoredValue<Figures>) -> impl IntoView {
    let state = use_state();
    let words = move || &text(state.language()).network;
    let rows = move || {
        let classes = figures.with_value(|figures| figures.classes.clone());
        let row = |class: super::figures::Class| {
            let share = |share: f64| view! { <td>{format!("{share:.3}")}</td> };
            view! {
                <tr>
                    <th scope="row">{state.language().class(&class.label)}</th>
                    {share(class.precision)}
                    {share(class.recall)}
                    {share(class.f1)}
                    <td>{super::network::grouped(class.films, state.language())}</td>
                </tr>
            }
        };
        classes.into_iter().map(row).collect_view()
    };
    view! {
        <table class="by-class">
            <caption>{live(move || words().classes)}</caption>
            <thead>
                <tr>
                    <th scope="col">{live(move || words().class)}</th>
                    <th scope="col">{live(move || words().precision)}</th>
                    <th scope="col">{live(move || words().recall)}</th>
                    <th scope="col">"F1"</th>
                    <th scope="col">{live(move || words().films)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn labels(figures: &Figures) -> Vec<String> {
    figures
        .classes
        .iter()
        .map(|class| class.label.clone())
        .collect()
}

/// What share of a class's films is in a cell.
fn share(row: &[usize], films: usize) -> f64 {
    let all: usize = row.iter().sum();
    films as f64 / all.max(1) as f64
}
