//! The lit case with the poster, which is also where posters are put in.

use crate::state::{Complaint, Name, Phase, use_state};
use leptos::prelude::*;
use marquee_app::ui::browser;
use marquee_app::ui::live::live;
use web_sys::HtmlInputElement;

/// The case. `dragging` says whether a file is held over the page.
#[component]
pub(crate) fn PosterCase(dragging: ReadSignal<bool>) -> impl IntoView {
    let state = use_state();
    let invitation = move || {
        let text = state.text();
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
                <p>{state.say(|text| text.or_paste)}</p>
            </div>
            <div data-lobby="case"></div>
        </section>
    }
}

#[component]
fn Picture() -> impl IntoView {
    let state = use_state();
    let description = move |name: &Name| match name {
        Name::File(name) => (state.text().poster)(name),
        Name::Sample(_) => name.words(state.language()),
    };
    move || {
        state.poster().map(|poster| {
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
    let state = use_state();
    let words = move || {
        let text = state.text();
        if state.poster().is_some() {
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
            state.bring(files);
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
    let state = use_state();
    let complaint = move || match state.phase() {
        Phase::Refused(complaint) => Some(complaint),
        _ => None,
    };
    let sentence = move |complaint| {
        let text = state.text();
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
