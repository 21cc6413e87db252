//! The decoder bundle for one format, which the CPU worker loads when it needs it.

use marquee_app::workers::decoder::report;
use marquee_models::preprocess::decode_webp;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

fn main() {}

/// Decodes a file; see [`marquee_app::workers::decoder`] for what is returned.
#[wasm_bindgen]
#[must_use]
pub fn decode(bytes: &[u8]) -> JsValue {
    report(decode_webp(bytes))
}
