//! The festival: many posters at once, in a grid that fills as they are read.

mod cell;
mod controls;
mod entry;
mod export;
mod grid;
mod matrix;
mod order;
mod progress;
mod round;
mod save;
mod sight;
mod slices;
mod tally;
mod text;
mod work;

use crate::state::{State, use_state};
use leptos::html;
use leptos::prelude::*;
use marquee_app::ui::language::Language;
use marquee_app::ui::live::{Live, live};
use round::{Place, Progress, Round};
use text::{Text, grouped, text};

/// The sign's letters are put up anew at most so often, in milliseconds.
const SIGN_MS: f64 = 350.0;

/// What takes the front's place when several posters are brought at once.
#[component]
pub(crate) fn Festival() -> impl IntoView {
    let state = use_state();
    let round = Round::new(state);
    provide_context(round);
    take_the_page(round);
    light_the_sign(state, round);
    let open = Memo::new(move |_| round.place() == Place::Open);
    let aside = Memo::new(move |_| round.place() == Place::Aside);
    view! {
        <Show when=move || open.get()>
            <Open />
        </Show>
        <Show when=move || aside.get()>
            <Back />
        </Show>
    }
}

/// While a single poster is on show.
#[component]
fn Back() -> impl IntoView {
    let (state, round) = (use_state(), use_round());
    let button = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        if let Some(button) = button.get() {
            // The poster is at the top, and what was focused before is gone.
            window().scroll_to_with_x_and_y(0.0, 0.0);
            request_animation_frame(move || _ = button.focus());
        }
    });
    view! {
        <p class="festival-back">
            <button
                type="button"
                class="button"
                data-testid="festival-back"
                node_ref=button
                on:click=move |_| round.come_back()
            >
                {say(|text| text.back)}
                " "
                <span>{live(move || so_far(round.progress(), state.language()))}</span>
            </button>
        </p>
    }
}

#[component]
fn Open() -> impl IntoView {
    let heading = NodeRef::<html::H2>::new();
    Effect::new(move |_| {
        // What was focused before is hidden with the front.
        if let Some(heading) = heading.get() {
            // Only an element that is gone could not take it. With the frame, which lays the page
            // out anyway.
            request_animation_frame(move || _ = heading.focus());
        }
    });
    view! {
        <section class="festival" data-testid="festival" aria-labelledby="festival-heading">
            <header>
                <h2 id="festival-heading" tabindex="-1" node_ref=heading>
                    {say(|text| text.heading)}
                </h2>
                <progress::ProgressLine />
            </header>
            <controls::Controls />
            <grid::Grid />
            <matrix::Judged />
            <save::Save />
        </section>
    }
}

/// Has the style sheet hide the front, whose place the festival takes.
fn take_the_page(round: Round) {
    Effect::new(move |_| {
        let open = round.place() == Place::Open;
        let Some(html) = document().document_element() else {
            return;
        };
        // Only an invalid attribute name could fail.
        if open {
            _ = html.set_attribute("data-hall", "festival");
        } else if html.get_attribute("data-hall").as_deref() == Some("festival") {
            _ = html.remove_attribute("data-hall");
        }
    });
}

/// Puts on the sign how far it is.
fn light_the_sign(state: State, round: Round) {
    /// What the sign was last told: where the festival was, and when.
    struct Told(Place, f64);

    Effect::new(move |told: Option<Told>| {
        let (place, progress, language) = (round.place(), round.progress(), state.language());
        let told = told.unwrap_or(Told(Place::Closed, 0.0));
        let moment = round::now();
        match place {
            Place::Open => {
                let too_soon = told.0 == Place::Open && moment - told.1 < SIGN_MS;
                if too_soon && progress.working {
                    return told;
                }
                state.board(
                    text(language).heading.to_owned(),
                    so_far(progress, language),
                );
            }
            // The sign is the front's again.
            Place::Closed if told.0 == Place::Open => state.board(String::new(), String::new()),
            Place::Closed | Place::Aside => {}
        }
        Told(place, moment)
    });
}

fn so_far(progress: Progress, language: Language) -> String {
    let (done, total) = (grouped(progress.done), grouped(progress.total));
    if progress.done == progress.total {
        (text(language).posters)(&total)
    } else {
        (text(language).so_far)(&done, &total)
    }
}

/// One of the festival's words, for a view.
fn say(pick: fn(&'static Text) -> &'static str) -> Live<&'static str> {
    let state = use_state();
    live(move || pick(text(state.language())))
}

/// The round that [`Festival`] provides.
fn use_round() -> Round {
    expect_context()
}
