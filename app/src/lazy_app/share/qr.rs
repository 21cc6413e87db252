//! The link as a QR code: always black on white, with the margin that scanners need.

use super::text::text;
use crate::state::use_state;
use leptos::html::Dialog;
use leptos::prelude::*;
use marquee_app::ui::live::live;
use qrcodegen::{QrCode as Code, QrCodeEcc};
use std::fmt::Write;

/// The white margin, in modules.
const MARGIN: i32 = 4;

/// A code as a drawing.
#[derive(Clone, PartialEq)]
struct Drawing {
    /// Modules in a row, with both margins.
    side: i32,
    /// The black ones.
    path: String,
}

impl Drawing {
    /// Of a text, unless it is too long.
    fn of(text: &str) -> Option<Drawing> {
        let code = Code::encode_text(text, QrCodeEcc::Low).ok()?;
        let mut path = String::new();
        for y in 0..code.size() {
            let mut x = 0;
            while x < code.size() {
                let begin = x;
                while code.get_module(x, y) {
                    x += 1;
                }
                let run = x - begin;
                if run > 0 {
                    // Writing into a string can't fail.
                    _ = write!(path, "M{} {}h{run}v1h-{run}z", begin + MARGIN, y + MARGIN);
                }
                x += 1;
            }
        }
        Some(Drawing {
            side: code.size() + 2 * MARGIN,
            path,
        })
    }
}

/// The code, which a click makes as large as the window.
#[component]
pub(super) fn QrCode(link: Memo<String>) -> impl IntoView {
    let state = use_state();
    let drawing = Memo::new(move |_| link.with(|link| Drawing::of(link)));
    let dialog = NodeRef::<Dialog>::new();
    let enlarge = move |_| {
        // One that is open already, or no longer there, needs nothing.
        _ = dialog.get_untracked().map(|dialog| dialog.show_modal());
    };
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    move || {
        let Some(drawing) = drawing.get() else {
            let too_long = live(move || text(state.language()).qr_too_long);
            return view! { <p class="share-news" data-testid="share-qr-too-long">{too_long}</p> }
                .into_any();
        };
        view! {
            <button
                type="button"
                class="share-qr"
                data-testid="share-qr"
                aria-label=live(move || text(state.language()).qr_enlarge)
                on:click=enlarge
            >
                <Svg drawing=drawing.clone() />
            </button>
            <dialog
                class="share-large"
                data-testid="share-qr-large"
                node_ref=dialog
                aria-label=live(move || text(state.language()).qr_name)
            >
                <Svg drawing />
                <button type="button" on:click=close>
                    {live(move || text(state.language()).close)}
                </button>
            </dialog>
        }
        .into_any()
    }
}

#[component]
fn Svg(drawing: Drawing) -> impl IntoView {
    let state = use_state();
    let side = drawing.side;
    view! {
        <svg
            viewBox=format!("0 0 {side} {side}")
            shape-rendering="crispEdges"
            role="img"
            aria-label=live(move || text(state.language()).qr_name)
        >
            <rect width=side height=side fill="#fff" />
            <path d=drawing.path fill="#000" />
        </svg>
    }
}
