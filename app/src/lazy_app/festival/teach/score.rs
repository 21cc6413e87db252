//! How often the classifier is right about posters that it has not seen.

use super::teacher::{Teacher, use_teacher};
use crate::confusion::ConfusionTable;
use crate::festival::selection::Show as Which;
use crate::state::use_state;
use crate::text::{Text, say, text};
use leptos::prelude::*;
use marquee_app::protocol::teaching::Score;
use marquee_app::ui::format::{exact, percent_with_tenths};
use marquee_app::ui::live::live;
use marquee_models::text::thousands;

/// A class needs this many different posters for a score (`marquee_evaluation::probe::LEAST`).
const LEAST: u32 = 5;

/// Accuracy and macro-F1 with their intervals, and the confusion matrix, whose cells show their posters.
#[component]
pub(in crate::festival) fn OwnScore() -> impl IntoView {
    let teacher = use_teacher();
    let score = move || teacher.taught.with(|it| it.as_ref()?.score.clone());
    let judged = Memo::new(move |_| score().is_some());
    let why = move || why_not(teacher);
    let show = Callback::new(move |(truth, predicted): (usize, usize)| {
        let which = Which::Confused {
            truth: truth as u8,
            predicted: predicted as u8,
        };
        teacher.run.select(|selection| selection.show = which);
    });
    view! {
        <section class="evaluation" aria-labelledby="own-evaluation">
            <h2 id="own-evaluation">{say(|text| text.festival.evaluation)}</h2>
            <Show
                when=move || judged.get()
                fallback=move || {
                    view! { <p class="invitation-to-tick" data-testid="own-no-score">{live(why)}</p> }
                }
            >
                <div class="figures">
                    <dl>
                        <Figure id="own-accuracy" name=|text| text.confusion.accuracy of=|score| &score.accuracy />
                        <Figure id="own-macro-f1" name=|text| text.confusion.macro_f1 of=|score| &score.macro_f1 />
                    </dl>
                    <p class="means" data-testid="own-held-out">{live(move || how(teacher).unwrap_or_default())}</p>
                </div>
                <ConfusionTable confusion=teacher.run.confusion labels=teacher.run.labels show />
            </Show>
        </section>
    }
}

/// One figure and its interval.
#[component]
fn Figure(
    id: &'static str,
    name: fn(&'static Text) -> &'static str,
    of: fn(&Score) -> &[f64],
) -> impl IntoView {
    let (state, teacher) = (use_state(), use_teacher());
    let bounds = Memo::new(move |_| {
        teacher.taught.with(|taught| {
            let score = taught.as_ref()?.score.as_ref()?;
            <[f64; 3]>::try_from(of(score)).ok()
        })
    });
    let value = move || bounds.get().map(|[value, ..]| value);
    let interval = move || {
        let [_, low, high] = bounds.get()?;
        let interval = text(state.language()).teach.interval;
        Some(interval(
            &percent_with_tenths(low),
            &percent_with_tenths(high),
        ))
    };
    view! {
        <div>
            <dt>{say(name)}</dt>
            <dd data-testid=id data-value=live(move || value().map(exact))>
                {live(move || value().map(percent_with_tenths))} " "
                <small>{live(interval)}</small>
            </dd>
        </div>
    }
}

/// How the posters were held out.
fn how(teacher: Teacher) -> Option<String> {
    let text = &text(teacher.state.language()).teach;
    teacher.taught.with(|taught| {
        let score = taught.as_ref()?.score.as_ref()?;
        let posters = thousands(score.posters);
        Some(match score.folds > LEAST {
            true => (text.held_out_alone)(&posters),
            false => (text.held_out_in_folds)(&posters, score.folds),
        })
    })
}

/// Why there is no score.
fn why_not(teacher: Teacher) -> String {
    let text = &text(teacher.state.language()).teach;
    let least = teacher.taught.with(|taught| {
        let taught = taught.as_ref()?;
        let different = taught.classes.iter().zip(&taught.different);
        let (class, posters) = different.min_by_key(|it| it.1)?;
        let name = teacher
            .classes
            .with(|all| Some(all.get(*class as usize)?.name.clone()))?;
        Some((text.no_score)(&name, *posters, LEAST as usize))
    });
    least.unwrap_or_else(|| text.no_score_yet.to_owned())
}
