//! The switch of languages.

use crate::stage::use_stage;
use crate::text::Language;
use leptos::prelude::*;

/// A button for each language, in that language.
#[component]
pub(crate) fn LanguageSwitch() -> impl IntoView {
    let stage = use_stage();
    let button = move |language: Language| {
        view! {
            <button
                type="button"
                lang=language.tag()
                data-language=language.tag()
                aria-pressed=move || (stage.language() == language).to_string()
                on:click=move |_| stage.speak(language)
            >
                {language.text().name}
            </button>
        }
    };
    view! {
        <div
            class="languages"
            role="group"
            aria-label=move || stage.text().language
            data-testid="language"
        >
            {Language::ALL.map(button)}
        </div>
    }
}
