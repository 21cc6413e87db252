//! The page's address. Links use its fragment, the part after the `#`.

use leptos::prelude::window;
use wasm_bindgen::JsValue;

/// The page's address without query and fragment.
pub(crate) fn page() -> String {
    let whole = window().location().href().unwrap_or_default();
    let end = whole.find(['?', '#']).unwrap_or(whole.len());
    whole[..end].to_owned()
}

/// The fragment, without the `#`.
pub(crate) fn fragment() -> String {
    let hash = window().location().hash().unwrap_or_default();
    hash.strip_prefix('#').unwrap_or_default().to_owned()
}

/// Removes the fragment, and leaves the history as it is.
pub(crate) fn drop_fragment() {
    let whole = window().location().href().unwrap_or_default();
    let bare = whole.split('#').next();
    let replaced = window().history().and_then(|history| {
        // If the fragment stays, a reload opens the same poster again, which is harmless.
        history.replace_state_with_url(&JsValue::NULL, "", bare)
    });
    if let Err(error) = replaced {
        web_sys::console::warn_1(&error);
    }
}
