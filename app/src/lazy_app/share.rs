//! Sharing: a link that carries the poster as the network saw it, and what becomes of such a link
//! where it is opened.

mod address;
mod arrival;
mod offer;
mod qr;
mod text;

use leptos::prelude::*;

/// What is said of a poster that came in a link, and the link to the one on show.
#[component]
pub(crate) fn Share() -> impl IntoView {
    view! {
        <arrival::Arrival />
        <offer::Offer />
    }
}
