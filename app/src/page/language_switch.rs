//! The switch of languages.

use crate::live::live;
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
                aria-pressed=live(move || (stage.language() == language).to_string())
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
            aria-label=stage.say(|text| text.language)
            data-testid="language"
        >
            {Language::ALL.map(button)}
        </div>
    }
}
