//! The lit case that shows the poster, and the button that chooses one.

use crate::state::{Complaint, Name, Phase, use_state};
use leptos::prelude::*;
use marquee_app::channel::Slot;
use marquee_app::ui::browser;
use marquee_app::ui::live::live;
use web_sys::HtmlInputElement;

/// The case. `dragging` says whether a file is being dragged over the page.
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
    let small = move || state.poster().is_some_and(|poster| poster.small);
    view! {
        <section class="case" data-testid="drop">
            <label class="frame" class:small=live(small) for="pick">
                <span class="invitation">{live(invitation)}</span>
                <Picture />
                <div data-slot=Slot::Frame.name()></div>
            </label>
            <Notice />
            <div class="ways">
                <Pick />
                <p>{state.say(|text| text.or_paste)}</p>
            </div>
            <div data-slot=Slot::Case.name()></div>
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
        // Otherwise choosing the same file again would be no change.
        input.set_value("");
        if files.length() > 0 {
            state.bring(&files);
        }
    };
    view! {
        <label class="button">
            <input
                class="unseen"
                id="pick"
                type="file"
                accept="image/*"
                multiple
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
        }
    };
    view! {
        <div class="notice" role="alert">
            {move || complaint().map(|it| view! { <p data-testid="error">{sentence(it)}</p> })}
        </div>
    }
}
