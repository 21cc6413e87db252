//! The address bar, of which links use what is behind the `#`.

use leptos::prelude::window;
use wasm_bindgen::JsValue;

/// The page's address, without what is behind `?` or `#`.
pub(super) fn page() -> String {
    let whole = window().location().href().unwrap_or_default();
    let end = whole.find(['?', '#']).unwrap_or(whole.len());
    whole[..end].to_owned()
}

/// What is behind the `#`.
pub(super) fn fragment() -> String {
    let hash = window().location().hash().unwrap_or_default();
    hash.strip_prefix('#').unwrap_or_default().to_owned()
}

/// Takes off what is behind the `#`; the way back leads to where it did.
pub(super) fn drop_fragment() {
    let whole = window().location().href().unwrap_or_default();
    let bare = whole.split('#').next();
    let replaced = window().history().and_then(|history| {
        // A fragment that stays opens the same poster again; that is no more than a nuisance.
        history.replace_state_with_url(&JsValue::NULL, "", bare)
    });
    if let Err(error) = replaced {
        web_sys::console::warn_1(&error);
    }
}
