//! What passes between the CPU worker and the decoder bundles.
//!
//! Together the decoders are larger than all else that the first answer needs, and a poster needs
//! one of them. JPEG's, which nearly every poster needs, is part of the CPU worker. Each other
//! format's is a bundle of its own, an ES module whose `decode(bytes)` returns `[width, height,
//! pixels]`, or `[problem, detail]` with a [`Problem`]'s name.

use crate::protocol::Problem;
use js_sys::{Array, Uint8Array};
use marquee_models::preprocess::{DecodeError, Format, Rgb8};
use wasm_bindgen::{JsCast, JsValue};

/// The name of a format's bundle, which its files begin with; `None` for the CPU worker's own.
pub fn bundle(format: Format) -> Option<&'static str> {
    match format {
        Format::Bmp => Some("bmp-decoder"),
        Format::Gif => Some("gif-decoder"),
        Format::Jpeg => None,
        Format::Png => Some("png-decoder"),
        Format::WebP => Some("webp-decoder"),
    }
}

/// What a bundle returns.
pub fn report(decoded: Result<Rgb8, DecodeError>) -> Array {
    match decoded {
        Ok(picture) => {
            let pixels = Uint8Array::from(picture.pixels.as_slice());
            let [width, height] = [picture.width, picture.height].map(JsValue::from);
            Array::of3(&width, &height, &pixels)
        }
        Err(error) => {
            let name = problem(&error).name();
            Array::of2(&name.into(), &error.to_string().into())
        }
    }
}

/// Reads what a bundle returned.
///
/// # Errors
///
/// What the bundle refused the file for.
pub fn receive(returned: &Array) -> Result<Rgb8, (Problem, String)> {
    let side = |index| returned.get(index).as_f64().map(|side| side as usize);
    match (side(0), side(1), returned.get(2).dyn_into::<Uint8Array>()) {
        (Some(width), Some(height), Ok(pixels)) => Ok(Rgb8 {
            width,
            height,
            pixels: pixels.to_vec(),
        }),
        _ => {
            let text = |index| returned.get(index).as_string().unwrap_or_default();
            Err((
                Problem::named(&text(0)).unwrap_or(Problem::Damaged),
                text(1),
            ))
        }
    }
}

/// The page's word for why a file is no picture.
pub fn problem(error: &DecodeError) -> Problem {
    match error {
        DecodeError::Empty => Problem::Empty,
        DecodeError::NotAnImage => Problem::NotAnImage,
        DecodeError::Damaged(_) => Problem::Damaged,
        DecodeError::TooLarge => Problem::TooLarge,
    }
}
