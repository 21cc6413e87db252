//! The whole page.

use crate::answer::Answer;
use crate::engine_panel::EnginePanel;
use crate::language_switch::LanguageSwitch;
use crate::poster_case::PosterCase;
use crate::samples::Samples;
use crate::sign::Sign;
use crate::state::{Phase, State};
use leptos::prelude::*;
use marquee_app::channel::Slot;
use marquee_app::ui::browser;
use marquee_app::ui::live::live;
use marquee_app::ui::site;

/// The whole page: the sign, and below it the poster case and the answer.
#[component]
pub(crate) fn App() -> impl IntoView {
    let state = State::new();
    provide_context(state);
    let dragging = take_files(state);
    let lazy_view = move || matches!(state.phase(), Phase::LazyView(_));
    view! {
        <div
            class="page"
            class:dragging=live(move || dragging.get())
            class:lazy-view=live(lazy_view)
        >
            <header class="masthead">
                <h1 class="wordmark">{site::name()}</h1>
                <LanguageSwitch />
            </header>
            <main>
                <Sign />
                <div class="entrance">
                    <PosterCase dragging />
                    <div class="programme">
                        <Answer />
                        <div data-slot=Slot::Programme.name()></div>
                        <EnginePanel />
                    </div>
                </div>
                <Samples />
                <div data-slot=Slot::Page.name()></div>
            </main>
        </div>
    }
}

/// Takes files that are dropped or pasted anywhere on the page. The signal says whether some are
/// being dragged over it.
fn take_files(state: State) -> ReadSignal<bool> {
    let (dragging, set_dragging) = signal(false);
    window_event_listener(leptos::ev::dragover, move |event| {
        // Without this the browser would open the file in place of the page.
        event.prevent_default();
        set_dragging.set(browser::carries_files(event.data_transfer()));
    });
    window_event_listener(leptos::ev::dragleave, move |event| {
        // It also fires between two elements of the page, but then it has a related target.
        if event.related_target().is_none() {
            set_dragging.set(false);
        }
    });
    window_event_listener(leptos::ev::drop, move |event| {
        set_dragging.set(false);
        // The lazy app takes folders, and several files at once.
        if !event.default_prevented() {
            event.prevent_default();
            state.bring(&browser::files_of(event.data_transfer()));
        }
    });
    window_event_listener(leptos::ev::paste, move |event| {
        let files = browser::files_of(event.clipboard_data());
        if files.length() > 0 {
            event.prevent_default();
            state.bring(&files);
        }
    });
    dragging
}
