//! The link as a QR code, black on white with the margin that scanners need.

use crate::text::say;
use leptos::html::Dialog;
use leptos::prelude::*;
use qrcodegen::{QrCode as Code, QrCodeEcc};
use std::fmt::Write;

/// The white margin, in modules.
const MARGIN: i32 = 4;

/// A QR code as a drawing.
#[derive(Clone, PartialEq)]
struct Drawing {
    /// Modules in a row, including both margins.
    side: i32,
    /// The black modules as the `d` of an SVG path.
    path: String,
}

impl Drawing {
    /// The code of a text; `None` if the text is too long.
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
                    // Writing to a string does not fail.
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

/// The code, which a click enlarges to the size of the window.
#[component]
pub(super) fn QrCode(link: Memo<String>) -> impl IntoView {
    let drawing = Memo::new(move |_| link.with(|link| Drawing::of(link)));
    let dialog = NodeRef::<Dialog>::new();
    let enlarge = move |_| {
        // Only a dialog that is open already or gone fails.
        _ = dialog.get_untracked().map(|dialog| dialog.show_modal());
    };
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    move || {
        let Some(drawing) = drawing.get() else {
            let too_long = say(|text| text.share.qr_too_long);
            return view! { <p class="share-news" data-testid="share-qr-too-long">{too_long}</p> }
                .into_any();
        };
        view! {
            <button
                type="button"
                class="share-qr"
                data-testid="share-qr"
                aria-label=say(|text| text.share.qr_enlarge)
                on:click=enlarge
            >
                <Svg drawing=drawing.clone() />
            </button>
            <dialog
                class="share-large"
                data-testid="share-qr-large"
                node_ref=dialog
                aria-label=say(|text| text.share.qr_name)
            >
                <Svg drawing />
                <button type="button" on:click=close>
                    {say(|text| text.share.close)}
                </button>
            </dialog>
        }
        .into_any()
    }
}

#[component]
fn Svg(drawing: Drawing) -> impl IntoView {
    let side = drawing.side;
    view! {
        <svg
            viewBox=format!("0 0 {side} {side}")
            shape-rendering="crispEdges"
            role="img"
            aria-label=say(|text| text.share.qr_name)
        >
            <rect width=side height=side fill="#fff" />
            <path d=drawing.path fill="#000" />
        </svg>
    }
}
