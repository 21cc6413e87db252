//! Saves the answers as a file.

use super::export::Format;
use super::round::Round;
use super::slices::breathe;
use super::{say, use_round};
use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// So many rows are written before the page has its turn again.
const AT_A_TIME: u32 = 250;

/// Browsers read the file at some time after the click; it is kept so long for them.
const KEPT: Duration = Duration::from_secs(30);

/// A button for each format.
#[component]
pub(super) fn Save() -> impl IntoView {
    let round = use_round();
    let button = move |format: Format, name: &'static str| {
        let save = move |_| spawn_local(save(round, format));
        view! {
            <button type="button" class="plain" data-testid=format.file_name() on:click=save>
                {name}
            </button>
        }
    };
    view! {
        <p class="save">
            <span>{say(|text| text.save)}</span>
            {button(Format::Csv, "CSV")}
            {button(Format::Json, "JSON")}
        </p>
    }
}

async fn save(round: Round, format: Format) {
    let labels = round.labels_now();
    let parts = Array::of1(&format.head(&labels).into());
    let total = round.progress_now().total;
    for from in (0..total).step_by(AT_A_TIME as usize) {
        let mut rows = String::new();
        for number in from..total.min(from + AT_A_TIME) {
            let Some(file) = round.file(number) else {
                // It was closed meanwhile.
                return;
            };
            let row = |entry: &_| format.row(number == 0, &file.name(), entry, &labels);
            rows.push_str(&round.entry(number, row).unwrap_or_default());
        }
        parts.push(&rows.into());
        breathe().await;
    }
    parts.push(&format.foot().into());
    if let Err(error) = download(&parts, format) {
        web_sys::console::error_1(&error);
    }
}

fn download(parts: &Array, format: Format) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(format.mime());
    let blob = Blob::new_with_str_sequence_and_options(parts, &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(format.file_name());
    link.click();
    // A URL that can't be revoked is freed with the page.
    set_timeout(move || _ = Url::revoke_object_url(&url), KEPT);
    Ok(())
}
