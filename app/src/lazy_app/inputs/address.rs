//! A poster by its address, which is entered, pasted, or part of the page's own (`?poster=https://…`).

use super::trouble::Trouble;
use crate::state::{State, use_state};
use crate::text::say;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, RequestCredentials, RequestInit, Response, Url, UrlSearchParams};

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

/// Downloads a poster and has it read.
pub(super) fn take(state: State, trouble: RwSignal<Option<Trouble>>, address: String) {
    if !is_address(&address) {
        return trouble.set(Some(Trouble::NoAddress));
    }
    spawn_local(async move {
        match download(&address).await {
            Ok(poster) => state.bring(name_of(&address), poster),
            Err(what) => trouble.set(Some(what)),
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

async fn download(address: &str) -> Result<Blob, Trouble> {
    let options = RequestInit::new();
    // The host gets no cookies.
    options.set_credentials(RequestCredentials::Omit);
    let response = JsFuture::from(window().fetch_with_str_and_init(address, &options));
    let response = response.await.map_err(|_| Trouble::Unreachable)?;
    let response: Response = response.dyn_into().map_err(|_| Trouble::Unreachable)?;
    if !response.ok() {
        return Err(Trouble::Missing);
    }
    let blob = response.blob().map_err(|_| Trouble::Unreachable)?;
    let blob = JsFuture::from(blob)
        .await
        .map_err(|_| Trouble::Unreachable)?;
    blob.dyn_into().map_err(|_| Trouble::Unreachable)
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
