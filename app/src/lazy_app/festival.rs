//! The festival: many posters at once, in a grid that fills while they are read.

mod batch_run;
mod cell;
mod clock;
mod controls;
mod counts;
mod entry;
mod evaluation;
mod export;
mod grid;
mod prediction;
mod progress;
mod progress_line;
mod save;
mod selection;
mod task_queue;
mod teach;
mod viewport;
mod workers;

use crate::state::{State, use_state};
use crate::text::{say, text};
use batch_run::{BatchRun, Place, use_run};
use leptos::html;
use leptos::prelude::*;
use marquee_app::ui::language::Language;
use marquee_app::ui::live::live;
use marquee_models::text::thousands;
use progress::Progress;
use teach::{OwnScore, Panel, PassOn, Teacher};

/// The least time between two changes of the sign, in milliseconds.
const SIGN_MS: f64 = 350.0;

/// What takes the place of the poster case and the answer when several posters are brought at once.
#[component]
pub(crate) fn Festival() -> impl IntoView {
    let state = use_state();
    let run = BatchRun::new(state);
    provide_context(run);
    provide_context(Teacher::new(state, run));
    update_sign(state, run);
    let open = Memo::new(move |_| run.place.get() == Place::Open);
    let aside = Memo::new(move |_| run.place.get() == Place::Aside);
    view! {
        <Show when=move || open.get()>
            <Open />
        </Show>
        <Show when=move || aside.get()>
            <Back />
        </Show>
    }
}

/// The button that leads back from a single poster.
#[component]
fn Back() -> impl IntoView {
    let (state, run) = (use_state(), use_run());
    let button = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        if let Some(button) = button.get() {
            // The poster is at the top, and the element that had the focus is gone.
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
                on:click=move |_| run.come_back()
            >
                {say(|text| text.festival.back)}
                " "
                <span>{live(move || so_far(run.progress.get(), state.language()))}</span>
            </button>
        </p>
    }
}

#[component]
fn Open() -> impl IntoView {
    let run = use_run();
    let heading = NodeRef::<html::H2>::new();
    Effect::new(move |_| {
        // The element that had the focus is hidden now.
        if let Some(heading) = heading.get() {
            // With the next frame, which computes the layout anyway.
            request_animation_frame(move || _ = heading.focus());
        }
    });
    view! {
        <section class="festival" data-testid="festival" aria-labelledby="festival-heading">
            <header>
                <h2 id="festival-heading" tabindex="-1" node_ref=heading>
                    {say(|text| text.festival.heading)}
                </h2>
                <progress_line::ProgressLine />
            </header>
            <Panel />
            <controls::Controls />
            <grid::Grid />
            <Show
                when=move || run.own.get()
                fallback=|| view! { <evaluation::Evaluation /> }
            >
                <OwnScore />
                <PassOn />
            </Show>
            <save::Save />
        </section>
    }
}

/// Puts the progress on the sign.
fn update_sign(state: State, run: BatchRun) {
    /// Where the festival was when the sign was last changed, and the time of the change.
    struct Last(Place, f64);

    Effect::new(move |last: Option<Last>| {
        let (place, progress) = (run.place.get(), run.progress.get());
        let language = state.language();
        let last = last.unwrap_or(Last(Place::Closed, 0.0));
        let now = clock::now();
        match place {
            Place::Open => {
                let too_soon = last.0 == Place::Open && now - last.1 < SIGN_MS;
                if too_soon && progress.working {
                    return last;
                }
                let heading = text(language).festival.heading.to_owned();
                state.show_view(heading, so_far(progress, language));
            }
            // The sign belongs to the single poster again.
            Place::Closed if last.0 == Place::Open => state.show_view(String::new(), String::new()),
            Place::Closed | Place::Aside => {}
        }
        Last(place, now)
    });
}

fn so_far(progress: Progress, language: Language) -> String {
    let text = &text(language).festival;
    let (done, total) = (thousands(progress.done), thousands(progress.total));
    if progress.done == progress.total {
        (text.posters)(&total)
    } else {
        (text.so_far)(&done, &total)
    }
}
