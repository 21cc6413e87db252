//! The six classes and their bars, and who said so.

use crate::engine::Verdict;
use crate::stage::{Phase, use_stage};
use leptos::prelude::*;
use marquee_app::protocol::Engine;
use marquee_app::ui::format::{exact, milliseconds, percent};
use marquee_app::ui::language::Language;
use marquee_app::ui::live::live;

/// What the network says; before it says anything, what it could.
#[component]
pub(crate) fn Answer() -> impl IntoView {
    let stage = use_stage();
    // While the next poster is read the last answer stays, so that nothing flickers.
    let verdict = Memo::new(move |last: Option<&Option<Verdict>>| match stage.phase() {
        Phase::Answered(verdict) => Some(verdict),
        Phase::Reading => last.cloned().flatten(),
        _ => None,
    });
    // The rows stay in place from one poster to the next, so that their bars can move.
    let labels = Memo::new(move |_| {
        verdict.with(|verdict| match verdict {
            Some(verdict) => verdict.classes.iter().map(|it| it.0.clone()).collect(),
            None => known_labels(stage.language()),
        })
    });
    let heading = move || {
        let text = stage.text();
        if verdict.with(Option::is_some) {
            text.classes
        } else {
            text.classes_empty
        }
    };
    view! {
        <section class="answer" aria-busy=live(move || stage.reading().to_string())>
            <p class="lead">{stage.say(|text| text.lead)}</p>
            <h2>{live(heading)}</h2>
            <ul class="classes" class:lit=live(move || verdict.with(Option::is_some))>
                {move || {
                    let class = |label| view! { <Class label verdict /> };
                    labels.get().into_iter().map(class).collect_view()
                }}
            </ul>
            {move || verdict.get().map(|verdict| view! { <Byline verdict /> })}
        </section>
    }
}

fn known_labels(language: Language) -> Vec<String> {
    language.classes().map(|(label, _)| label.to_owned()).into()
}

#[component]
fn Class(label: String, verdict: Memo<Option<Verdict>>) -> impl IntoView {
    let stage = use_stage();
    let own = label.clone();
    let probability = Memo::new(move |_| {
        verdict.with(|verdict| {
            let classes = &verdict.as_ref()?.classes;
            classes.iter().find(|it| it.0 == own).map(|it| it.1)
        })
    });
    let own = label.clone();
    let wins = move || {
        verdict.with(|verdict| {
            let winner = verdict.as_ref().and_then(Verdict::winner);
            winner.is_some_and(|(label, _)| *label == own)
        })
    };
    let fresh = move || probability.with(Option::is_some) && !stage.reading();
    let own = label.clone();
    view! {
        <li
            class:winner=live(wins)
            data-testid=live(move || fresh().then_some("class-row"))
            data-label=label
            data-probability=live(move || probability.get().map(|it| exact(it.into())))
        >
            <span class="name">{live(move || stage.language().class(&own))}</span>
            <span class="percent">{live(move || probability.get().map(percent))}</span>
            <span
                class="bar"
                style:--share=live(move || exact(probability.get().unwrap_or(0.0).into()))
            ></span>
        </li>
    }
}

/// Which engine answered, and how long it took.
#[component]
fn Byline(verdict: Verdict) -> impl IntoView {
    let stage = use_stage();
    let (engine, name) = match verdict.engine {
        Engine::Cpu => ("cpu", "CPU"),
        Engine::Gpu => ("gpu", "WebGPU"),
    };
    // Of the browser's clock, which is coarse on purpose, no more than it can tell is shown.
    let total = verdict.read_ms + verdict.infer_ms;
    let answered_by = move || (stage.text().answered_by)(name, &milliseconds(total));
    let parts = move || {
        (stage.text().time_parts)(
            &milliseconds(verdict.read_ms),
            &milliseconds(verdict.infer_ms),
        )
    };
    let unsure = !verdict.sure;
    let fresh = move |name: &'static str| live(move || (!stage.reading()).then_some(name));
    view! {
        <div class="byline">
            {unsure.then(|| view! { <p class="unsure">{stage.say(|text| text.unsure)}</p> })}
            <p data-testid=fresh("engine") data-engine=engine>{live(answered_by)}</p>
            <p class="parts" data-testid=fresh("time") data-ms=exact(total)>{live(parts)}</p>
        </div>
    }
}
