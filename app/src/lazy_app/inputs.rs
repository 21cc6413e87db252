//! More ways to bring posters: folders, an address, the camera and the system's share menu. The initial
//! app takes files that are dropped, pasted or chosen, and offers several of them to the lazy app.

mod address;
mod camera;
mod folders;
mod share_target;
mod trouble;

use crate::brought::{Brought, DRAGGED_POSTER};
use crate::state::{State, use_state};
use crate::text::{say, text};
use gloo::events::{EventListener, EventListenerOptions};
use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::ui::browser;
use marquee_app::ui::live::live;
use trouble::Trouble;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, Element, Event, File, HtmlInputElement};

/// A button for each way, and what went wrong.
#[component]
pub(crate) fn Inputs() -> impl IntoView {
    let state = use_state();
    let trouble = RwSignal::new(None);
    hear_drop_and_paste(state, trouble);
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
fn bring(state: State, trouble: RwSignal<Option<Trouble>>, mut files: Vec<Brought>) {
    match files.len() {
        0 => trouble.set(Some(Trouble::NoFiles)),
        1 => {
            let file = files.remove(0).file;
            state.bring(file.name(), file.into());
        }
        _ => {
            trouble.set(None);
            state.bring_many(files);
        }
    }
}

/// Whether a file is a network, by its name.
fn is_weights(name: &str) -> bool {
    name.ends_with(".safetensors")
}

/// The files of an input, which is emptied so that the same ones can be chosen again.
pub(crate) fn emptied(input: &HtmlInputElement) -> Vec<Brought> {
    let files = listed(&browser::files(input.files()));
    input.set_value("");
    files
}

fn listed(files: &Array) -> Vec<Brought> {
    let files = files.iter().filter_map(|file| file.dyn_into::<File>().ok());
    files.filter_map(Brought::chosen).collect()
}

/// The files of a drop, and those in its folders.
pub(crate) fn dropped(transfer: &DataTransfer) -> impl Future<Output = Vec<Brought>> + 'static {
    // Browsers give them only while the event is handled. Drops by programs have no entries.
    let entries = folders::entries(transfer);
    let plain = entries.is_empty().then(|| browser::files(transfer.files()));
    async move {
        match plain {
            Some(plain) => listed(&plain),
            None => folders::files(entries).await,
        }
    }
}

/// Whether something is let go over what takes drops itself.
fn is_taken_elsewhere(event: &Event) -> bool {
    let target: Option<Element> = event.target().and_then(|it| it.dyn_into().ok());
    target.is_some_and(|it| {
        it.closest("[data-takes-drops]")
            .is_ok_and(|it| it.is_some())
    })
}

/// Takes several files and folders that are dropped, of which the initial app would read the first
/// file only, and addresses that are pasted.
fn hear_drop_and_paste(state: State, trouble: RwSignal<Option<Trouble>>) {
    before_the_initial_app("drop", move |event: &Event| {
        let Some(transfer) = event
            .dyn_ref::<DragEvent>()
            .and_then(DragEvent::data_transfer)
        else {
            return;
        };
        if is_taken_elsewhere(event) {
            return;
        }
        if transfer.types().includes(&DRAGGED_POSTER.into(), 0) {
            // A poster of this page, wherever it was let go.
            return event.prevent_default();
        }
        let entries = folders::entries(&transfer);
        if entries.is_empty() {
            // Drops by programs have no entries. All others are read by entries: it takes the browser
            // longer than a frame to make thousands of files at once.
            let plain = browser::files(transfer.files());
            let first = listed(&plain).into_iter().next().map(|it| it.file);
            if plain.length() == 1 && first.as_ref().is_some_and(|it| is_weights(&it.name())) {
                event.prevent_default();
                return state.bring_weights(first);
            }
            if plain.length() > 1 {
                event.prevent_default();
                bring(state, trouble, listed(&plain));
            }
            return;
        }
        // The initial app takes pictures.
        if let [entry] = &entries[..]
            && is_weights(&entry.name())
        {
            event.prevent_default();
            return spawn_local(async move {
                let file = folders::files(entries).await.pop();
                state.bring_weights(file.map(|it| it.file));
            });
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
        let files = browser::files(data.files()).length() > 0;
        let text = data.get_data("text/plain").unwrap_or_default();
        let typed = event
            .target()
            .is_some_and(|it| it.has_type::<HtmlInputElement>());
        if !files && !typed && address::is_address(text.trim()) {
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
