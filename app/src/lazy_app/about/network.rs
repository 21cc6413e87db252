//! One network: its figures and its model card, loaded when somebody wants to see them.

use super::card::rendered;
use super::figures::{Estimate, Figures};
use super::matrix::{Classes, Matrix};
use super::text::text;
use crate::screens::known_name;
use crate::state::{Listed, use_state, weights_url};
use js_sys::Number;
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::ui::browser;
use marquee_app::ui::format::tenths;
use marquee_app::ui::language::Language;
use marquee_app::ui::live::live;

/// What comes from a file beside the network's weights.
#[derive(Clone, Debug)]
enum Beside<T> {
    /// Nobody asked for it.
    Unasked,
    /// It is on its way.
    Loading,
    /// It is there.
    There(T),
    /// It isn't, or is something else.
    Missing,
}

/// A network, closed at first.
#[component]
pub(super) fn About(network: Listed) -> impl IntoView {
    let state = use_state();
    let words = move || &text(state.language()).network;
    let figures = RwSignal::new(Beside::Unasked);
    let stem = network.file.trim_end_matches(".safetensors").to_owned();
    let file = format!("{stem}.json");
    let open = move |event| load(&event, figures, &file, |text| Figures::read(&text));
    let shown = move || match figures.get() {
        Beside::Unasked => ().into_any(),
        Beside::Loading => view! { <p role="status">{words().loading}</p> }.into_any(),
        Beside::Missing => {
            view! { <p role="status" data-testid="no-figures">{words().none}</p> }.into_any()
        }
        Beside::There(figures) => view! { <Judged figures /> }.into_any(),
    };
    view! {
        <details data-testid="about-network" data-network=network.name.clone() on:toggle=open>
            <summary>{known_name(&network.name).to_owned()}</summary>
            <div class="judged">
                {shown}
                <Card stem />
            </div>
        </details>
    }
}

/// The figures of a network.
#[component]
fn Judged(figures: Figures) -> impl IntoView {
    let state = use_state();
    let words = move || &text(state.language()).network;
    let Figures {
        films,
        unseen,
        macro_f1,
        accuracy,
        calibration_error,
        genres,
        score,
        ..
    } = figures;
    let figures = StoredValue::new(figures);
    let judged = move || {
        let films = grouped(films, state.language());
        if unseen {
            (words().judged)(&films)
        } else {
            (words().judged_elsewhere)(&films)
        }
    };
    let around = move |Estimate { value, low, high }: Estimate, show: fn(f64) -> String| {
        let interval = (words().interval)(&show(low), &show(high));
        view! { <b>{show(value)}</b> " (" {interval} ")" }
    };
    let line = |name: fn(&'static super::text::Network) -> &'static str,
                value: Box<dyn FnMut() -> AnyView + Send>| {
        view! { <dt>{live(move || name(&text(state.language()).network))}</dt><dd>{value}</dd> }
    };
    let genres = genres.map(|(precision, guessing)| {
        let value = move || {
            let (precision, guessing) = (thousandths(precision), thousandths(guessing));
            (words().precision_of)(&precision, &guessing).into_any()
        };
        line(|words| words.genres, live(value))
    });
    let score = score.map(|score| {
        let value = move || {
            let [off, constant] = [score.off, score.constant].map(thousandths);
            (words().score_off)(&off, &constant, &thousandths(score.explained)).into_any()
        };
        line(|words| words.score, live(value))
    });
    view! {
        <p>{live(judged)}</p>
        <dl data-testid="figures">
            {line(|words| words.macro_f1, live(move || around(macro_f1, thousandths).into_any()))}
            {line(|words| words.accuracy, live(move || around(accuracy, percent).into_any()))}
            {line(
                |words| words.calibration,
                live(move || (words().off)(&tenths(100.0 * calibration_error)).into_any()),
            )}
            {genres}
            {score}
        </dl>
        <div class="tables">
            <Matrix figures />
            <Classes figures />
        </div>
    }
}

/// The model card, which is written in English.
#[component]
fn Card(stem: String) -> impl IntoView {
    let state = use_state();
    let words = move || &text(state.language()).network;
    let card = RwSignal::new(Beside::Unasked);
    let file = format!("{stem}.md");
    let open = move |event| load(&event, card, &file, read_card);
    let shown = move || match card.get() {
        Beside::Unasked => ().into_any(),
        Beside::Loading => view! { <p role="status">{words().loading}</p> }.into_any(),
        Beside::Missing => {
            view! { <p role="status" data-testid="no-card">{words().no_card}</p> }.into_any()
        }
        Beside::There(html) => view! {
            // It scrolls sideways where a table is too wide, which takes a focus for the keyboard.
            <div
                class="model-card"
                data-testid="model-card"
                lang="en"
                role="region"
                tabindex="0"
                aria-label=words().card
                inner_html=html
            ></div>
        }
        .into_any(),
    };
    view! {
        <details class="whole-card" data-testid="whole-card" on:toggle=open>
            <summary>{live(move || words().card)}</summary>
            {shown}
        </details>
    }
}

/// Loads a file of the weights' folder when its `details` are opened, and again if it wasn't there.
fn load<T: Send + Sync + Clone + 'static>(
    toggled: &leptos::ev::Event,
    into: RwSignal<Beside<T>>,
    file: &str,
    read: fn(String) -> Option<T>,
) {
    let open = event_target::<web_sys::Element>(toggled).has_attribute("open");
    let wanted = matches!(into.get_untracked(), Beside::Unasked | Beside::Missing);
    if !open || !wanted {
        return;
    }
    into.set(Beside::Loading);
    let url = weights_url(file);
    spawn_local(async move {
        let text = browser::download_text(&url).await;
        into.set(match text.ok().and_then(read) {
            Some(there) => Beside::There(there),
            None => Beside::Missing,
        });
    });
}

/// A card as HTML; `None` where the host answers its page for whatever it doesn't have.
fn read_card(markdown: String) -> Option<String> {
    let page = markdown.trim_start().starts_with('<');
    (!page).then(|| rendered(&markdown))
}

fn thousandths(value: f64) -> String {
    format!("{value:.3}")
}

fn percent(share: f64) -> String {
    tenths(100.0 * share) + "%"
}

/// A number with its thousands set apart.
pub(super) fn grouped(number: usize, language: Language) -> String {
    Number::from(number as f64)
        .to_locale_string(language.tag())
        .into()
}
