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
                <strong>{stage.say(|text| text.privacy[0])}</strong>
                " "
                {stage.say(|text| text.privacy[1])}
            </p>
            <p>
                <strong>{stage.say(|text| text.honesty[0])}</strong>
                " "
                {stage.say(|text| text.honesty[1])}
            </p>
            <p>
                <strong>{stage.say(|text| text.data[0])}</strong>
                " "
                <span lang="en">{TMDB}</span>
                " "
                {stage.say(|text| text.data[1])}
            </p>
        </footer>
    }
}
