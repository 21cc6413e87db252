//! The ways in which several files come at once.

use crate::hall::Hall;
use leptos::prelude::*;
use marquee_app::ui::browser;
use std::time::Duration;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, HtmlInputElement};

/// Lets the front's button pick several files. One goes the front's way, several go to the hall.
pub(crate) fn pick_several(hall: Hall) {
    let input = document().get_element_by_id("pick");
    let Some(input) = input.and_then(|it| it.dyn_into::<HtmlInputElement>().ok()) else {
        return web_sys::console::error_1(&"the front has no button to pick files".into());
    };
    input.set_multiple(true);
    let picked = input.clone();
    let on_change = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        if event.target().as_ref() != Some(picked.as_ref()) {
            return;
        }
        if picked.files().is_none_or(|files| files.length() < 2) {
            return;
        }
        // The front would read the first of them.
        event.stop_immediate_propagation();
        let picked = picked.clone();
        // With thousands of them the browser has been busy before this event: the page has its turn
        // first.
        let take = move || {
            let files = browser::files(picked.files());
            // Else choosing the same files again would be no change.
            picked.set_value("");
            hall.bring_many(files);
        };
        set_timeout(take, Duration::ZERO);
    });
    // On its way down to the button, before the front hears of it.
    // Only a null listener would be an error.
    _ = window().add_event_listener_with_callback_and_bool(
        "change",
        on_change.as_ref().unchecked_ref(),
        true,
    );
    on_change.forget();
}
