//! The measurement of this machine: how fast both engines are, for one poster and for many.

mod benchmark;
mod chart;
mod device;
mod gpu;
mod measurement;
mod missing;
mod report;
mod timing;

use crate::clipboard::copy;
use crate::state::use_state;
use crate::text::{say, text};
use chart::Chart;
pub(crate) use gpu::most_posters;
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::ui::live::live;
use measurement::{Measurement, Phase};

/// A button that measures, the progress, and the results.
#[component]
pub(crate) fn Machine() -> impl IntoView {
    let state = use_state();
    let measurement = Measurement::new();
    // The network that answers or will answer.
    let network = move || {
        state
            .network()
            .or_else(|| state.networks().into_iter().next())
    };
    let press = move |_| {
        if measurement.busy() {
            measurement.stop();
        } else if let Some(network) = network() {
            measurement.start(&network);
        }
    };
    let words = move || {
        let text = &text(state.language()).machine;
        match (measurement.busy(), measurement.measured()) {
            (true, _) => text.stop,
            (false, true) => text.again,
            (false, false) => text.start,
        }
    };
    let status = move || {
        measurement
            .phase
            .get()
            .sentence(&text(state.language()).machine)
    };
    view! {
        <section class="machine" id="machine" aria-labelledby="machine-heading" data-testid="machine">
            <h2 id="machine-heading">{say(|text| text.machine.heading)}</h2>
            <p class="intent">{say(|text| text.machine.lead)}</p>
            <div class="measurement">
                <button
                    type="button"
                    class="button"
                    data-testid="measure"
                    disabled=live(move || network().is_none())
                    on:click=press
                >
                    {live(words)}
                </button>
                <progress
                    aria-labelledby="machine-status"
                    hidden=live(move || !measurement.busy())
                    max=live(move || measurement.progress.get().1)
                    value=live(move || measurement.progress.get().0)
                ></progress>
                <p id="machine-status" role="status" data-testid="machine-status">{live(status)}</p>
            </div>
            <Show when=move || measurement.measured()>
                <Results measurement />
            </Show>
        </section>
    }
}

/// What was measured so far.
#[component]
fn Results(measurement: Measurement) -> impl IntoView {
    let state = use_state();
    let report = measurement.report;
    let facts = move || {
        let facts = report.with(|report| report.facts(&text(state.language()).machine));
        let fact = |(what, value)| view! { <div><dt>{what}</dt><dd>{value}</dd></div> };
        facts.into_iter().map(fact).collect_view()
    };
    let missing = move || {
        let missing = report.with(|report| report.missing);
        missing.map(|missing| missing.sentence(&text(state.language()).machine))
    };
    let verdict = move || report.with(|report| report.verdict(&text(state.language()).machine));
    view! {
        <p class="verdict" data-testid="verdict" hidden=live(move || verdict().is_none())>
            {live(verdict)}
        </p>
        <Chart report=report.read_only() />
        <p class="missing" data-testid="no-gpu" hidden=live(move || missing().is_none())>
            {live(missing)}
        </p>
        <dl class="facts">{facts}</dl>
        <p class="small">{say(|text| text.machine.method)}</p>
        <Show when=move || measurement.phase.get() == Phase::Done>
            <Copy measurement />
        </Show>
    }
}

/// The button that copies the report as text.
#[component]
fn Copy(measurement: Measurement) -> impl IntoView {
    let state = use_state();
    let report = measurement.report;
    let (copied, set_copied) = signal(None);
    let plain = move || report.with(|report| report.plain(&text(state.language()).machine));
    let press = move |_| {
        let plain = plain();
        spawn_local(async move { set_copied.set(Some(copy(&plain).await)) });
    };
    let word = move || (copied.get() == Some(true)).then(|| text(state.language()).machine.copied);
    view! {
        <div class="measurement">
            <button type="button" class="button plain" data-testid="copy" on:click=press>
                {say(|text| text.machine.copy)}
            </button>
            <p class="copied" role="status" data-testid="copied">{live(word)}</p>
        </div>
        <Show when=move || copied.get() == Some(false)>
            <p class="small">{say(|text| text.machine.not_copied)}</p>
            <pre tabindex="0">{plain}</pre>
        </Show>
    }
}
