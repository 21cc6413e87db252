//! The lit case with the poster, which is also where posters are put in.

use crate::stage::{Complaint, Name, Phase, use_stage};
use leptos::prelude::*;
use marquee_app::ui::browser;
use marquee_app::ui::live::live;
use web_sys::HtmlInputElement;

/// The case. `dragging` says whether a file is held over the page.
#[component]
pub(crate) fn PosterCase(dragging: ReadSignal<bool>) -> impl IntoView {
    let stage = use_stage();
    let invitation = move || {
        let text = stage.text();
        if dragging.get() {
            text.let_go
        } else {
            text.drop
        }
    };
    view! {
        <section class="case" data-testid="drop">
            <label class="frame" for="pick">
                <span class="invitation">{live(invitation)}</span>
                <Picture />
                <div data-lobby="frame"></div>
            </label>
            <Notice />
            <div class="ways">
                <Pick />
                <p>{stage.say(|text| text.or_paste)}</p>
            </div>
            <div data-lobby="case"></div>
        </section>
    }
}

#[component]
fn Picture() -> impl IntoView {
    let stage = use_stage();
    let description = move |name: &Name| match name {
        Name::File(name) => (stage.text().poster)(name),
        Name::Sample(_) => name.words(stage.language()),
    };
    move || {
        stage.poster().map(|poster| {
            view! {
                <img
                    data-testid="poster"
                    src=poster.picture.url().to_owned()
                    alt=description(&poster.name)
                    decoding="async"
                />
            }
        })
    }
}

/// The button. The input itself is out of sight, but keeps the keyboard's focus.
#[component]
fn Pick() -> impl IntoView {
    let stage = use_stage();
    let words = move || {
        let text = stage.text();
        if stage.poster().is_some() {
            text.pick_another
        } else {
            text.pick
        }
    };
    let on_change = move |event| {
        let input: HtmlInputElement = event_target(&event);
        let files = browser::files(input.files());
        // Else choosing the same file again would be no change.
        input.set_value("");
        if !files.is_empty() {
            stage.bring(files);
        }
    };
    view! {
        <label class="button">
            <input
                class="unseen"
                id="pick"
                type="file"
                accept="image/*"
                data-testid="pick"
                on:change=on_change
            />
            {live(words)}
        </label>
    }
}

/// What is wrong with what was brought.
#[component]
fn Notice() -> impl IntoView {
    let stage = use_stage();
    let complaint = move || match stage.phase() {
        Phase::Refused(complaint) => Some(complaint),
        _ => None,
    };
    let sentence = move |complaint| {
        let text = stage.text();
        match complaint {
            Complaint::File(problem) => (text.problem)(problem),
            Complaint::NoFile => text.no_file,
            Complaint::Broken => text.broken,
        }
    };
    view! {
        <div class="notice" role="alert">
            {move || complaint().map(|it| view! { <p data-testid="error">{sentence(it)}</p> })}
        </div>
    }
}
