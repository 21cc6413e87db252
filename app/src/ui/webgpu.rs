//! Whether there is any WebGPU here. By reflection, because web-sys has WebGPU only behind a compiler flag.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The graphics adapter that the browser gives; `None` without WebGPU.
pub async fn adapter() -> Option<JsValue> {
    let gpu = get(&leptos::prelude::window().navigator(), "gpu")?;
    let request: Function = get(&gpu, "requestAdapter")?.dyn_into().ok()?;
    let promise: Promise = request.call0(&gpu).ok()?.dyn_into().ok()?;
    let adapter = JsFuture::from(promise).await.ok()?;
    (!adapter.is_null() && !adapter.is_undefined()).then_some(adapter)
}

/// Whether a graphics adapter is a program that runs on the CPU.
pub fn is_software(adapter: &JsValue) -> bool {
    let info = get(adapter, "info");
    // The older specification has it in the adapter itself.
    [info.as_ref(), Some(adapter)]
        .into_iter()
        .flatten()
        .any(|it| get(it, "isFallbackAdapter").is_some_and(|is| is.is_truthy()))
}

/// A property of an object, if it has it.
pub fn get(of: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(of, &name.into()).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}
