//! The ways to pass a link on: copy it, send it, and draw it as a QR code.

use super::qr::QrCode;
use crate::clipboard::{copy, has};
use crate::state::use_state;
use crate::text::{say, text};
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::ui::live::live;
use wasm_bindgen_futures::JsFuture;
use web_sys::ShareData;

/// The buttons that copy, send and draw the link. `name` tells them from others in the document.
#[component]
pub(crate) fn ShareButtons(url: Memo<String>, name: &'static str) -> impl IntoView {
    let state = use_state();
    // Whether the browser has copied it, once somebody has asked for that.
    let copied = RwSignal::new(None);
    Effect::new(move |_| url.with(|_| copied.set(None)));
    let unfolded = RwSignal::new(false);
    let code = move || unfolded.get().then(|| view! { <QrCode link=url /> });
    let news = move || {
        let text = &text(state.language()).share;
        match copied.get() {
            None => "",
            Some(true) => text.copied,
            Some(false) => text.copy_refused,
        }
    };
    view! {
        <div class="share-ways">
            <button
                type="button"
                data-testid=format!("{name}-copy")
                on:click=move |_| {
                    spawn_local(async move { copied.set(Some(copy(&url.get_untracked()).await)) });
                }
            >
                {say(|text| text.share.copy)}
            </button>
            {has("share").then(|| view! {
                <button
                    type="button"
                    data-testid=format!("{name}-send")
                    on:click=move |_| send(url.get_untracked())
                >
                    {say(|text| text.share.send)}
                </button>
            })}
            <button
                type="button"
                data-testid=format!("{name}-qr-button")
                aria-expanded=move || unfolded.get().to_string()
                aria-controls=format!("{name}-qr")
                on:click=move |_| unfolded.update(|unfolded| *unfolded = !*unfolded)
            >
                {say(|text| text.share.qr)}
            </button>
        </div>
        <p class="share-news" role="status" data-testid=format!("{name}-news")>{live(news)}</p>
        {move || (copied.get() == Some(false)).then(|| view! { <LinkField link=url /> })}
        <div id=format!("{name}-qr")>{code}</div>
    }
}

/// The link in a field, to be copied by hand.
#[component]
fn LinkField(link: Memo<String>) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            // Only an element that is gone refuses the focus.
            _ = field.focus();
            field.select();
        }
    });
    view! {
        <input
            class="share-field"
            node_ref=field
            readonly
            aria-label=say(|text| text.share.field)
            prop:value=move || link.get()
        />
    }
}

/// Opens the system's share sheet.
fn send(link: String) {
    let data = ShareData::new();
    data.set_url(&link);
    let sent = window().navigator().share_with_data(&data);
    spawn_local(async move {
        // Mostly the visitor has just closed the sheet.
        if let Err(error) = JsFuture::from(sent).await {
            web_sys::console::info_1(&error);
        }
    });
}
