//! The sign: the answer in large letters, in a frame of bulbs.

use crate::state::{Phase, use_state};
use crate::text::{SignLines, text};
use leptos::prelude::*;
use marquee_app::ui::format::percent;
use marquee_app::ui::language::Language;
use marquee_app::ui::live::live;

/// What the sign shows, and how.
#[derive(Clone, PartialEq)]
struct Message {
    state: &'static str,
    above: String,
    below: String,
    /// The winner, as the model calls it.
    label: Option<String>,
    /// The text for screen readers.
    announcement: String,
}

impl Message {
    fn new(phase: &Phase, language: Language) -> Message {
        let text = text(language);
        let lines = |state: &'static str, pick: fn(&SignLines) -> &'static str| Message {
            state,
            above: pick(&text.sign_above).to_owned(),
            below: pick(&text.sign_below).to_owned(),
            label: None,
            announcement: String::new(),
        };
        let prediction = match phase {
            Phase::Empty => return lines("empty", |lines| lines.empty),
            Phase::Reading => return lines("reading", |lines| lines.reading),
            Phase::Refused(_) => return lines("refused", |lines| lines.refused),
            Phase::LazyView(text) => {
                return Message {
                    above: text.above.clone(),
                    below: text.below.clone(),
                    ..lines("answered", |lines| lines.answered)
                };
            }
            Phase::Answered(prediction) => prediction,
        };
        let mut message = if prediction.sure {
            lines("answered", |lines| lines.answered)
        } else {
            lines("unsure", |lines| lines.unsure)
        };
        if let Some((label, probability)) = prediction.winner() {
            message.below = language.class(label);
            message.label = Some(label.clone());
            message.announcement = (text.says)(&message.below, &percent(*probability));
        }
        message
    }
}

/// The sign.
#[component]
pub(crate) fn Sign() -> impl IntoView {
    let state = use_state();
    let message = Memo::new(move |_| Message::new(&state.phase(), state.language()));
    let letters = move || message.with(|message| message.below.chars().count().to_string());
    view! {
        <section class="sign" data-state=live(move || message.with(|message| message.state))>
            <Bulbs />
            <div class="board">
                <p class="above">{live(move || message.with(|message| message.above.clone()))}</p>
                <p
                    class="below"
                    data-testid=live(move || message.with(|m| m.label.as_ref().map(|_| "winner")))
                    data-label=live(move || message.with(|m| m.label.clone()))
                    style:--letters=live(letters)
                    aria-hidden="true"
                >
                    {move || message.with(|message| words(&message.below))}
                </p>
                <p class="unseen" role="status">
                    {live(move || message.with(|message| message.announcement.clone()))}
                </p>
            </div>
        </section>
    }
}

/// Each letter is a tile of its own, as on a real letterboard.
fn words(line: &str) -> impl IntoView + use<> {
    line.split(' ')
        .map(|word| {
            let letters = word
                .chars()
                .map(|letter| view! { <span>{letter.to_string()}</span> })
                .collect_view();
            view! { <span class="word">{letters}</span> }
        })
        .collect_view()
}

/// Strokes of round dashes of no length: bulbs, evenly spaced at any size.
#[component]
fn Bulbs() -> impl IntoView {
    let ring = |class| {
        view! { <rect class=class x="0" y="0" width="100%" height="100%" rx="10" pathLength="120" /> }
    };
    view! {
        <svg class="bulbs" aria-hidden="true">
            {["socket", "halo odd", "halo even", "glass odd", "glass even"].map(ring)}
        </svg>
    }
}
