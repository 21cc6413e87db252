//! How often films that are called so have such a genre: what an answer is worth.

use super::figures::SuchGenres;
use crate::state::use_state;
use crate::text::say;
use leptos::prelude::*;
use marquee_app::ui::format::percent;
use marquee_app::ui::live::live;

/// The table, with a row for each class.
#[component]
pub(super) fn SuchGenresTable(classes: Vec<SuchGenres>) -> impl IntoView {
    let state = use_state();
    let row = |class: SuchGenres| {
        let [of_called, of_all] =
            [class.of_called, class.of_all].map(|share| percent(share as f32));
        view! {
            <tr>
                <th scope="row">{live(move || state.language().class(&class.class))}</th>
                <td>{of_called}</td>
                <td>{of_all}</td>
            </tr>
        }
    };
    let rows = classes.into_iter().map(row).collect_view();
    view! {
        <table class="by-class" data-testid="such-genres">
            <caption>{say(|text| text.about.network.such_genres)}</caption>
            <thead>
                <tr>
                    <th scope="col">{say(|text| text.about.network.when_it_says)}</th>
                    <th scope="col">{say(|text| text.about.network.of_called)}</th>
                    <th scope="col">{say(|text| text.about.network.of_all)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}
