//! The choice of engine, and how WebGPU is doing.

use crate::engine::{GpuState, Preference, choose};
use crate::stage::use_stage;
use leptos::prelude::*;
use marquee_app::ui::live::live;

/// Automatic, CPU or WebGPU.
#[component]
pub(crate) fn EnginePanel() -> impl IntoView {
    let stage = use_stage();
    let reason = move || {
        let (_, reason) = choose(stage.preference(), stage.gpu_state());
        (stage.text().reason)(reason)
    };
    view! {
        <fieldset class="engine">
            <legend>{stage.say(|text| text.engine)}</legend>
            <div class="switch">
                {Preference::ALL.map(|preference| view! { <Choice preference /> })}
            </div>
            <p
                class="reason"
                role="status"
                data-testid="gpu-status"
                data-state=live(move || stage.gpu_state().name())
            >
                <span class="lamp" class:on=live(move || matches!(stage.gpu_state(), GpuState::Ready { .. }))></span>
                <span>{live(reason)}</span>
            </p>
        </fieldset>
    }
}

#[component]
fn Choice(preference: Preference) -> impl IntoView {
    let stage = use_stage();
    let name = stage.say(match preference {
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
                data-testid=format!("engine-choice-{}", preference.name())
                prop:checked=move || stage.preference() == preference
                on:change=move |_| stage.prefer(preference)
            />
            <span>{name}</span>
        </label>
    }
}
