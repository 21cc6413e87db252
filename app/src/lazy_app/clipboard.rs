//! The system's clipboard.

use leptos::prelude::window;
use wasm_bindgen_futures::JsFuture;

/// Puts a text into the clipboard; false where the browser forbids it.
pub(crate) async fn copy(text: &str) -> bool {
    let window = window();
    // Without encryption there is no clipboard.
    let clipboard = has("clipboard").then(|| window.navigator().clipboard());
    match clipboard {
        Some(clipboard) => JsFuture::from(clipboard.write_text(text)).await.is_ok(),
        None => false,
    }
}

/// Whether `navigator` has this part: browsers leave some out on pages without encryption.
pub(crate) fn has(part: &str) -> bool {
    let found = js_sys::Reflect::get(&window().navigator(), &part.into());
    found.is_ok_and(|found| !found.is_undefined())
}
