//! What mattered: a light on those places of the poster that spoke for its class, and a slider for
//! how much of it shows.

mod paint;
mod text;

use crate::state::{State, use_state};
use leptos::html::Canvas;
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::protocol::networks_worker::Heated;
use marquee_app::ui::live::live;
use text::text;
use web_sys::HtmlInputElement;

/// How much of the light shows at first, in percent.
const AT_FIRST: u32 = 85;

/// Whether the visitor wants to see what mattered, and what did.
#[derive(Clone, Copy)]
pub(crate) struct Heat {
    wanted: RwSignal<bool>,
    strength: RwSignal<u32>,
    map: RwSignal<Option<Heated>, LocalStorage>,
    /// Whether there will be no map, because the worker could make none.
    failed: RwSignal<bool>,
}

impl Heat {
    /// Off; once it is on, every poster and every network gets its map.
    pub(crate) fn new(state: State) -> Heat {
        let heat = Heat {
            wanted: RwSignal::new(false),
            strength: RwSignal::new(AT_FIRST),
            map: RwSignal::new_local(None),
            failed: RwSignal::new(false),
        };
        let turn = StoredValue::new(0_u32);
        Effect::new(move |_| {
            turn.update_value(|turn| *turn += 1);
            let mine = turn.get_value();
            heat.map.set(None);
            heat.failed.set(false);
            let Some(reading) = state.reading().filter(|_| heat.wanted.get()) else {
                return;
            };
            spawn_local(async move {
                let map = state
                    .networks_client()
                    .heat(reading.url, reading.pixels)
                    .await;
                if turn.get_value() == mine {
                    heat.failed.set(map.is_err());
                    heat.map.set(map.ok());
                }
            });
        });
        heat
    }
}

/// The light itself, over the poster.
#[component]
pub(crate) fn Light(heat: Heat) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    Effect::new(move |_| {
        heat.map.with(|map| {
            if let (Some(canvas), Some(map)) = (canvas.get(), map) {
                paint::paint(&canvas, map);
            }
        });
    });
    let opacity = move || format!("{}%", heat.strength.get());
    view! {
        <canvas
            node_ref=canvas
            class="light"
            data-testid="heat-map"
            aria-hidden="true"
            hidden=move || heat.map.with(Option::is_none)
            style:opacity=live(opacity)
        ></canvas>
    }
}

/// The switch and the slider, under the poster.
#[component]
pub(crate) fn Dimmer(heat: Heat) -> impl IntoView {
    let state = use_state();
    let nothing = move || state.reading().is_none();
    let slide = move |event| {
        let input: HtmlInputElement = event_target(&event);
        heat.strength.set(input.value().parse().unwrap_or(AT_FIRST));
    };
    view! {
        <div class="dimmer" hidden=nothing>
            <button
                type="button"
                class="quiet"
                data-testid="heat"
                aria-pressed=live(move || heat.wanted.get().to_string())
                on:click=move |_| heat.wanted.update(|wanted| *wanted = !*wanted)
            >
                {live(move || text(state.language()).what_mattered)}
            </button>
            <Show when=move || heat.wanted.get()>
                <label class="slider">
                    <span>{live(move || text(state.language()).strength)}</span>
                    <input
                        type="range"
                        min="0"
                        max="100"
                        data-testid="heat-strength"
                        prop:value=move || heat.strength.get().to_string()
                        on:input=slide
                    />
                </label>
                <p role="status" data-testid="heat-says">{live(move || said(state, heat))}</p>
            </Show>
        </div>
    }
}

/// In words, for those who can't see the light, and for all others, too.
fn said(state: State, heat: Heat) -> String {
    let text = text(state.language());
    let label = state
        .on_show()
        .map(|poster| poster.label)
        .unwrap_or_default();
    let class = state.language().class(&label);
    heat.map.with(|map| match map {
        None if heat.failed.get() => text.failed.to_owned(),
        None => text.one_moment.to_owned(),
        Some(map) => {
            let most = map.drops.iter().copied().fold(0.0, f32::max);
            (text.said)(&class, (most * 100.0).round() as u32)
        }
    })
}
