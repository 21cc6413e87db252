//! A poster from the camera, cut to the shape of a poster.

use super::trouble::Trouble;
use crate::state::{State, use_state};
use crate::text::{say, text};
use futures_channel::oneshot::channel;
use leptos::html::{Dialog, Video};
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::ui::live::live;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement, MediaStream,
    MediaStreamConstraints, MediaStreamTrack,
};

/// A poster's width divided by its height.
const ASPECT: f64 = 2.0 / 3.0;

/// The dialog with the camera's picture. It closes itself by `open`.
#[component]
pub(super) fn Camera(open: RwSignal<bool>, trouble: RwSignal<Option<Trouble>>) -> impl IntoView {
    let state = use_state();
    let dialog = NodeRef::<Dialog>::new();
    let video = NodeRef::<Video>::new();
    let stream = StoredValue::new_local(None::<MediaStream>);
    let running = RwSignal::new(false);
    Effect::new(move |_| {
        let (Some(dialog), Some(video)) = (dialog.get(), video.get()) else {
            return;
        };
        // Only a dialog that is open already fails.
        _ = dialog.show_modal();
        spawn_local(async move {
            match start().await {
                // The visitor may have closed it while the browser asked for permission.
                Ok(started) if !open.get_untracked() => stop(&started),
                Ok(started) => {
                    video.set_src_object(Some(&started));
                    stream.set_value(Some(started));
                }
                Err(error) => {
                    web_sys::console::info_1(&error);
                    trouble.set(Some(Trouble::NoCamera));
                    open.set(false);
                }
            }
        });
    });
    on_cleanup(move || {
        stream.update_value(|stream| {
            if let Some(stream) = stream.take() {
                stop(&stream);
            }
        });
    });
    let take = move |_| {
        if let Some(video) = video.get() {
            spawn_local(async move { shoot(state, open, &video).await });
        }
    };
    view! {
        <dialog
            class="camera"
            node_ref=dialog
            aria-label=say(|text| text.inputs.camera)
            on:close=move |_| open.set(false)
        >
            <div class="viewfinder">
                <video
                    node_ref=video
                    autoplay
                    playsinline
                    muted
                    data-testid="camera-picture"
                    on:loadeddata=move |_| running.set(true)
                ></video>
            </div>
            <p>{say(|text| text.inputs.camera_note)}</p>
            <div class="choices">
                <button
                    type="button"
                    class="button"
                    data-testid="camera-take"
                    disabled=live(move || !running.get())
                    on:click=take
                >
                    {say(|text| text.inputs.camera_take)}
                </button>
                <button type="button" class="quiet" on:click=move |_| open.set(false)>
                    {say(|text| text.inputs.camera_close)}
                </button>
            </div>
        </dialog>
    }
}

/// Asks for the camera on the back of a phone, or any other.
async fn start() -> Result<MediaStream, JsValue> {
    let wishes = MediaStreamConstraints::new();
    let video = js_sys::Object::new();
    js_sys::Reflect::set(&video, &"facingMode".into(), &"environment".into())?;
    wishes.set_video(&video);
    let devices = window().navigator().media_devices()?;
    let stream = devices.get_user_media_with_constraints(&wishes)?;
    JsFuture::from(stream).await?.dyn_into()
}

/// Turns the camera off.
fn stop(stream: &MediaStream) {
    for track in stream.get_tracks().iter() {
        if let Ok(track) = track.dyn_into::<MediaStreamTrack>() {
            track.stop();
        }
    }
}

/// Has the part of the picture inside the frame read, and closes the dialog.
async fn shoot(state: State, open: RwSignal<bool>, video: &HtmlVideoElement) {
    let name = text(state.language()).inputs.camera.to_owned();
    if let Some(picture) = framed(video) {
        if let Some(picture) = encoded(&picture).await {
            state.bring(name, picture);
        }
        open.set(false);
    }
}

/// The middle of the camera's picture, in the shape of a poster.
fn framed(video: &HtmlVideoElement) -> Option<HtmlCanvasElement> {
    let (width, height) = (
        f64::from(video.video_width()),
        f64::from(video.video_height()),
    );
    let inside = (width.min(height * ASPECT), height.min(width / ASPECT));
    let canvas = document().create_element("canvas").ok()?;
    let canvas: HtmlCanvasElement = canvas.dyn_into().ok()?;
    canvas.set_width(inside.0.round() as u32);
    canvas.set_height(inside.1.round() as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let corner = ((width - inside.0) / 2.0, (height - inside.1) / 2.0);
    context
        .draw_image_with_html_video_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            video, corner.0, corner.1, inside.0, inside.1, 0.0, 0.0, inside.0, inside.1,
        )
        .ok()?;
    Some(canvas)
}

/// The canvas as an image file.
async fn encoded(canvas: &HtmlCanvasElement) -> Option<Blob> {
    let (sender, blob) = channel();
    let sender = RefCell::new(Some(sender));
    let done = Closure::<dyn FnMut(Option<Blob>)>::new(move |blob: Option<Blob>| {
        if let Some(sender) = sender.borrow_mut().take() {
            _ = sender.send(blob);
        }
    });
    canvas.to_blob(done.as_ref().unchecked_ref()).ok()?;
    blob.await.ok().flatten()
}
