use js_sys::{Array, Function, Uint8Array};
use marquee_app::decoder::{bundle, problem, receive};
use marquee_app::protocol::Problem;
use marquee_app::worker::describe;
use marquee_models::preprocess::{Format, Rgb8, decode_jpeg};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    /// Loads a decoder bundle and gives its `decode` (see www/worker.js).
    #[wasm_bindgen(js_name = loadDecoder, catch)]
    async fn load_decoder(bundle: &str) -> Result<JsValue, JsValue>;
}

/// The decoder bundles that are loaded, by name.
#[derive(Default)]
pub(crate) struct Decoders(RefCell<BTreeMap<&'static str, Function>>);

impl Decoders {
    /// Decodes a file, with its format's decoder.
    pub(crate) async fn decode(
        &self,
        format: Format,
        file: &[u8],
    ) -> Result<Rgb8, (Problem, String)> {
        let Some(bundle) = bundle(format) else {
            return decode_jpeg(file).map_err(|error| (problem(&error), error.to_string()));
        };
        let damaged = |error: JsValue| (Problem::Damaged, describe(&error));
        let decode = self.load(bundle).await.map_err(damaged)?;
        let returned = decode
            .call1(&JsValue::NULL, &Uint8Array::from(file))
            .map_err(|error| {
                // a decoder that panicked is not to be used again
                self.0.borrow_mut().remove(bundle);
                damaged(error)
            })?;
        receive(&returned.dyn_into::<Array>().map_err(damaged)?)
    }

    /// Loads what is not loaded yet; one that can't be is tried again when it is needed.
    pub(crate) async fn load_all(self: Rc<Self>) {
        for bundle in Format::ALL.into_iter().filter_map(bundle) {
            _ = self.load(bundle).await;
        }
    }

    async fn load(&self, bundle: &'static str) -> Result<Function, JsValue> {
        if let Some(decode) = self.0.borrow().get(bundle) {
            return Ok(decode.clone());
        }
        let decode: Function = load_decoder(bundle).await?.dyn_into()?;
        self.0.borrow_mut().insert(bundle, decode.clone());
        Ok(decode)
    }
}
