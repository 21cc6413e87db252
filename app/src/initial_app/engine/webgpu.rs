//! Whether there is any WebGPU here.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Asks the browser for a graphics adapter. Through reflection, because web-sys keeps its WebGPU
/// behind a compiler flag.
pub(crate) async fn has_adapter() -> bool {
    match request_adapter().await {
        Ok(adapter) => !adapter.is_null() && !adapter.is_undefined(),
        Err(_) => false,
    }
}

async fn request_adapter() -> Result<JsValue, JsValue> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into())?;
    let gpu = Reflect::get(&navigator, &"gpu".into())?;
    // Where there is no WebGPU this is a property of undefined, which is an error.
    let request: Function = Reflect::get(&gpu, &"requestAdapter".into())?.dyn_into()?;
    let promise: Promise = request.call0(&gpu)?.dyn_into()?;
    JsFuture::from(promise).await
}
