//! Share links, which carry the poster as the network saw it: the panel that makes one, and the notice
//! about one that was opened.

pub(crate) mod address;
mod buttons;
mod create;
mod open;
pub(crate) mod opened_fragment;
mod qr;

pub(crate) use buttons::ShareButtons;

use leptos::prelude::*;

/// The notice about a link that was opened, and the panel with a link to the poster on show.
#[component]
pub(crate) fn Share() -> impl IntoView {
    view! {
        <open::OpenedLink />
        <create::SharePanel />
    }
}
