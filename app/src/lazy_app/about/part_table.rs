//! How good a network is on recent films alone, and on large and small pictures.

use super::figures::{Interval, Part, Which};
use crate::state::use_state;
use crate::text::{say, text};
use leptos::prelude::*;
use marquee_app::ui::format::percent;
use marquee_app::ui::live::live;
use marquee_models::text::thousands;

/// The table, with a row for each part of the films.
#[component]
pub(super) fn PartTable(parts: Vec<Part>) -> impl IntoView {
    let state = use_state();
    let row = |part: Part| {
        let words = move || &text(state.language()).about.network;
        let name = move || match part.which {
            Which::Since(year) => (words().since)(year),
            Which::Large { width, height } => (words().large)(&format!("{width}×{height}")),
            Which::Small => words().small.to_owned(),
        };
        let Interval { low, high } = part.macro_f1_interval;
        let interval = move || (words().interval)(&format!("{low:.3}"), &format!("{high:.3}"));
        view! {
            <tr>
                <th scope="row">{live(name)}</th>
                <td>{format!("{:.3}", part.macro_f1)} " (" {live(interval)} ")"</td>
                <td>{percent(part.accuracy as f32)}</td>
                <td>{thousands(part.films)}</td>
            </tr>
        }
    };
    let rows = parts.into_iter().map(row).collect_view();
    view! {
        <table class="by-class" data-testid="parts">
            <caption>{say(|text| text.about.network.parts)}</caption>
            <thead>
                <tr>
                    <th scope="col">{say(|text| text.about.network.which)}</th>
                    <th scope="col">{say(|text| text.confusion.macro_f1)}</th>
                    <th scope="col">{say(|text| text.confusion.accuracy)}</th>
                    <th scope="col">{say(|text| text.about.network.films)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}
