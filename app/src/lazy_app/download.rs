//! Has the browser save files.

use leptos::prelude::{document, set_timeout};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, HtmlAnchorElement, Url};

/// How long a file stays in memory: browsers read it some time after the click.
const LIFETIME: Duration = Duration::from_secs(30);

/// Has the browser save a file under this name.
///
/// # Errors
///
/// If the browser can't.
pub(crate) fn download(file: &Blob, name: &str) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(file)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // A URL that can't be revoked is freed with the page.
    set_timeout(move || _ = Url::revoke_object_url(&url), LIFETIME);
    Ok(())
}
