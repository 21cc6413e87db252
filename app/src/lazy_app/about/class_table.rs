//! Precision, recall and F1 of each class.

use super::figures::Class;
use crate::state::use_state;
use crate::text::say;
use leptos::prelude::*;
use marquee_app::ui::format::grouped;

/// The table, with a row for each class.
#[component]
pub(super) fn ClassTable(classes: Vec<Class>) -> impl IntoView {
    let state = use_state();
    let row = |class: Class| {
        let [precision, recall, f1] =
            [class.precision, class.recall, class.f1].map(|share| format!("{share:.3}"));
        view! {
            <tr>
                <th scope="row">{move || state.language().class(&class.label)}</th>
                <td>{precision}</td>
                <td>{recall}</td>
                <td>{f1}</td>
                <td>{grouped(class.films)}</td>
            </tr>
        }
    };
    let rows = classes.into_iter().map(row).collect_view();
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
