use js_sys::{Function, Uint8Array};
use marquee_app::decoder::{bundle, receive, refusal};
use marquee_app::protocol::{Problem, Undecoded};
use marquee_app::worker::describe;
use marquee_models::preprocess::{Format, Rgb8, decode_jpeg};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    /// Loads a decoder bundle, unless it is loaded, and gives its `decode` (see www/worker.js).
    #[wasm_bindgen(js_name = loadDecoder, catch)]
    async fn load_decoder(bundle: &str) -> Result<JsValue, JsValue>;

    /// Has the bundle loaded anew the next time.
    #[wasm_bindgen(js_name = dropDecoder)]
    fn drop_decoder(bundle: &str);
}

/// Decodes a file, with its format's decoder.
pub(crate) async fn decode(format: Format, file: &[u8]) -> Result<Rgb8, Undecoded> {
    let Some(bundle) = bundle(format) else {
        return decode_jpeg(file).map_err(|error| refusal(&error));
    };
    let refused = |problem, error: &JsValue| Undecoded {
        problem,
        detail: describe(error),
    };
    let decode: Function = load_decoder(bundle)
        .await
        .and_then(JsCast::dyn_into)
        .map_err(|error| refused(Problem::NoDecoder, &error))?;
    let returned = decode
        .call1(&JsValue::NULL, &Uint8Array::from(file))
        .map_err(|error| {
            // one that panicked is not to be used again
            drop_decoder(bundle);
            refused(Problem::Damaged, &error)
        })?;
    receive(&returned)
}

/// Loads all decoders; one that can't be loaded is tried again when it is needed.
pub(crate) async fn load_all() {
    for bundle in Format::ALL.into_iter().filter_map(bundle) {
        _ = load_decoder(bundle).await;
    }
}
