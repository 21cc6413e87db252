//! How a worker reads posters: from a file to pixels.

use crate::protocol::{MAX_FILE_BYTES, Problem, Undecoded};
use crate::workers::decoder::{receive, refusal};
use crate::workers::scope::describe;
use js_sys::{Function, Uint8Array};
use marquee_models::preprocess::{DecodeError, Decoded, Format, MAX_PIXELS, MAX_SIDE, decode_jpeg};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

/// In so many first bytes, a format shows itself.
const START: i32 = 16;

#[wasm_bindgen]
extern "C" {
    /// Loads a decoder bundle, unless it is loaded, and gives its `decode` (see www/worker.js). `needed`
    /// says whether a poster waits for it.
    #[wasm_bindgen(js_name = loadDecoder, catch)]
    async fn load_decoder(bundle: &str, needed: bool) -> Result<JsValue, JsValue>;

    /// Has the bundle loaded anew the next time.
    #[wasm_bindgen(js_name = dropDecoder)]
    fn drop_decoder(bundle: &str);

    /// Has the browser decode a file, and gives what a decoder bundle would.
    #[wasm_bindgen(js_name = decodeByBrowser, catch)]
    async fn decode_by_browser(
        file: &Blob,
        most_pixels: u32,
        longest_side: u32,
    ) -> Result<JsValue, JsValue>;
}

/// Reads and decodes a file: by its format's decoder, which gives everywhere the same pixels, or, of
/// a format that none of them reads, by the browser.
///
/// # Errors
///
/// Where neither can, and why.
pub async fn read(file: &Blob) -> Result<Decoded, Undecoded> {
    // Not even its bytes are taken into memory.
    if file.size() > MAX_FILE_BYTES {
        return Err(refusal(&DecodeError::TooLarge));
    }
    // Folders also contain films and texts, which need not be read to their ends. Their names say nothing for sure.
    let kind = file.type_();
    if !kind.is_empty() && !kind.starts_with("image/") {
        let start = file
            .slice_with_i32_and_i32(0, START)
            .unwrap_or_else(|_| file.clone());
        Format::of(&bytes_of(&start).await?).map_err(|error| refusal(&error))?;
    }
    let bytes = bytes_of(file).await?;
    match Format::of(&bytes) {
        Ok(format) => decode(format, &bytes).await,
        Err(error) => match decode_by_browser(file, MAX_PIXELS, MAX_SIDE).await {
            Ok(decoded) if !bytes.is_empty() => receive(&decoded),
            _ => Err(refusal(&error)),
        },
    }
}

async fn bytes_of(file: &Blob) -> Result<Vec<u8>, Undecoded> {
    let buffer = JsFuture::from(file.array_buffer())
        .await
        .map_err(|error| refused(Problem::Unreadable, &error))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

async fn decode(format: Format, file: &[u8]) -> Result<Decoded, Undecoded> {
    let Some(bundle) = format.bundle() else {
        return decode_jpeg(file).map_err(|error| refusal(&error));
    };
    let decode: Function = load_decoder(bundle, true)
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

fn refused(problem: Problem, error: &JsValue) -> Undecoded {
    Undecoded {
        problem,
        detail: describe(error),
    }
}

/// Loads all decoders; one that can't be loaded is tried again when it is needed.
pub async fn load_decoders() {
    for bundle in Format::ALL.into_iter().filter_map(Format::bundle) {
        _ = load_decoder(bundle, false).await;
    }
}
