//! What passes between the CPU worker and the decoder bundles.
//!
//! Together the decoders are larger than all else that the first answer needs, and a poster needs
//! one of them. JPEG's, which nearly every poster needs, is part of the CPU worker. Each other
//! format's is a bundle of its own, an ES module whose `decode(bytes)` returns a [`FromDecoder`].

use crate::protocol::{FromDecoder, Picture, Problem, Undecoded};
use crate::wire::Wire;
use js_sys::Uint8Array;
use marquee_models::network::Size;
use marquee_models::preprocess::{DecodeError, Decoded, Rgb8};
use wasm_bindgen::JsValue;

/// A decoder program: exports `decode(bytes)`, which returns a [`FromDecoder`].
#[macro_export]
macro_rules! decoder_program {
    ($decode:path) => {
        fn main() {}

        /// Decodes a file.
        #[wasm_bindgen::prelude::wasm_bindgen]
        #[must_use]
        pub fn decode(bytes: &[u8]) -> wasm_bindgen::JsValue {
            marquee_app::workers::decoder::report($decode(bytes))
        }
    };
}

impl From<&Rgb8> for Picture {
    fn from(picture: &Rgb8) -> Picture {
        Picture {
            width: picture.width as u32,
            height: picture.height as u32,
            pixels: Uint8Array::from(picture.pixels.as_slice()),
            incomplete: None,
        }
    }
}

impl From<Picture> for Rgb8 {
    fn from(picture: Picture) -> Rgb8 {
        Rgb8 {
            width: picture.width as usize,
            height: picture.height as usize,
            pixels: picture.pixels.to_vec(),
        }
    }
}

/// What a bundle returns.
pub fn report(decoded: Result<Decoded, DecodeError>) -> JsValue {
    match decoded {
        Ok(decoded) => FromDecoder::Picture(Picture {
            incomplete: (!decoded.complete).then_some(true),
            ..Picture::from(&decoded.image)
        }),
        Err(error) => FromDecoder::Refused(refusal(&error)),
    }
    .write()
}

/// Reads what a bundle returned.
///
/// # Errors
///
/// What the bundle refused the file for.
pub fn receive(returned: &JsValue) -> Result<Decoded, Undecoded> {
    match FromDecoder::read(returned) {
        Some(FromDecoder::Picture(picture)) => {
            let complete = picture.incomplete.is_none();
            let image = Rgb8::from(picture);
            Ok(Decoded {
                size: Size {
                    width: image.width,
                    height: image.height,
                },
                image,
                complete,
            })
        }
        Some(FromDecoder::Refused(refused)) => Err(refused),
        None => Err(Undecoded {
            problem: Problem::NoDecoder,
            detail: "the decoder is another version's".into(),
        }),
    }
}

/// What to tell of a file that is not a picture.
pub fn refusal(error: &DecodeError) -> Undecoded {
    let problem = match error {
        DecodeError::Empty => Problem::Empty,
        DecodeError::NotAnImage | DecodeError::Unsupported(_) => Problem::NotAnImage,
        DecodeError::Damaged(_) => Problem::Damaged,
        DecodeError::TooLarge => Problem::TooLarge,
    };
    Undecoded {
        problem,
        detail: error.to_string(),
    }
}
