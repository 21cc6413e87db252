//! The switch of languages.

use crate::stage::use_stage;
use crate::text::text;
use leptos::prelude::*;
use marquee_app::ui::language::Language;
use marquee_app::ui::live::live;

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
                {text(language).name}
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
