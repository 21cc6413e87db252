//! Thumbnails of posters, as JPEGs.

use js_sys::{ArrayBuffer, Promise, Uint8Array};
use leptos::prelude::document;
use marquee_app::protocol::Picture;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// JPEG's quality, 0 to 1.
const QUALITY: f64 = 0.85;

/// Encodes a thumbnail.
///
/// # Errors
///
/// If the browser can't.
pub(crate) async fn jpeg(picture: &Picture) -> Result<Uint8Array, JsValue> {
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.dyn_into()?;
    canvas.set_width(picture.width);
    canvas.set_height(picture.height);
    let context = canvas.get_context("2d")?.ok_or("no canvas")?;
    let context: CanvasRenderingContext2d = context.dyn_into()?;
    let pixels = picture.pixels.to_vec();
    let opaque: Vec<u8> = pixels
        .chunks_exact(3)
        .flat_map(|rgb| [rgb[0], rgb[1], rgb[2], 255])
        .collect();
    let image = ImageData::new_with_u8_clamped_array(Clamped(&opaque), picture.width)?;
    context.put_image_data(&image, 0.0, 0.0)?;

    let encoded = Promise::new(&mut |resolve, reject| {
        let quality = QUALITY.into();
        let begun = canvas.to_blob_with_type_and_encoder_options(&resolve, "image/jpeg", &quality);
        if let Err(error) = begun {
            // Nobody else will settle the promise.
            _ = reject.call1(&JsValue::UNDEFINED, &error);
        }
    });
    let encoded: Blob = JsFuture::from(encoded).await?.dyn_into()?;
    let bytes: ArrayBuffer = JsFuture::from(encoded.array_buffer()).await?.dyn_into()?;
    Ok(Uint8Array::new(&bytes))
}
