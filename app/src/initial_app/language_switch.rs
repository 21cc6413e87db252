//! The switch of languages.

use crate::state::use_state;
use leptos::prelude::*;
use marquee_app::ui::language::Language;
use marquee_app::ui::live::live;

/// A button for each language, in that language.
#[component]
pub(crate) fn LanguageSwitch() -> impl IntoView {
    let state = use_state();
    let button = move |language: Language| {
        view! {
            <button
                type="button"
                lang=language.tag()
                data-language=language.tag()
                aria-pressed=live(move || (state.language() == language).to_string())
                on:click=move |_| state.speak(language)
            >
                {language.name()}
            </button>
        }
    };
    view! {
        <div
            class="languages"
            role="group"
            aria-label=state.say(|text| text.language)
            data-testid="language"
        >
            {Language::ALL.map(button)}
        </div>
    }
}
