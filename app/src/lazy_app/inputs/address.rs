//! A poster by its address, which is entered, pasted, or part of the page's own (`?poster=https://…`).

use super::trouble::Trouble;
use crate::state::{State, use_state};
use crate::text::say;
use js_sys::{Array, Reflect, Uint8Array};
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::protocol::MAX_FILE_BYTES;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Blob, ReadableStreamDefaultReader, RequestCredentials, RequestInit, Response,
    Url, UrlSearchParams,
};

/// The time that a host has to send a poster.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whether a text is an address on the web.
pub(super) fn is_address(text: &str) -> bool {
    let web = text.starts_with("https://") || text.starts_with("http://");
    web && !text.contains(char::is_whitespace) && Url::new(text).is_ok()
}

/// Fetches the poster that the page's own address names, if it names one.
pub(super) fn take_from_query(state: State, trouble: RwSignal<Option<Trouble>>) {
    let query = window().location().search().unwrap_or_default();
    let named = UrlSearchParams::new_with_str(&query).ok();
    if let Some(address) = named.and_then(|query| query.get("poster")) {
        take(state, trouble, address);
    }
}

/// Downloads a poster and has it read, unless the visitor brings another one meanwhile.
pub(super) fn take(state: State, trouble: RwSignal<Option<Trouble>>, address: String) {
    if !is_address(&address) {
        return trouble.set(Some(Trouble::NoAddress));
    }
    trouble.set(None);
    let turn = state.next_turn();
    let Ok(controller) = AbortController::new() else {
        return trouble.set(Some(Trouble::Unreachable));
    };
    // What the visitor brings meanwhile ends the download.
    let overtaken = Effect::new({
        let controller = controller.clone();
        move |_| {
            if state.turn() != turn {
                controller.abort();
            }
        }
    });
    spawn_local(async move {
        let downloaded = download(&address, &controller).await;
        overtaken.stop();
        if state.turn() == turn {
            match downloaded {
                Ok(poster) => state.bring(name_of(&address), poster),
                Err(what) => trouble.set(Some(what)),
            }
        }
    });
}

/// The field for an address.
#[component]
pub(super) fn AddressForm(trouble: RwSignal<Option<Trouble>>) -> impl IntoView {
    let state = use_state();
    let field = NodeRef::<Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            // Only an element that is gone refuses the focus.
            _ = field.focus();
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(field) = field.get() {
            take(state, trouble, field.value().trim().to_owned());
        }
    };
    view! {
        <form class="address" on:submit=submit>
            <label>
                <span>{say(|text| text.inputs.address_label)}</span>
                <input
                    node_ref=field
                    type="text"
                    inputmode="url"
                    autocomplete="off"
                    placeholder="https://"
                    data-testid="address-field"
                />
            </label>
            <button type="submit" class="quiet">{say(|text| text.inputs.address_go)}</button>
            <p>{say(|text| text.inputs.address_note)}</p>
        </form>
    }
}

/// Downloads a file of at most [`MAX_FILE_BYTES`] within [`PATIENCE`].
async fn download(address: &str, controller: &AbortController) -> Result<Blob, Trouble> {
    let late = StoredValue::new(false);
    let ends = controller.clone();
    let end = move || {
        late.set_value(true);
        ends.abort();
    };
    let timer = set_timeout_with_handle(end, PATIENCE);
    let downloaded = receive(address, controller).await;
    if let Ok(timer) = timer {
        timer.clear();
    }
    downloaded.map_err(|what| {
        if late.get_value() {
            Trouble::TooSlow
        } else {
            what
        }
    })
}

async fn receive(address: &str, controller: &AbortController) -> Result<Blob, Trouble> {
    let options = RequestInit::new();
    // The host gets no cookies.
    options.set_credentials(RequestCredentials::Omit);
    options.set_signal(Some(&controller.signal()));
    let unreachable = |_: JsValue| Trouble::Unreachable;
    let response = JsFuture::from(window().fetch_with_str_and_init(address, &options));
    let response: Response = response
        .await
        .and_then(JsCast::dyn_into)
        .map_err(unreachable)?;
    match response.status() {
        200..300 => {}
        401 | 403 | 407 | 451 => return Err(Trouble::Forbidden),
        404 | 410 => return Err(Trouble::Missing),
        status => return Err(Trouble::HostError(status)),
    }
    // A host that says how large the file is may be wrong, so what arrives is counted.
    let body = response.body().ok_or(Trouble::Missing)?;
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let (parts, mut bytes) = (Array::new(), 0.0);
    loop {
        let part = JsFuture::from(reader.read()).await.map_err(unreachable)?;
        let value = Reflect::get(&part, &"value".into()).map_err(unreachable)?;
        // At the end there is none.
        let Ok(value) = value.dyn_into::<Uint8Array>() else {
            break;
        };
        bytes += f64::from(value.length());
        if bytes > MAX_FILE_BYTES {
            controller.abort();
            return Err(Trouble::TooLarge);
        }
        parts.push(&value);
    }
    Blob::new_with_u8_array_sequence(&parts).map_err(unreachable)
}

/// The last part of an address, which would be the name of the file.
fn name_of(address: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').find(|part| !part.is_empty());
    name.unwrap_or(address).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_poster_is_named_by_the_last_part_of_its_address() {
        assert_eq!(name_of("https://example.org/a/b.jpg?size=2#top"), "b.jpg");
        assert_eq!(name_of("https://example.org/posters/"), "posters");
    }
}
