//! The classes and their bars, and which network answered by which engine.

use crate::engine::Prediction;
use crate::state::{Phase, use_state};
use leptos::prelude::*;
use marquee_app::protocol::Engine;
use marquee_app::ui::format::{exact, milliseconds, percent};
use marquee_app::ui::live::live;
use marquee_app::ui::site;

/// What the network answers; before the first answer, the classes that it tells apart.
#[component]
pub(crate) fn Answer() -> impl IntoView {
    let state = use_state();
    // While the next poster is read the last answer stays, so that nothing flickers.
    let prediction = Memo::new(
        move |last: Option<&Option<Prediction>>| match state.phase() {
            Phase::Answered(prediction) => Some(prediction),
            Phase::Reading => last.cloned().flatten(),
            _ => None,
        },
    );
    // The rows stay in place from one poster to the next, so that their bars can move.
    let labels = Memo::new(move |_| {
        prediction.with(|prediction| match prediction {
            Some(prediction) => prediction.classes.iter().map(|it| it.0.clone()).collect(),
            None => state.labels(),
        })
    });
    let heading = move || {
        let language = state.language();
        if prediction.with(Option::is_some) {
            site::classes(language)
        } else {
            site::classes_empty(language, labels.with(Vec::len))
        }
    };
    view! {
        <section class="answer" aria-busy=live(move || state.reading().to_string())>
            <p class="lead">{live(move || site::lead(state.language()))}</p>
            <h2>{live(heading)}</h2>
            <ul class="classes" class:lit=live(move || prediction.with(Option::is_some))>
                {move || {
                    let class = |label| view! { <Class label prediction /> };
                    labels.get().into_iter().map(class).collect_view()
                }}
            </ul>
            {move || prediction.get().map(|prediction| view! { <Byline prediction /> })}
        </section>
    }
}

#[component]
fn Class(label: String, prediction: Memo<Option<Prediction>>) -> impl IntoView {
    let state = use_state();
    let own = label.clone();
    let probability = Memo::new(move |_| {
        prediction.with(|prediction| {
            let classes = &prediction.as_ref()?.classes;
            classes.iter().find(|it| it.0 == own).map(|it| it.1)
        })
    });
    let own = label.clone();
    let wins = move || {
        prediction.with(|prediction| {
            let winner = prediction.as_ref().and_then(Prediction::winner);
            winner.is_some_and(|(label, _)| *label == own)
        })
    };
    let fresh = move || probability.with(Option::is_some) && !state.reading();
    let own = label.clone();
    view! {
        <li
            class:winner=live(wins)
            data-testid=live(move || fresh().then_some("class-row"))
            data-label=label
            data-probability=live(move || probability.get().map(|it| exact(it.into())))
        >
            <span class="name">{live(move || state.language().class(&own))}</span>
            <span class="percent">{live(move || probability.get().map(percent))}</span>
            <span
                class="bar"
                style:--share=live(move || exact(probability.get().unwrap_or(0.0).into()))
            ></span>
        </li>
    }
}

/// Which network answered by which engine, and how long it took.
#[component]
fn Byline(prediction: Prediction) -> impl IntoView {
    let state = use_state();
    let (engine, name) = match prediction.engine {
        Engine::Cpu => ("cpu", "CPU"),
        Engine::Gpu => ("gpu", "WebGPU"),
    };
    let (network, title) = (prediction.network, prediction.title);
    // Browsers make their clocks coarse on purpose, so no digits are shown that would mean nothing.
    let total = prediction.read_ms + prediction.infer_ms;
    let answered_by = move || (state.text().answered_by)(&title, name, &milliseconds(total));
    let parts = move || {
        (state.text().time_parts)(
            &milliseconds(prediction.read_ms),
            &milliseconds(prediction.infer_ms),
        )
    };
    let Prediction { sure, complete, .. } = prediction;
    let fresh = move |name: &'static str| live(move || (!state.reading()).then_some(name));
    view! {
        <div class="byline">
            {(!sure).then(|| view! { <p class="unsure">{state.say(|text| text.unsure)}</p> })}
            {(!complete)
                .then(|| {
                    view! { <p class="unsure" data-testid="incomplete">{state.say(|text| text.incomplete)}</p> }
                })}
            <p data-testid=fresh("engine") data-engine=engine data-network=network>{live(answered_by)}</p>
            <p class="parts" data-testid=fresh("time") data-ms=exact(total)>{live(parts)}</p>
        </div>
    }
}
