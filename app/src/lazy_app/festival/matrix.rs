//! How often the network is right about the posters that the visitor ticked.

use super::text::{grouped, text};
use super::{say, use_round};
use crate::state::use_state;
use leptos::prelude::*;
use marquee_app::ui::format::{exact, tenths};
use marquee_app::ui::live::live;

/// The figures and the matrix; before anything is ticked, how to come to them.
#[component]
pub(super) fn Judged() -> impl IntoView {
    let round = use_round();
    let ticked = Memo::new(move |_| round.tally().with(|tally| tally.total() > 0));
    view! {
        <section class="judged" aria-labelledby="festival-judged">
            <h2 id="festival-judged">{say(|text| text.judged)}</h2>
            <Show
                when=move || ticked.get()
                fallback=move || view! { <p class="invitation-to-tick">{say(|text| text.invitation)}</p> }
            >
                <Figures />
                <Matrix />
            </Show>
        </section>
    }
}

#[component]
fn Figures() -> impl IntoView {
    let (state, round) = (use_state(), use_round());
    let tally = round.tally();
    let ticked = move || {
        let count = tally.with(|tally| tally.total());
        (text(state.language()).ticked)(count, &grouped(count))
    };
    let accuracy = Memo::new(move |_| tally.with(|tally| tally.accuracy()).unwrap_or(0.0));
    let macro_f1 = Memo::new(move |_| tally.with(|tally| tally.macro_f1()).unwrap_or(0.0));
    view! {
        <div class="figures">
            <p class="ticked" role="status" data-testid="festival-ticked">{live(ticked)}</p>
            <dl>
                <div>
                    <dt>{say(|text| text.accuracy)}</dt>
                    <dd data-testid="accuracy" data-value=live(move || exact(accuracy.get()))>
                        {live(move || share(accuracy.get()))}
                    </dd>
                </div>
                <div>
                    <dt>{say(|text| text.macro_f1)}</dt>
                    <dd data-testid="macro-f1" data-value=live(move || exact(macro_f1.get()))>
                        {live(move || share(macro_f1.get()))}
                    </dd>
                </div>
            </dl>
            <p class="means">{say(|text| text.macro_f1_means)}</p>
        </div>
    }
}

/// True classes in the rows, predicted ones in the columns.
#[component]
fn Matrix() -> impl IntoView {
    let (state, round) = (use_state(), use_round());
    let classes = Memo::new(move |_| round.tally().with(|tally| tally.classes()));
    let name = move |class: usize| {
        let labels = round.labels();
        let label = labels.get(class);
        label.map_or(String::new(), |label| state.language().class(label))
    };
    let table = move || {
        let classes = classes.get();
        let columns = (0..classes)
            .map(|class| view! { <th scope="col"><span>{live(move || name(class))}</span></th> })
            .collect_view();
        let rows = (0..classes)
            .map(|truth| {
                let cells = (0..classes)
                    .map(|predicted| view! { <Count truth predicted /> })
                    .collect_view();
                view! { <tr><th scope="row">{live(move || name(truth))}</th>{cells}</tr> }
            })
            .collect_view();
        view! {
            <thead>
                <tr>
                    <th scope="col" class="corner">{say(|text| text.corner)}</th>
                    {columns}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        }
    };
    view! {
        <table class="matrix" data-testid="matrix">
            <caption>{say(|text| text.matrix)}</caption>
            {table}
        </table>
    }
}

/// How many of a class were taken for another; the shade is their share of the class.
#[component]
fn Count(truth: usize, predicted: usize) -> impl IntoView {
    let tally = use_round().tally();
    let count = Memo::new(move |_| tally.with(|tally| tally.of(truth, predicted)));
    let shade = Memo::new(move |_| {
        tally.with(|tally| {
            let all: u32 = (0..tally.classes())
                .map(|class| tally.of(truth, class))
                .sum();
            f64::from(tally.of(truth, predicted)) / f64::from(all.max(1))
        })
    });
    view! {
        <td
            class:right=truth == predicted
            class:none=move || count.get() == 0
            style:--share=move || exact(shade.get())
        >
            <span>{live(move || grouped(count.get()))}</span>
        </td>
    }
}

/// A share of 0 to 1 in percent with one decimal.
fn share(share: f64) -> String {
    format!("{}%", tenths(share * 100.0))
}
