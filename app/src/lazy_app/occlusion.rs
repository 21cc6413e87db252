//! The occlusion map: a light on the places of the poster that spoke for its class, and a slider for
//! its strength.

mod paint;

use crate::state::{State, use_state};
use crate::text::{say, text};
use leptos::html::Canvas;
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::protocol::networks_worker::{self, NetworkInput, ToNetworksWorker};
use marquee_app::ui::live::live;
use web_sys::HtmlInputElement;

/// The light's strength at first, in percent.
const STRENGTH: u32 = 85;

/// A handle to the map and to how the visitor wants to see it.
#[derive(Clone, Copy)]
pub(crate) struct Occlusion {
    wanted: RwSignal<bool>,
    strength: RwSignal<u32>,
    map: RwSignal<Option<networks_worker::OcclusionMap>, LocalStorage>,
    /// Whether the worker could make no map.
    failed: RwSignal<bool>,
}

impl Occlusion {
    /// Off at first. Once it is on, every poster gets a map from every network that answers it.
    pub(crate) fn new(state: State) -> Occlusion {
        let occlusion = Occlusion {
            wanted: RwSignal::new(false),
            strength: RwSignal::new(STRENGTH),
            map: RwSignal::new_local(None),
            failed: RwSignal::new(false),
        };
        let turn = StoredValue::new(0_u32);
        Effect::new(move |_| {
            turn.update_value(|turn| *turn += 1);
            let mine = turn.get_value();
            occlusion.map.set(None);
            occlusion.failed.set(false);
            let Some(reading) = state.reading().filter(|_| occlusion.wanted.get()) else {
                return;
            };
            spawn_local(async move {
                let request = ToNetworksWorker::OcclusionMap(NetworkInput {
                    id: 0,
                    network: reading.url,
                    pixels: reading.pixels,
                    features: None,
                });
                let map = state.networks_client().ask(request).await;
                if turn.get_value() == mine {
                    occlusion.failed.set(map.is_err());
                    occlusion.map.set(map.ok());
                }
            });
        });
        occlusion
    }
}

/// The map over the poster.
#[component]
pub(crate) fn OcclusionMap(occlusion: Occlusion) -> impl IntoView {
    let state = use_state();
    let canvas = NodeRef::<Canvas>::new();
    Effect::new(move |_| {
        occlusion.map.with(|map| {
            if let (Some(canvas), Some(map)) = (canvas.get(), map) {
                paint::paint(&canvas, map, state.poster_shape().unwrap_or(1.5));
            }
        });
    });
    let opacity = move || format!("{}%", occlusion.strength.get());
    view! {
        <canvas
            node_ref=canvas
            class="light"
            data-testid="occlusion-map"
            aria-hidden="true"
            hidden=move || occlusion.map.with(Option::is_none)
            style:opacity=live(opacity)
        ></canvas>
    }
}

/// The switch and the slider, under the poster.
#[component]
pub(crate) fn OcclusionControls(occlusion: Occlusion) -> impl IntoView {
    let state = use_state();
    let nothing = move || state.reading().is_none();
    let slide = move |event| {
        let input: HtmlInputElement = event_target(&event);
        occlusion
            .strength
            .set(input.value().parse().unwrap_or(STRENGTH));
    };
    view! {
        <div class="occlusion" hidden=nothing>
            <button
                type="button"
                class="quiet"
                data-testid="occlusion"
                aria-pressed=live(move || occlusion.wanted.get().to_string())
                on:click=move |_| occlusion.wanted.update(|wanted| *wanted = !*wanted)
            >
                {say(|text| text.occlusion.what_mattered)}
            </button>
            <Show when=move || occlusion.wanted.get()>
                <label class="slider">
                    <span>{say(|text| text.occlusion.strength)}</span>
                    <input
                        type="range"
                        min="0"
                        max="100"
                        data-testid="occlusion-strength"
                        prop:value=move || occlusion.strength.get().to_string()
                        on:input=slide
                    />
                </label>
                <p role="status" data-testid="occlusion-result">{live(move || result(state, occlusion))}</p>
            </Show>
        </div>
    }
}

/// The map in words.
fn result(state: State, occlusion: Occlusion) -> String {
    let text = &text(state.language()).occlusion;
    let label = state
        .on_show()
        .map(|poster| poster.label)
        .unwrap_or_default();
    let class = state.language().class(&label);
    occlusion.map.with(|map| match map {
        None if occlusion.failed.get() => text.failed.to_owned(),
        None => text.one_moment.to_owned(),
        Some(map) => {
            let most = map.drops.iter().copied().fold(0.0, f32::max);
            (text.result)(&class, (most * 100.0).round() as u32)
        }
    })
}
