//! Precision, recall and F1 of each class.

use super::figures::Figures;
use crate::state::use_state;
use crate::text::say;
use leptos::prelude::*;
use marquee_app::ui::live::live;
use marquee_models::text::thousands;

/// The table, with a row for each class.
#[component]
pub(super) fn ClassTable(figures: Figures) -> impl IntoView {
    let state = use_state();
    let Figures {
        labels, classes, ..
    } = figures;
    let row = |label: String| {
        let class = classes.get(&label)?;
        let [precision, recall, f1] =
            [class.precision, class.recall, class.f1].map(|share| format!("{share:.3}"));
        let films = thousands(class.films);
        Some(view! {
            <tr>
                <th scope="row">{live(move || state.language().class(&label))}</th>
                <td>{precision}</td>
                <td>{recall}</td>
                <td>{f1}</td>
                <td>{films}</td>
            </tr>
        })
    };
    let rows = labels.into_iter().map(row).collect_view();
    view! {
        <table class="by-class">
            <caption>{say(|text| text.about.network.classes)}</caption>
            <thead>
                <tr>
                    <th scope="col">{say(|text| text.about.network.class)}</th>
                    <th scope="col">{say(|text| text.about.network.precision)}</th>
                    <th scope="col">{say(|text| text.about.network.recall)}</th>
                    <th scope="col">"F1"</th>
                    <th scope="col">{say(|text| text.about.network.films)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}
