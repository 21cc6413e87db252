//! A poster in the grid.

use super::entry::{Entry, Outcome};
use super::grid::use_sight;
use super::text::text;
use super::use_round;
use crate::hall::use_hall;
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
    let (hall, round, sight) = (use_hall(), use_round(), use_sight());
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
    let name = file.as_ref().map(|file| file.name()).unwrap_or_default();
    let class = move |class: u8, language: Language| {
        let labels = round.labels();
        let label = labels.get(usize::from(class));
        label.map_or(String::new(), |label| language.class(label))
    };
    let said = move || {
        let (language, seen) = (hall.language(), seen.get()?);
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
        let text = text(hall.language());
        verdict().map(|it| {
            if it == "right" {
                text.right
            } else {
                text.wrong
            }
        })
    };
    let own = name.clone();
    let description = move || {
        let parts = [
            Some(own.clone()),
            said(),
            confidence(),
            verdict_words().map(str::to_owned),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    };
    let label = move || {
        let class = seen.get()?.said?.0;
        round.labels().get(usize::from(class)).cloned()
    };
    let refused = Memo::new(move |_| seen.get().is_some_and(|it| it.problem.is_some()));
    let readable = move || !refused.get();
    let (own, shown, tooltip) = (name.clone(), name.clone(), name.clone());
    let opened = name.clone();
    view! {
        <div
            class="cell"
            role="gridcell"
            node_ref=node
            tabindex=live(move || if active.get() { "0" } else { "-1" })
            aria-label=live(description)
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
                aria-label=live(move || (text(hall.language()).open)(&opened))
            >
                {move || {
                    let picture = file.as_ref().filter(|_| readable()).and_then(|it| Picture::of(it))?;
                    let url = picture.url().to_owned();
                    // Revoked when the poster goes out of sight.
                    let picture = StoredValue::new_local(picture);
                    on_cleanup(move || picture.dispose());
                    Some(view! { <img src=url alt="" decoding="async" loading="lazy" /> })
                }}
            </button>
            <div class="caption">
                <p class="said">
                    <span>{live(said)}</span>
                    <span class="percent">{live(confidence)}</span>
                </p>
                <p class="file" title=tooltip>{shown}</p>
                {move || readable().then(|| view! { <Truth number name=own.clone() active /> })}
            </div>
        </div>
    }
}

/// What it really is, by mouse or finger. From the keyboard the cell's own keys are quicker.
#[component]
fn Truth(number: u32, name: String, active: Memo<bool>) -> impl IntoView {
    let (hall, round) = (use_hall(), use_round());
    let truth = Memo::new(move |_| round.follow_entry(number, |entry| entry.truth).flatten());
    let options = move || {
        let language = hall.language();
        let labels = round.labels();
        let options = (0_u8..).zip(labels.iter()).map(|(class, label)| {
            let words = format!("{} {}", class + 1, language.class(label));
            view! {
                <option value=class.to_string() prop:selected=move || truth.get() == Some(class)>
                    {words}
                </option>
            }
        });
        options.collect_view()
    };
    view! {
        <select
            class="truth"
            class:ticked=move || truth.get().is_some()
            tabindex=live(move || if active.get() { "0" } else { "-1" })
            aria-label=live(move || (text(hall.language()).truth_of)(&name))
        >
            <option value="" prop:selected=move || truth.get().is_none()>
                {live(move || text(hall.language()).truth)}
            </option>
            {options}
        </select>
    }
}
