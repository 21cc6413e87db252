//! Posters from the system's share menu: the service worker (www/service-worker.js) has put them into a
//! cache and opened the page with `?shared`.

use crate::brought::Brought;
use crate::state::State;
use crate::text::text;
use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::ui::browser;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Cache, File, Response, UrlSearchParams};

/// That cache's name.
const CACHE: &str = "marquee shared";

/// Has the shared posters read, if the page was opened for them.
pub(super) fn take_shared(state: State) {
    let query = window().location().search().unwrap_or_default();
    let opened = UrlSearchParams::new_with_str(&query).is_ok_and(|query| query.has("shared"));
    if !opened {
        return;
    }
    spawn_local(async move {
        match posters().await {
            Ok(mut posters) if posters.len() == 1 => {
                let name = text(state.language()).inputs.shared.to_owned();
                state.bring(name, posters.remove(0));
            }
            Ok(posters) => {
                let file = |poster: Blob| {
                    let file = File::new_with_blob_sequence(&Array::of1(&poster), "poster");
                    file.ok().and_then(Brought::chosen)
                };
                state.bring_many(posters.into_iter().filter_map(file).collect());
            }
            Err(error) => web_sys::console::warn_1(&error),
        }
    });
}

/// Takes the posters out of the cache.
async fn posters() -> Result<Vec<Blob>, JsValue> {
    let caches = window().caches()?;
    let cache: Cache = JsFuture::from(caches.open(CACHE)).await?.dyn_into()?;
    let mut posters = Vec::new();
    for at in 0_u32.. {
        let address = browser::site_url(&format!("shared/{at}"));
        let Ok(found) = JsFuture::from(cache.match_with_str(&address))
            .await?
            .dyn_into::<Response>()
        else {
            break;
        };
        posters.push(JsFuture::from(found.blob()?).await?.dyn_into()?);
    }
    JsFuture::from(caches.delete(CACHE)).await?;
    Ok(posters)
}
