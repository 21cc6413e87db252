//! More ways for a poster to get in: several files and folders, the clipboard, an address, the camera,
//! the system's share menu. One file that is dropped or picked is the front's own business.

mod address;
mod camera;
mod folders;
mod shared;
mod text;

use crate::state::{State, use_state};
use gloo::events::{EventListener, EventListenerOptions};
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::ui::browser;
use marquee_app::ui::live::live;
use std::time::Duration;
use text::{Text, text};
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DragEvent, Event, File, HtmlInputElement};

/// Why a poster could not be got.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Trouble {
    /// What was typed is no address.
    NoAddress,
    /// The host can't be reached, or doesn't let other pages fetch from it.
    Unreachable,
    /// The host answers that it has no such picture.
    Missing,
    /// There is no camera, or it may not be used.
    NoCamera,
    /// The folder holds no files.
    NothingThere,
}

/// A button for each way, under the poster case, and what went wrong.
#[component]
pub(crate) fn WaysIn() -> impl IntoView {
    let state = use_state();
    let trouble = RwSignal::new(None);
    let say =
        move |pick: fn(&'static Text) -> &'static str| live(move || pick(text(state.language())));
    take_several(state, trouble);
    address::take_from_query(state, trouble);
    shared::take_shared(state);
    // A poster that came in some other way has settled the matter.
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
                {say(|text| text.camera)}
            </button>
            <button
                type="button"
                class="quiet"
                data-testid="address"
                aria-expanded=live(move || typing.get().to_string())
                on:click=move |_| typing.update(|typing| *typing = !*typing)
            >
                {say(|text| text.address)}
            </button>
            <label class="quiet button-like">
                <input
                    class="unseen"
                    type="file"
                    prop:webkitdirectory=true
                    data-testid="folder"
                    on:change=move |event| bring(state, trouble, emptied(&event_target(&event)))
                />
                {say(|text| text.folder)}
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
                let sentence = trouble.get().map(|trouble| (text(state.language()).trouble)(trouble));
                sentence.map(|it| view! { <p data-testid="trouble">{it}</p> })
            }}
        </div>
    }
}

/// Hands files on: one to the front, several to the festival.
fn bring(state: State, trouble: RwSignal<Option<Trouble>>, mut files: Vec<File>) {
    match files.len() {
        0 => trouble.set(Some(Trouble::NothingThere)),
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

/// The files of an input, which then can be used again for the same ones.
fn emptied(input: &HtmlInputElement) -> Vec<File> {
    let files = browser::files(input.files());
    input.set_value("");
    files
}

/// Takes what the front would read only the first of, before the front hears of it.
fn take_several(state: State, trouble: RwSignal<Option<Trouble>>) {
    let picker = document().get_element_by_id("pick");
    if let Some(picker) = &picker {
        // Only an invalid attribute name could fail.
        _ = picker.set_attribute("multiple", "");
    }
    before_the_front("change", move |event: &Event| {
        let input = event
            .target()
            .and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
        let several = input.filter(|input| {
            input.id() == "pick" && input.files().is_some_and(|files| files.length() > 1)
        });
        if let Some(input) = several {
            event.stop_immediate_propagation();
            // With thousands of files the browser has been busy before this event: the page has its
            // turn first.
            let take = move || bring(state, trouble, emptied(&input));
            set_timeout(take, Duration::ZERO);
        }
    });
    before_the_front("drop", move |event: &Event| {
        let Some(transfer) = event
            .dyn_ref::<DragEvent>()
            .and_then(DragEvent::data_transfer)
        else {
            return;
        };
        let entries = folders::entries(&transfer);
        if entries.is_empty() {
            // What a program drops has none. Else files are not asked for: to make thousands of them
            // at once takes the browser longer than a frame.
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
    before_the_front("paste", move |event: &Event| {
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
        } else if !typed && address::is_one(text.trim()) {
            event.prevent_default();
            address::take(state, trouble, text.trim().to_owned());
        }
    });
}

/// Hears an event of the window before the front does, for as long as the page lives.
fn before_the_front(name: &'static str, heard: impl FnMut(&Event) + 'static) {
    let options = EventListenerOptions {
        phase: gloo::events::EventListenerPhase::Capture,
        passive: false,
    };
    EventListener::new_with_options(&window(), name, options, heard).forget();
}
