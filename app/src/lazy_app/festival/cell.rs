//! A poster in the grid.

use super::batch_run::use_run;
use super::entry::Entry;
use super::teach::use_teacher;
use super::viewport::use_viewport;
use crate::state::use_state;
use crate::text::text;
use leptos::html;
use leptos::prelude::*;
use marquee_app::protocol::Problem;
use marquee_app::ui::browser::Picture;
use marquee_app::ui::format::percent;
use marquee_app::ui::live::live;

/// The part of an entry that its cell shows.
#[derive(Clone, Copy, PartialEq)]
struct Shown {
    read: bool,
    predicted: Option<Predicted>,
    problem: Option<Problem>,
    truth: Option<u8>,
}

#[derive(Clone, Copy, PartialEq)]
struct Predicted {
    class: u8,
    confidence: f32,
    sure: bool,
}

impl From<&Entry> for Shown {
    fn from(entry: &Entry) -> Shown {
        Shown {
            read: entry.is_read(),
            predicted: entry.prediction().map(|it| Predicted {
                class: it.class,
                confidence: it.confidence(),
                sure: it.sure,
            }),
            problem: entry.problem(),
            truth: entry.truth,
        }
    }
}

impl Shown {
    /// Whether the prediction is the ticked class.
    fn right(&self) -> Option<bool> {
        Some(self.truth? == self.predicted?.class)
    }
}

/// The picture, the prediction, and the choice of the true class. `position` is the poster's place in
/// the order.
#[component]
pub(super) fn Cell(position: usize, number: u32) -> impl IntoView {
    let (state, run, viewport) = (use_state(), use_run(), use_viewport());
    let festival = move || &text(state.language()).festival;
    let node = NodeRef::<html::Div>::new();
    let shown = Memo::new(move |_| run.follow_entry(number, |entry| Shown::from(entry)));
    let predicted = move || shown.get()?.predicted;
    let problem = move || shown.get()?.problem;
    let active = Memo::new(move |_| run.active.get() == position);
    Effect::new(move |_| {
        run.active.track();
        if let Some(node) = node.get().filter(|_| active.get() && viewport.take_focus()) {
            // Only an element that is gone refuses the focus.
            _ = node.focus();
        }
    });
    let file = run.file(number);
    // Its URL is revoked when the cell leaves the document.
    let picture = RwSignal::new_local(None::<Picture>);
    if let Some(file) = file.clone() {
        // Browsers take a moment to make a URL.
        viewport.tasks.push(move || {
            if !picture.is_disposed() {
                picture.set(Picture::of(&file));
            }
        });
    }
    let name = file.map(|file| file.name()).unwrap_or_default();
    let read = Memo::new(move |_| shown.get().is_some_and(|it| it.read));
    let words = move || {
        let language = state.language();
        if let Some(predicted) = predicted() {
            let label = run.label(predicted.class).unwrap_or_default();
            return text(language).class(language.class(&label), predicted.sure);
        }
        let unread = match read.get() {
            true => festival().untaught,
            false => festival().waiting,
        };
        let words = problem().map_or(unread, festival().refused);
        words.to_owned()
    };
    let result = move || shown.get()?.right();
    let result_words = move || {
        let (right, wrong) = (festival().right, festival().wrong);
        result().map(|is_right| if is_right { right } else { wrong })
    };
    let refused = Memo::new(move |_| problem().is_some());
    let proposed = Memo::new(move |_| {
        let shown = shown.get().filter(|it| it.truth.is_none())?;
        run.label(shown.predicted?.class).filter(|_| run.own.get())
    });
    let teacher = use_teacher();
    let colour = move || teacher.colour(predicted()?.class);
    let (own, caption, tooltip, opened) = (name.clone(), name.clone(), name.clone(), name.clone());
    view! {
        <div
            class="cell"
            role="gridcell"
            node_ref=node
            tabindex=live(move || if active.get() { "0" } else { "-1" })
            data-testid="festival-cell"
            data-place=position
            data-file=name
            data-label=live(move || run.label(predicted()?.class))
            data-result=live(move || result().map(|right| if right { "right" } else { "wrong" }))
            class:unsure=live(move || predicted().is_some_and(|it| !it.sure))
            class:refused=live(move || refused.get())
            class:waiting=live(move || !refused.get() && !read.get())
            class:own=live(move || run.own.get())
            style:--own=live(colour)
            draggable=live(move || run.own.get().then_some("true"))
        >
            <button
                type="button"
                class="picture"
                tabindex="-1"
                aria-label=live(move || (festival().open)(&opened))
            >
                {move || {
                    let url = picture.with(|it| it.as_ref().map(|it| it.url().to_owned()))?;
                    let src = (!refused.get()).then_some(url)?;
                    Some(view! { <img src=src alt="" decoding="async" loading="lazy" draggable="false" /> })
                }}
            </button>
            {move || {
                let class = state.language().class(&proposed.get()?);
                Some(view! {
                    <button type="button" class="agree" tabindex="-1" data-testid="agree">
                        <span aria-hidden="true">"✓"</span>
                        <span class="unseen">{(text(state.language()).teach.agree)(&class)}</span>
                    </button>
                })
            }}
            <div class="caption">
                <p class="said">
                    <span>{live(words)}</span>
                    <span class="percent">{live(move || Some(percent(predicted()?.confidence)))}</span>
                    <span class="unseen">{live(result_words)}</span>
                </p>
                // The button above says the name as well.
                <p class="file" title=tooltip aria-hidden="true">{caption}</p>
                {move || read.get().then(|| view! { <Truth number name=own.clone() active /> })}
            </div>
        </div>
    }
}

/// The choice of the true class, by mouse or finger. The keyboard is quicker with the grid's own keys.
#[component]
fn Truth(number: u32, name: String, active: Memo<bool>) -> impl IntoView {
    let (state, run) = (use_state(), use_run());
    let options = use_viewport().class_options;
    let node = NodeRef::<html::Select>::new();
    let truth = Memo::new(move |_| run.follow_entry(number, |entry| entry.truth).flatten());
    Effect::new(move |_| {
        options.track();
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
            aria-label=live(move || (text(state.language()).festival.truth_of)(&name))
            inner_html=live(move || options.get())
        ></select>
    }
}
