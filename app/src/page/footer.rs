//! The small print.

use crate::stage::use_stage;
use crate::text::TMDB;
use leptos::prelude::*;

/// Three notes: privacy, honesty, and where the training data comes from.
#[component]
pub(crate) fn Footer() -> impl IntoView {
    let stage = use_stage();
    view! {
        <footer>
            <p>
                <strong>{move || stage.text().privacy[0]}</strong>
                " "
                {move || stage.text().privacy[1]}
            </p>
            <p>
                <strong>{move || stage.text().honesty[0]}</strong>
                " "
                {move || stage.text().honesty[1]}
            </p>
            <p>
                <strong>{move || stage.text().data}</strong>
                " "
                <span lang="en">{TMDB}</span>
            </p>
        </footer>
    }
}
