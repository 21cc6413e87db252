//! How the front of the page and the lobby, two programs in one document, speak to each other:
//! by events of the window that carry a message.

use crate::protocol::Wire;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{CustomEvent, CustomEventInit, window};

/// The events that the lobby hears.
pub const LAZY_APP: &str = "marquee-lobby";
/// The events that the front hears.
pub const INITIAL_APP: &str = "marquee-front";

/// Sends a message to whoever hears [`LOBBY`] or [`FRONT`].
pub fn tell(whom: &str, message: &impl Wire) {
    let options = CustomEventInit::new();
    options.set_detail(&message.write());
    if let (Some(window), Ok(event)) = (
        window(),
        CustomEvent::new_with_event_init_dict(whom, &options),
    ) {
        // Only an event that is being dispatched already would be an error.
        _ = window.dispatch_event(&event);
    }
}

/// Hears messages for as long as the page lives.
pub fn hear<M: Wire + 'static>(whom: &str, on_message: impl Fn(M) + 'static) {
    let on_event = Closure::<dyn Fn(CustomEvent)>::new(move |event: CustomEvent| {
        if let Some(message) = M::read(&event.detail()) {
            on_message(message);
        }
    });
    if let Some(window) = window() {
        // Only a null listener would be an error.
        _ = window.add_event_listener_with_callback(whom, on_event.as_ref().unchecked_ref());
    }
    on_event.forget();
}
