//! Thumbnails of posters.

use js_sys::{ArrayBuffer, Promise, Uint8Array};
use leptos::prelude::document;
use marquee_app::ui::browser::Picture;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

/// The greatest width and height of a thumbnail, in pixels.
const BOX: (f64, f64) = (120.0, 180.0);

/// JPEG's quality, 0 to 1.
const QUALITY: f64 = 0.85;

/// A picture file as a JPEG that fits into [`BOX`]. The browser decodes and encodes it in threads of its
/// own.
///
/// # Errors
///
/// Where the browser can't read the file.
pub(super) async fn thumbnail(file: &Blob) -> Result<Uint8Array, JsValue> {
    let url = Picture::of(file).ok_or("the file has no URL")?;
    let picture = HtmlImageElement::new()?;
    picture.set_src(url.url());
    JsFuture::from(picture.decode()).await?;
    let size = (
        picture.natural_width().into(),
        picture.natural_height().into(),
    );
    let (width, height) = fitted(size);

    let canvas: HtmlCanvasElement = document().create_element("canvas")?.dyn_into()?;
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let context = canvas.get_context("2d")?.ok_or("no canvas")?;
    let context: CanvasRenderingContext2d = context.dyn_into()?;
    // Otherwise browsers skip pixels of large posters, which then look torn.
    js_sys::Reflect::set(&context, &"imageSmoothingQuality".into(), &"high".into())?;
    context.draw_image_with_html_image_element_and_dw_and_dh(&picture, 0.0, 0.0, width, height)?;

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

/// A size with the same proportions that fits into [`BOX`]. Small pictures stay as they are.
fn fitted((width, height): (f64, f64)) -> (f64, f64) {
    let share = (BOX.0 / width).min(BOX.1 / height).min(1.0);
    let side = |length: f64| (length * share).round().max(1.0);
    (side(width), side(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbnail_keeps_its_proportions() {
        assert_eq!(fitted((1000.0, 1500.0)), (120.0, 180.0));
        assert_eq!(fitted((2000.0, 1000.0)), (120.0, 60.0));
        assert_eq!(fitted((32.0, 32.0)), (32.0, 32.0));
        assert_eq!(fitted((1.0, 9000.0)), (1.0, 180.0));
    }
}
