//! What the section says about one network: its figures and its model card, which are loaded when
//! somebody opens them.

use super::class_table::ClassTable;
use super::figures::{Figures, Interval};
use super::model_card::to_html;
use super::part_table::PartTable;
use super::such_genres::SuchGenresTable;
use crate::confusion::ConfusionTable;
use crate::state::use_state;
use crate::text::{NetworkText, say, text};
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::channel::{Network, weights_url};
use marquee_app::ui::browser;
use marquee_app::ui::format::{percent_with_tenths, tenths};
use marquee_app::ui::live::{Live, live};
use marquee_models::text::thousands;
use std::sync::Arc;

/// How far a file beside the network's weights has come.
#[derive(Clone, Debug)]
enum Loading<T> {
    /// Nobody has asked for it.
    Unasked,
    /// It is on its way.
    Pending,
    /// It was read.
    Loaded(T),
    /// The host has no such file, or something else in its place.
    Missing,
}

/// A network, closed at first.
#[component]
pub(super) fn NetworkDetails(network: Network) -> impl IntoView {
    let figures = RwSignal::new(Loading::Unasked);
    let stem = network.file.trim_end_matches(".safetensors").to_owned();
    let file = format!("{stem}.json");
    let open = move |event| load(&event, figures, &file, |text| Figures::read(&text));
    let shown = move || match figures.get() {
        Loading::Unasked => ().into_any(),
        Loading::Pending => {
            view! { <p role="status">{say(|text| text.about.network.loading)}</p> }.into_any()
        }
        Loading::Missing => view! {
            <p role="status" data-testid="no-figures">{say(|text| text.about.network.none)}</p>
        }
        .into_any(),
        Loading::Loaded(figures) => view! { <Evaluation figures /> }.into_any(),
    };
    view! {
        <details data-testid="about-network" data-network=network.name.clone() on:toggle=open>
            <summary>{network.title().to_owned()}</summary>
            <div class="evaluation">
                {shown}
                <ModelCard stem />
            </div>
        </details>
    }
}

/// The figures of a network.
#[component]
fn Evaluation(figures: Figures) -> impl IntoView {
    let state = use_state();
    let words = move || &text(state.language()).about.network;
    let unseen = figures.unseen();
    let films = move || {
        let films = thousands(figures.films);
        if unseen {
            (words().evaluated)(&films)
        } else {
            (words().evaluated_elsewhere)(&films)
        }
    };
    let with_interval = move |value: f64, Interval { low, high }, show: fn(f64) -> String| {
        let interval = move || (words().interval)(&show(low), &show(high));
        view! { <b>{show(value)}</b> " (" {live(interval)} ")" }
    };
    let line = |name: fn(&'static NetworkText) -> &'static str, value: Live<String>| {
        view! { <dt>{live(move || name(words()))}</dt><dd>{value}</dd> }
    };
    let genres = figures.genres.map(|genres| {
        let precision = thousandths(genres.mean_average_precision);
        let guessing = thousandths(genres.base_rate);
        let value = move || (words().precision_of)(&precision, &guessing);
        line(|words| words.genres, live(value))
    });
    let score = figures.score.map(|score| {
        let off = thousandths(score.mean_absolute_error);
        let constant = thousandths(score.constants_error);
        let explained = thousandths(score.explained);
        let value = move || (words().score_off)(&off, &constant, &explained);
        line(|words| words.score, live(value))
    });
    let off = tenths(100.0 * figures.calibration_error);
    let confusion = figures.confusion();
    let labels = Arc::new(figures.labels.clone());
    let such_genres = figures.such_genres.clone();
    let such_genres =
        (!such_genres.is_empty()).then(|| view! { <SuchGenresTable classes=such_genres /> });
    let parts = figures.parts.clone();
    let parts = (!parts.is_empty()).then(|| view! { <PartTable parts /> });
    let matrix = confusion.map(|confusion| view! { <ConfusionTable confusion labels /> });
    view! {
        <p>{live(films)}</p>
        <dl data-testid="figures">
            <dt>{say(|text| text.confusion.macro_f1)}</dt>
            <dd>{with_interval(figures.macro_f1, figures.macro_f1_interval, thousandths)}</dd>
            <dt>{say(|text| text.confusion.accuracy)}</dt>
            <dd>{with_interval(figures.accuracy, figures.accuracy_interval, percent_with_tenths)}</dd>
            {line(|words| words.calibration, live(move || (words().off)(&off)))}
            {genres}
            {score}
        </dl>
        <div class="tables">
            {matrix}
            {such_genres}
            {parts}
            <ClassTable figures />
        </div>
    }
}

/// The model card, which is written in English.
#[component]
fn ModelCard(stem: String) -> impl IntoView {
    let card = RwSignal::new(Loading::Unasked);
    let file = format!("{stem}.md");
    let open = move |event| load(&event, card, &file, read_card);
    let shown = move || match card.get() {
        Loading::Unasked => ().into_any(),
        Loading::Pending => {
            view! { <p role="status">{say(|text| text.about.network.loading)}</p> }.into_any()
        }
        Loading::Missing => view! {
            <p role="status" data-testid="no-card">{say(|text| text.about.network.no_card)}</p>
        }
        .into_any(),
        Loading::Loaded(html) => view! {
            // It scrolls sideways where a table is too wide; the keyboard needs to focus it for that.
            <div
                class="model-card"
                data-testid="model-card"
                lang="en"
                role="region"
                tabindex="0"
                aria-label=say(|text| text.about.network.card)
                inner_html=html
            ></div>
        }
        .into_any(),
    };
    view! {
        <details class="whole-card" data-testid="whole-card" on:toggle=open>
            <summary>{say(|text| text.about.network.card)}</summary>
            {shown}
        </details>
    }
}

/// Loads a file from the weights' folder when its `details` is opened, and again if it was missing.
fn load<T: Send + Sync + Clone + 'static>(
    toggled: &leptos::ev::Event,
    into: RwSignal<Loading<T>>,
    file: &str,
    read: fn(String) -> Option<T>,
) {
    let open = event_target::<web_sys::Element>(toggled).has_attribute("open");
    let wanted = matches!(into.get_untracked(), Loading::Unasked | Loading::Missing);
    if !open || !wanted {
        return;
    }
    into.set(Loading::Pending);
    let url = weights_url(file);
    spawn_local(async move {
        let text = browser::download_text(&url).await;
        let content = text.ok().and_then(read);
        into.set(content.map_or(Loading::Missing, Loading::Loaded));
    });
}

/// A model card as HTML; `None` for a web page, which some hosts answer in place of a missing file.
fn read_card(markdown: String) -> Option<String> {
    let page = markdown.trim_start().starts_with('<');
    (!page).then(|| to_html(&markdown))
}

fn thousandths(value: f64) -> String {
    format!("{value:.3}")
}
