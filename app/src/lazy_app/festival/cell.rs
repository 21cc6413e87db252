//! A poster in the grid.

use super::entry::{Entry, Outcome};
use super::sight::use_sight;
use super::text::text;
use super::use_round;
use crate::state::use_state;
use leptos::html;
use leptos::prelude::*;
use marquee_app::protocol::Problem;
use marquee_app::ui::browser::Picture;
use marquee_app::ui::format::percent;
use marquee_app::ui::language::Language;
use marquee_app::ui::live::live;

/// What is shown of an entry.
#[derive(Clone, Copy, PartialEq)]
struct Seen {
    /// The class and how likely it is, and whether that is enough.
    said: Option<(u8, f32, bool)>,
    problem: Option<Problem>,
    truth: Option<u8>,
}

impl From<&Entry> for Seen {
    fn from(entry: &Entry) -> Seen {
        let said = |it: &super::entry::Answer| (it.class, it.confidence(), it.sure);
        Seen {
            said: entry.answer().map(said),
            problem: match entry.outcome {
                Outcome::Refused(problem) => Some(problem),
                _ => None,
            },
            truth: entry.truth,
        }
    }
}

impl Seen {
    /// What the ticked class makes of the answer.
    fn verdict(&self) -> Option<&'static str> {
        let (class, ..) = self.said?;
        Some(if self.truth? == class {
            "right"
        } else {
            "wrong"
        })
    }
}

/// The picture, what the network says, and what it really is. `place` is its place in the order.
#[component]
pub(super) fn Cell(place: usize, number: u32) -> impl IntoView {
    let (state, round, sight) = (use_state(), use_round(), use_sight());
    let node = NodeRef::<html::Div>::new();
    let seen = Memo::new(move |_| round.follow_entry(number, |entry| Seen::from(entry)));
    let active = Memo::new(move |_| round.active().get() == place);
    Effect::new(move |_| {
        round.active().track();
        if let Some(node) = node.get().filter(|_| active.get() && sight.take_reach()) {
            // Only an element that is gone could not take it.
            _ = node.focus();
        }
    });
    let file = round.file(number);
    // Revoked when the poster goes out of sight.
    let picture = RwSignal::new_local(None::<Picture>);
    if let Some(file) = file.clone() {
        // Browsers take a moment to make a URL.
        sight.later(move || {
            if !picture.is_disposed() {
                picture.set(Picture::of(&file));
            }
        });
    }
    let name = file.as_ref().map(|file| file.name()).unwrap_or_default();
    let class = move |class: u8, language: Language| {
        let labels = round.labels();
        let label = labels.get(usize::from(class));
        label.map_or(String::new(), |label| language.class(label))
    };
    let said = move || {
        let (language, seen) = (state.language(), seen.get()?);
        let text = text(language);
        Some(match (seen.said, seen.problem) {
            (Some((said, _, true)), _) => class(said, language),
            (Some((said, ..)), _) => (text.perhaps)(&class(said, language)),
            (None, Some(problem)) => (text.refused)(problem).to_owned(),
            (None, None) => text.waiting.to_owned(),
        })
    };
    let confidence = move || Some(percent(seen.get()?.said?.1));
    let verdict = move || seen.get().and_then(|seen| seen.verdict());
    let verdict_words = move || {
        let text = text(state.language());
        verdict().map(|it| {
            if it == "right" {
                text.right
            } else {
                text.wrong
            }
        })
    };
    let label = move || {
        let class = seen.get()?.said?.0;
        round.labels().get(usize::from(class)).cloned()
    };
    let refused = Memo::new(move |_| seen.get().is_some_and(|it| it.problem.is_some()));
    let readable = move || !refused.get();
    // Before the answer there is nothing to judge.
    let answered = Memo::new(move |_| seen.get().is_some_and(|it| it.said.is_some()));
    let (own, shown, tooltip) = (name.clone(), name.clone(), name.clone());
    let opened = name.clone();
    view! {
        <div
            class="cell"
            role="gridcell"
            node_ref=node
            tabindex=live(move || if active.get() { "0" } else { "-1" })
            data-testid="festival-cell"
            data-place=place
            data-file=name
            data-label=live(label)
            data-verdict=live(verdict)
            class:unsure=live(move || seen.get().and_then(|it| it.said).is_some_and(|it| !it.2))
            class:refused=live(move || refused.get())
            class:waiting=live(move || seen.get().is_some_and(|it| it.said.is_none() && it.problem.is_none()))
        >
            <button
                type="button"
                class="picture"
                tabindex="-1"
                aria-label=live(move || (text(state.language()).open)(&opened))
            >
                {move || {
                    let url = picture.with(|it| it.as_ref().map(|it| it.url().to_owned()))?;
                    let shown = readable().then_some(url)?;
                    Some(view! { <img src=shown alt="" decoding="async" loading="lazy" /> })
                }}
            </button>
            <div class="caption">
                <p class="said">
                    <span>{live(said)}</span>
                    <span class="percent">{live(confidence)}</span>
                    <span class="unseen">{live(verdict_words)}</span>
                </p>
                // The button over it says it, too.
                <p class="file" title=tooltip aria-hidden="true">{shown}</p>
                {move || answered.get().then(|| view! { <Truth number name=own.clone() active /> })}
            </div>
        </div>
    }
}

/// What it really is, by mouse or finger. From the keyboard the cell's own keys are quicker.
#[component]
fn Truth(number: u32, name: String, active: Memo<bool>) -> impl IntoView {
    let (state, round) = (use_state(), use_round());
    let classes = use_sight().classes();
    let node = NodeRef::<html::Select>::new();
    let truth = Memo::new(move |_| round.follow_entry(number, |entry| entry.truth).flatten());
    Effect::new(move |_| {
        classes.track();
        if let Some(node) = node.get() {
            let value = truth.get().map(|class| class.to_string());
            node.set_value(&value.unwrap_or_default());
        }
    });
    view! {
        <select
            class="truth"
            class:ticked=move || truth.get().is_some()
            node_ref=node
            tabindex=live(move || if active.get() { "0" } else { "-1" })
            aria-label=live(move || (text(state.language()).truth_of)(&name))
            inner_html=live(move || classes.get())
        ></select>
    }
}
