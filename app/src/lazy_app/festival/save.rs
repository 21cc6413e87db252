//! Saves the answers as a file.

use super::batch_run::{BatchRun, use_run};
use super::export::Format;
use super::task_queue::yield_to_browser;
use crate::download::download;
use crate::text::say;
use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{Blob, BlobPropertyBag};

/// Rows that are written at a time, before the browser has its turn again.
const AT_A_TIME: u32 = 250;

/// A button for each format.
#[component]
pub(super) fn Save() -> impl IntoView {
    let run = use_run();
    let button = move |format: Format| {
        let save = move |_| spawn_local(save(run, format));
        view! {
            <button type="button" class="plain" data-testid=format.file_name() on:click=save>
                {format.name()}
            </button>
        }
    };
    view! {
        <p class="save">
            <span>{say(|text| text.festival.save)}</span>
            {Format::ALL.map(button).collect_view()}
        </p>
    }
}

async fn save(run: BatchRun, format: Format) {
    let labels = run.labels.get_untracked();
    let parts = Array::of1(&format.head(&labels).into());
    let total = run.progress.get_untracked().total;
    for from in (0..total).step_by(AT_A_TIME as usize) {
        let mut rows = String::new();
        for number in from..total.min(from + AT_A_TIME) {
            let Some(file) = run.file(number) else {
                // The run was closed meanwhile.
                return;
            };
            let row = |entry: &_| format.row(number == 0, &file.name(), entry, &labels);
            rows.push_str(&run.entry(number, row).unwrap_or_default());
        }
        parts.push(&rows.into());
        yield_to_browser().await;
    }
    parts.push(&format.foot().into());
    let options = BlobPropertyBag::new();
    options.set_type(format.mime());
    let file = Blob::new_with_str_sequence_and_options(&parts, &options);
    if let Err(error) = file.and_then(|file| download(&file, format.file_name())) {
        web_sys::console::error_1(&error);
    }
}
