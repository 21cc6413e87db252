//! The worker's side of a conversation with the page.

use crate::wire::Wire;
use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use js_sys::{Array, ArrayBuffer, Uint8Array};
use marquee_models::file::Model;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

#[wasm_bindgen]
extern "C" {
    /// Downloads weights as an `ArrayBuffer` (see www/worker.js).
    #[wasm_bindgen(catch)]
    async fn download(url: &str) -> Result<JsValue, JsValue>;
}

/// The worker's global object.
pub fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Receives the page's messages, in order; one that can't be understood is reported to the
/// console and skipped.
pub fn inbox<T: Wire + 'static>() -> UnboundedReceiver<T> {
    let (sender, receiver) = unbounded();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        match T::read(&event.data()) {
            // The receiver lives as long as the worker.
            Some(message) => _ = sender.unbounded_send(message),
            None => warn("a message that is none"),
        }
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    receiver
}

/// Sends a message to the page.
pub fn post(message: &impl Wire) {
    post_transferring(message, &Array::new());
}

/// Sends a message to the page and hands over the buffers in `transfer` instead of copying them.
pub fn post_transferring(message: &impl Wire, transfer: &Array) {
    let sent = scope().post_message_with_transfer(&message.write(), transfer);
    if let Err(error) = sent {
        warn(&describe(&error));
    }
}

/// Loads the model of a URL; downloads it where its `bytes` are not there.
///
/// # Errors
///
/// If it can't be downloaded, or isn't a model; the text says which.
pub async fn load(url: &str, bytes: Option<ArrayBuffer>) -> Result<Model, String> {
    let buffer = match bytes {
        Some(bytes) => bytes.into(),
        None => download(url).await.map_err(|error| describe(&error))?,
    };
    let bytes = Uint8Array::new(&buffer).to_vec();
    Model::from_bytes(&bytes).map_err(|error| format!("{url}: {error}"))
}

/// Milliseconds since the worker started.
pub fn now() -> f64 {
    scope()
        .performance()
        .map_or(0.0, |performance| performance.now())
}

/// What a JavaScript exception says.
pub fn describe(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => error.message().into(),
        None => error
            .as_string()
            .unwrap_or_else(|| "no reason given".into()),
    }
}

fn warn(text: &str) {
    web_sys::console::warn_1(&text.into());
}
