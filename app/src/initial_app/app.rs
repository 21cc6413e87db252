//! The whole page.

use crate::answer::Answer;
use crate::engine_panel::EnginePanel;
use crate::language_switch::LanguageSwitch;
use crate::poster_case::PosterCase;
use crate::samples::Samples;
use crate::sign::Sign;
use crate::state::State;
use leptos::prelude::*;
use marquee_app::ui::browser;
use marquee_app::ui::live::live;

/// A cinema's front: the sign, and the poster case beside tonight's programme. The lobby fills the
/// places that are left empty.
#[component]
pub(crate) fn App() -> impl IntoView {
    let state = State::new();
    provide_context(state);
    let dragging = welcome_files(state);
    view! {
        <div class="front" class:dragging=live(move || dragging.get())>
            <header class="masthead">
                <h1 class="wordmark">"Marquee"</h1>
                <LanguageSwitch />
            </header>
            <main>
                <Sign />
                <div class="entrance">
                    <PosterCase dragging />
                    <div class="programme">
                        <Answer />
                        <div data-lobby="programme"></div>
                        <EnginePanel />
                    </div>
                </div>
                <Samples />
                <div data-lobby="hall"></div>
            </main>
        </div>
    }
}

/// Takes a file that is dropped anywhere on the page. The signal says whether some are
/// held over it.
fn welcome_files(state: State) -> ReadSignal<bool> {
    let (dragging, set_dragging) = signal(false);
    window_event_listener(leptos::ev::dragover, move |event| {
        // Without this the browser would open the file in place of the page.
        event.prevent_default();
        set_dragging.set(browser::carries_files(event.data_transfer()));
    });
    window_event_listener(leptos::ev::dragleave, move |event| {
        // It also fires between two elements of the page, but then names the one that is entered.
        if event.related_target().is_none() {
            set_dragging.set(false);
        }
    });
    window_event_listener(leptos::ev::drop, move |event| {
        set_dragging.set(false);
        // The lobby takes folders, and several files at once.
        if !event.default_prevented() {
            event.prevent_default();
            state.bring(browser::files_of(event.data_transfer()));
        }
    });
    dragging
}
