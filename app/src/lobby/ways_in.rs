//! The ways in which several files come at once.

use crate::hall::Hall;
use leptos::prelude::*;
use marquee_app::ui::browser;
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
        let files = browser::files(picked.files());
        if files.len() > 1 {
            // The front would read the first of them.
            event.stop_immediate_propagation();
            // Else choosing the same files again would be no change.
            picked.set_value("");
            hall.bring_many(files);
        }
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
