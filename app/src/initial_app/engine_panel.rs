//! The choice of engine, and how WebGPU is doing.

use crate::engine::{GpuState, choose};
use crate::state::use_state;
use leptos::prelude::*;
use marquee_app::channel::Preference;
use marquee_app::ui::live::live;

/// Automatic, CPU or WebGPU.
#[component]
pub(crate) fn EnginePanel() -> impl IntoView {
    let state = use_state();
    let reason = move || {
        let (_, reason) = choose(state.preference(), state.gpu_state());
        (state.text().reason)(reason)
    };
    view! {
        <fieldset class="engine">
            <legend>{state.say(|text| text.engine)}</legend>
            <div class="switch">
                {Preference::ALL.map(|preference| view! { <Choice preference /> })}
            </div>
            <p
                class="reason"
                role="status"
                data-testid="gpu-status"
                data-state=live(move || state.gpu_state().name())
            >
                <span class="lamp" class:on=live(move || matches!(state.gpu_state(), GpuState::Ready { .. }))></span>
                <span>{live(reason)}</span>
            </p>
        </fieldset>
    }
}

#[component]
fn Choice(preference: Preference) -> impl IntoView {
    let state = use_state();
    let name = state.say(match preference {
        Preference::Auto => |text| text.engine_auto,
        Preference::Cpu => |_| "CPU",
        Preference::Gpu => |_| "WebGPU",
    });
    view! {
        <label>
            <input
                class="unseen"
                type="radio"
                name="engine"
                data-testid=format!("engine-choice-{}", preference.word())
                prop:checked=move || state.preference() == preference
                on:change=move |_| state.prefer(preference)
            />
            <span>{name}</span>
        </label>
    }
}
