//! An occlusion map as a picture: dark where nothing mattered, warm light where most did.

use leptos::prelude::document;
use marquee_app::protocol::networks_worker::OcclusionMap;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// The canvas's width in pixels; its height follows the poster's shape.
const WIDTH: u32 = 240;

/// The smallest drop that can be fully lit, where it is the largest: below it, drops are noise.
const LEAST: f32 = 0.02;

/// The colours from no light to full light: red, green, blue, opacity.
const NIGHT: [f32; 4] = [8.0, 7.0, 18.0, 0.88];
const DUSK: [f32; 4] = [60.0, 28.0, 10.0, 0.35];
const LIGHT: [f32; 4] = [255.0, 184.0, 84.0, 0.55];

/// Paints the map, smoothed, in the shape of the poster under it: the poster's height divided by its
/// width.
pub(super) fn paint(canvas: &HtmlCanvasElement, map: &OcclusionMap, shape: f64) {
    canvas.set_width(WIDTH);
    canvas.set_height((f64::from(WIDTH) * shape).round() as u32);
    let (Some(small), Some(context)) = (small(map), context(canvas)) else {
        return;
    };
    let (width, height) = (canvas.width().into(), canvas.height().into());
    context.set_image_smoothing_enabled(true);
    // Only a canvas without pixels fails.
    _ = context.draw_image_with_html_canvas_element_and_dw_and_dh(&small, 0.0, 0.0, width, height);
}

/// The map with a pixel for each place.
fn small(map: &OcclusionMap) -> Option<HtmlCanvasElement> {
    let canvas = document().create_element("canvas").ok()?;
    let canvas: HtmlCanvasElement = canvas.dyn_into().ok()?;
    canvas.set_width(map.columns);
    canvas.set_height(map.rows);
    let pixels = colours(&map.drops);
    let image = ImageData::new_with_u8_clamped_array(Clamped(&pixels), map.columns).ok()?;
    context(&canvas)?.put_image_data(&image, 0.0, 0.0).ok()?;
    Some(canvas)
}

fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// The RGBA colours of drops; the largest drop is fully lit.
fn colours(drops: &[f32]) -> Vec<u8> {
    let most = drops.iter().copied().fold(LEAST, f32::max);
    drops
        .iter()
        .flat_map(|drop| {
            let lit = (drop / most).clamp(0.0, 1.0);
            let (from, to, way) = if lit < 0.5 {
                (NIGHT, DUSK, lit * 2.0)
            } else {
                (DUSK, LIGHT, lit * 2.0 - 1.0)
            };
            let mix = |at: usize| from[at] + (to[at] - from[at]) * way;
            [mix(0), mix(1), mix(2), mix(3) * 255.0].map(|value| value.round() as u8)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_mattered_most_is_lit_and_the_rest_is_dark() {
        let pixels = colours(&[0.4, 0.0, -0.2]);
        assert_eq!(pixels[..3], [255, 184, 84]);
        assert_eq!(pixels[4..8], pixels[8..12]);
        assert!(pixels[7] > pixels[3], "night hides, light doesn't");
    }

    #[test]
    fn noise_lights_nothing_up() {
        let pixels = colours(&[0.001, 0.0]);
        assert!(pixels[0] < 20, "{pixels:?}");
    }
}
