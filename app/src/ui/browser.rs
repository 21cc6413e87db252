//! What both programs ask of the browser.

use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, DataTransfer, FileList, Response, Storage, Url};

/// Settings that are kept between visits; None where the browser forbids it.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// A setting of an earlier visit.
pub fn recall(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Forgets a setting.
pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        // A forbidden storage has no settings.
        _ = storage.remove_item(key);
    }
}

/// Keeps a setting for the next visit, if the browser lets us.
pub fn keep(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // A full or forbidden storage costs the visitor one click on the next visit.
        _ = storage.set_item(key, value);
    }
}

/// Whether the visitor has asked the browser to save data; false where the browser doesn't know.
pub fn saves_data() -> bool {
    let get = |object: &JsValue, name: &str| js_sys::Reflect::get(object, &name.into());
    get(&window().navigator(), "connection")
        .and_then(|connection| get(&connection, "saveData"))
        .is_ok_and(|saves| saves.is_truthy())
}

/// Asks the browser not to clear what this site stores, even if the device has little room.
pub fn ask_to_last() {
    let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into());
    let asked = get(&window().navigator(), "storage").and_then(|storage| {
        let persist: Function = get(&storage, "persist")?.dyn_into()?;
        persist.call0(&storage)?.dyn_into::<Promise>()
    });
    if let Ok(answer) = asked {
        // Whether it grants that or not, what is stored stays for now.
        spawn_local(async move { _ = JsFuture::from(answer).await });
    }
}

/// The absolute URL of a file of the site, in whatever folder it is.
pub fn site_url(path: &str) -> String {
    let base = leptos::prelude::document()
        .base_uri()
        .ok()
        .flatten()
        .unwrap_or_default();
    Url::new_with_base(path, &base).map_or_else(|_| path.to_owned(), |url| url.href())
}

/// Downloads a file of the site.
///
/// # Errors
///
/// The server's status if it isn't 2xx, or else the browser's exception.
pub async fn download(path: &str) -> Result<Blob, JsValue> {
    JsFuture::from(fetch(path).await?.blob()?).await?.dyn_into()
}

/// Downloads a text, which is taken for UTF-8; the errors are those of [`download`].
pub async fn download_text(path: &str) -> Result<String, JsValue> {
    let text = JsFuture::from(fetch(path).await?.text()?).await?;
    Ok(text.as_string().unwrap_or_default())
}

async fn fetch(path: &str) -> Result<Response, JsValue> {
    let response: Response = JsFuture::from(window().fetch_with_str(path))
        .await?
        .dyn_into()?;
    if response.ok() {
        Ok(response)
    } else {
        Err(response.status().into())
    }
}

/// The files that were dropped or pasted.
pub fn files_of(transfer: Option<DataTransfer>) -> Array {
    files(transfer.and_then(|transfer| transfer.files()))
}

/// A list of files as an array, which JavaScript makes at once however many there are.
pub fn files(list: Option<FileList>) -> Array {
    list.map(|list| Array::from(&list)).unwrap_or_default()
}

/// Whether files are being dragged, and not a link or a piece of text.
pub fn carries_files(transfer: Option<DataTransfer>) -> bool {
    transfer.is_some_and(|transfer| Array::from(&transfer.types()).includes(&"Files".into(), 0))
}

/// A picture's URL. The browser keeps what it names until this is dropped.
pub struct Picture(String);

impl Picture {
    /// Of a file or blob.
    pub fn of(blob: &Blob) -> Option<Picture> {
        Url::create_object_url_with_blob(blob).ok().map(Picture)
    }

    /// For `<img src>`.
    pub fn url(&self) -> &str {
        &self.0
    }
}

impl Drop for Picture {
    fn drop(&mut self) {
        // A URL that can't be revoked is freed with the page.
        _ = Url::revoke_object_url(&self.0);
    }
}
