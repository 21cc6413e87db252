//! How often the network is right about the posters whose true class the visitor has ticked.

use super::batch_run::use_run;
use crate::confusion::{Confusion, ConfusionTable};
use crate::state::use_state;
use crate::text::{say, text};
use leptos::prelude::*;
use marquee_app::ui::format::{exact, percent_with_tenths};
use marquee_app::ui::live::live;
use marquee_models::text::thousands;

/// Accuracy, macro-F1 and the confusion matrix; an invitation as long as nothing is ticked.
#[component]
pub(super) fn Evaluation() -> impl IntoView {
    let run = use_run();
    let ticked = Memo::new(move |_| run.confusion.with(|confusion| confusion.total() > 0));
    let invitation = || {
        view! { <p class="invitation-to-tick">{say(|text| text.festival.invitation)}</p> }
    };
    view! {
        <section class="evaluation" aria-labelledby="festival-evaluation">
            <h2 id="festival-evaluation">{say(|text| text.festival.evaluation)}</h2>
            <Show when=move || ticked.get() fallback=invitation>
                <Figures />
                <ConfusionTable confusion=run.confusion labels=run.labels />
            </Show>
        </section>
    }
}

#[component]
fn Figures() -> impl IntoView {
    let state = use_state();
    let confusion = use_run().confusion;
    let ticked = move || {
        let count = confusion.with(Confusion::total);
        (text(state.language()).festival.ticked)(count, &thousands(count))
    };
    let figure = move |id: &'static str, value: fn(&Confusion) -> Option<f64>| {
        let value = Memo::new(move |_| confusion.with(value).unwrap_or(0.0));
        view! {
            <dd data-testid=id data-value=live(move || exact(value.get()))>
                {live(move || percent_with_tenths(value.get()))}
            </dd>
        }
    };
    view! {
        <div class="figures">
            <p class="ticked" role="status" data-testid="festival-ticked">{live(ticked)}</p>
            <dl>
                <div>
                    <dt>{say(|text| text.confusion.accuracy)}</dt>
                    {figure("accuracy", Confusion::accuracy)}
                </div>
                <div>
                    <dt>{say(|text| text.confusion.macro_f1)}</dt>
                    {figure("macro-f1", Confusion::macro_f1)}
                </div>
            </dl>
            <p class="means">{say(|text| text.festival.macro_f1_means)}</p>
        </div>
    }
}
