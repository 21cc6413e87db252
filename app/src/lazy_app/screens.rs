//! The list of networks ("on every screen"): the same poster through each of them, and the choice of the
//! one that answers.

use crate::reading::winner;
use crate::state::use_state;
use crate::text::{say, text};
use leptos::prelude::*;
use marquee_app::channel::Network;
use marquee_app::protocol::networks_worker::Reading;
use marquee_app::ui::format::{percent, tenths};
use marquee_app::ui::live::live;

/// The least probability of a genre that is shown.
const LIKELY: f32 = 0.25;

/// The list of networks.
#[component]
pub(crate) fn Screens() -> impl IntoView {
    let state = use_state();
    let several = move || state.all_networks().len() > 1;
    view! {
        <fieldset class="screens" data-testid="screens" hidden=move || !several()>
            <legend>{say(|text| text.screens.heading)}</legend>
            <ul>
                {move || {
                    let screen = |network| view! { <Screen network /> };
                    state.all_networks().into_iter().map(screen).collect_view()
                }}
            </ul>
            <Show when=move || !state.all_asked()>
                <button type="button" class="quiet" data-testid="ask-all" on:click=move |_| state.ask_all()>
                    {say(|text| text.screens.ask_all)}
                </button>
            </Show>
        </fieldset>
    }
}

/// One network: a choice, and its answer.
#[component]
fn Screen(network: Network) -> impl IntoView {
    let state = use_state();
    let url = network.url();
    let reading = Memo::new_with_compare(
        move |_| state.reading_of(&url).map(Shown::from),
        |old, new| old != new,
    );
    let file = network.file.clone();
    let chosen = move || {
        state
            .answering()
            .is_some_and(|network| network.file == file)
    };
    let name = network.title().to_owned();
    let choice = network.clone();
    let class = move || {
        reading.with(|reading| {
            let reading = reading.as_ref()?;
            let language = state.language();
            Some(text(language).class(language.class(&reading.label), reading.sure))
        })
    };
    view! {
        <li data-testid="screen" data-network=network.name.clone()>
            <label class="screen">
                <input
                    type="radio"
                    name="network"
                    prop:checked=chosen
                    on:change=move |_| state.choose(&choice)
                />
                <span class="name">{name}</span>
                <span class="class" data-label=move || reading.with(|it| it.as_ref().map(|it| it.label.clone()))>
                    {live(class)}
                </span>
                <span class="percent">
                    {live(move || reading.with(|it| it.as_ref().map(|it| percent(it.probability))))}
                </span>
            </label>
            {move || reading.get().filter(Shown::has_more).map(|shown| view! { <More shown /> })}
        </li>
    }
}

/// Genres and score, of a network that predicts them.
#[component]
fn More(shown: Shown) -> impl IntoView {
    let state = use_state();
    let genres = shown.genres.clone();
    let tags = move || {
        let tag = |(genre, probability): &(String, f32)| {
            view! {
                <li data-testid="genre">
                    {(text(state.language()).screens.genre)(genre).to_owned()} " "
                    <span>{percent(*probability)}</span>
                </li>
            }
        };
        genres.iter().map(tag).collect_view()
    };
    let score = shown.score;
    view! {
        <div class="more">
            <ul class="tags" aria-label=say(|text| text.screens.genres)>{tags}</ul>
            {score.map(|(points, interval)| {
                let low = tenths((points - interval).max(0.0).into());
                let high = tenths((points + interval).min(10.0).into());
                let points = tenths(points.into());
                view! {
                    <p class="score" data-testid="score">
                        {live(move || (text(state.language()).screens.score)(&points, &low, &high))}
                    </p>
                }
            })}
        </div>
    }
}

/// The part of a reading that is shown.
#[derive(Clone, PartialEq)]
struct Shown {
    label: String,
    probability: f32,
    sure: bool,
    genres: Vec<(String, f32)>,
    score: Option<(f32, f32)>,
}

impl From<Reading> for Shown {
    fn from(reading: Reading) -> Shown {
        let (label, probability) = winner(&reading).unwrap_or_default();
        let genres = reading.genres.into_iter().zip(reading.genre_probabilities);
        let mut genres: Vec<(String, f32)> = genres.filter(|genre| genre.1 >= LIKELY).collect();
        genres.sort_by(|one, other| other.1.total_cmp(&one.1));
        Shown {
            label,
            probability,
            sure: reading.sure,
            genres,
            score: match reading.score[..] {
                [points, interval] => Some((points, interval)),
                _ => None,
            },
        }
    }
}

impl Shown {
    fn has_more(&self) -> bool {
        !self.genres.is_empty() || self.score.is_some()
    }
}
