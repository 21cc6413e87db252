//! More ways to bring posters: several files, folders, the clipboard, an address, the camera and the
//! system's share menu. The initial app itself takes one file that is dropped or picked.

mod address;
mod camera;
mod folders;
mod share_target;
mod trouble;

use crate::state::{State, use_state};
use crate::text::{say, text};
use gloo::events::{EventListener, EventListenerOptions};
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::ui::browser;
use marquee_app::ui::live::live;
use std::time::Duration;
use trouble::Trouble;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DragEvent, Event, File, HtmlInputElement};

/// A button for each way, and what went wrong.
#[component]
pub(crate) fn Inputs() -> impl IntoView {
    let state = use_state();
    let trouble = RwSignal::new(None);
    take_several(state, trouble);
    address::take_from_query(state, trouble);
    share_target::take_shared(state);
    // The next poster, however it came, makes the message out of date.
    Effect::new(move |_| {
        if state.on_show().is_some() {
            trouble.set(None);
        }
    });
    let camera = RwSignal::new(false);
    let typing = RwSignal::new(false);
    view! {
        <div class="more-ways" data-testid="more-ways">
            <button type="button" class="quiet" data-testid="camera" on:click=move |_| camera.set(true)>
                {say(|text| text.inputs.camera)}
            </button>
            <button
                type="button"
                class="quiet"
                data-testid="address"
                aria-expanded=live(move || typing.get().to_string())
                on:click=move |_| typing.update(|typing| *typing = !*typing)
            >
                {say(|text| text.inputs.address)}
            </button>
            <label class="quiet button-like">
                <input
                    class="unseen"
                    type="file"
                    prop:webkitdirectory=true
                    data-testid="folder"
                    on:change=move |event| bring(state, trouble, emptied(&event_target(&event)))
                />
                {say(|text| text.inputs.folder)}
            </label>
        </div>
        <Show when=move || typing.get()>
            <address::AddressForm trouble />
        </Show>
        <Show when=move || camera.get()>
            <camera::Camera open=camera trouble />
        </Show>
        <div class="notice" role="alert">
            {move || {
                let text = &text(state.language()).inputs;
                let sentence = trouble.get()?.sentence(text);
                Some(view! { <p data-testid="trouble">{sentence}</p> })
            }}
        </div>
    }
}

/// Has files read: one by the initial app, several by the festival.
fn bring(state: State, trouble: RwSignal<Option<Trouble>>, mut files: Vec<File>) {
    match files.len() {
        0 => trouble.set(Some(Trouble::NoFiles)),
        1 => {
            let file = files.remove(0);
            state.bring(file.name(), file.into());
        }
        _ => {
            trouble.set(None);
            state.bring_many(files);
        }
    }
}

/// The files of an input, which is emptied so that the same ones can be chosen again.
fn emptied(input: &HtmlInputElement) -> Vec<File> {
    let files = browser::files(input.files());
    input.set_value("");
    files
}

/// Takes several files, folders and pastes before the initial app sees them: it would read the first
/// file only.
fn take_several(state: State, trouble: RwSignal<Option<Trouble>>) {
    let picker = document().get_element_by_id("pick");
    if let Some(picker) = &picker {
        // Only an invalid attribute name fails.
        _ = picker.set_attribute("multiple", "");
    }
    before_the_initial_app("change", move |event: &Event| {
        let input = event
            .target()
            .and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
        let several = input.filter(|input| {
            input.id() == "pick" && input.files().is_some_and(|files| files.length() > 1)
        });
        if let Some(input) = several {
            event.stop_immediate_propagation();
            // With thousands of files the browser was busy before this event, and has its turn first.
            let take = move || bring(state, trouble, emptied(&input));
            set_timeout(take, Duration::ZERO);
        }
    });
    before_the_initial_app("drop", move |event: &Event| {
        let Some(transfer) = event
            .dyn_ref::<DragEvent>()
            .and_then(DragEvent::data_transfer)
        else {
            return;
        };
        let entries = folders::entries(&transfer);
        if entries.is_empty() {
            // Drops by programs have no entries. All others are read by entries: it takes the browser
            // longer than a frame to make thousands of files at once.
            let plain = browser::files(transfer.files());
            if plain.len() > 1 {
                event.prevent_default();
                bring(state, trouble, plain);
            }
            return;
        }
        if entries.len() < 2 && !entries.iter().any(web_sys::FileSystemEntry::is_directory) {
            return;
        }
        event.prevent_default();
        spawn_local(async move {
            let files = folders::files(entries).await;
            bring(state, trouble, files);
        });
    });
    before_the_initial_app("paste", move |event: &Event| {
        let event = event.dyn_ref::<ClipboardEvent>();
        let Some((event, data)) = event.and_then(|event| Some((event, event.clipboard_data()?)))
        else {
            return;
        };
        let files = browser::files(data.files());
        let text = data.get_data("text/plain").unwrap_or_default();
        let typed = event
            .target()
            .is_some_and(|it| it.has_type::<HtmlInputElement>());
        if !files.is_empty() {
            event.prevent_default();
            bring(state, trouble, files);
        } else if !typed && address::is_address(text.trim()) {
            event.prevent_default();
            address::take(state, trouble, text.trim().to_owned());
        }
    });
}

/// Listens to an event of the window before the initial app does, for as long as the page lives.
fn before_the_initial_app(name: &'static str, heard: impl FnMut(&Event) + 'static) {
    let options = EventListenerOptions {
        phase: gloo::events::EventListenerPhase::Capture,
        passive: false,
    };
    EventListener::new_with_options(&window(), name, options, heard).forget();
}
