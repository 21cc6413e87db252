//! The last posters and their answers, kept in this browser and nowhere else.
//!
//! The browser keeps what the network saw of a poster, so that it is answered the same when it is opened
//! again, and a thumbnail; never the visitor's file.

mod database;
mod poster;
mod posters;
mod time_ago;

use crate::state::use_state;
use crate::text::{say, text};
use js_sys::Date;
use leptos::ev::Event;
use leptos::prelude::*;
use marquee_app::ui::browser::Picture;
use marquee_app::ui::format::{exact, percent};
use marquee_app::ui::live::live;
use poster::RecentPoster;
use posters::RecentPosters;
use std::time::Duration;
use time_ago::{iso, time_ago};

/// How often "3 minutes ago" is computed again.
const MINUTE: Duration = Duration::from_secs(60);

/// The row of posters, with a switch that keeps them and a button that clears them. It is hidden where
/// the browser keeps nothing.
#[component]
pub(crate) fn Recent() -> impl IntoView {
    let state = use_state();
    let recent = RecentPosters::open(state);
    let now = RwSignal::new(Date::now());
    if let Ok(clock) = set_interval_with_handle(move || now.set(Date::now()), MINUTE) {
        on_cleanup(move || clock.clear());
    }
    let none = move || recent.posters.with(Vec::is_empty);
    let news = move || {
        let cleared = recent.cleared.get() && none();
        cleared.then(|| text(state.language()).recent.cleared)
    };
    let row = move || {
        now.set(Date::now());
        let card = |poster| view! { <Card poster recent now /> };
        recent.posters.get().into_iter().map(card).collect_view()
    };
    view! {
        <section
            class="recent"
            data-testid="recent"
            aria-labelledby="recent-heading"
            hidden=move || !recent.available.get()
        >
            <header>
                <h2 id="recent-heading">{say(|text| text.recent.heading)}</h2>
                <label>
                    <input
                        type="checkbox"
                        role="switch"
                        data-testid="keep-recent"
                        aria-describedby="recent-hint"
                        prop:checked=move || recent.keeps.get()
                        on:change=move |event: Event| recent.keep(event_target_checked(&event))
                    />
                    <span>{say(|text| text.recent.keep)}</span>
                </label>
                <button data-testid="clear-recent" hidden=none on:click=move |_| recent.clear()>
                    {say(|text| text.recent.clear)}
                </button>
            </header>
            <p class="hint" id="recent-hint">{say(|text| text.recent.hint)}</p>
            <ol hidden=none>{row}</ol>
            <p role="status" data-testid="recent-news">{news}</p>
        </section>
    }
}

/// One poster. A click opens it again.
#[component]
fn Card(poster: RecentPoster, recent: RecentPosters, now: RwSignal<f64>) -> impl IntoView {
    let state = use_state();
    // The URL lives as long as the card.
    let picture = poster.thumbnail().and_then(|file| Picture::of(&file));
    let picture = StoredValue::new_local(picture);
    let url = picture.with_value(|it| it.as_ref().map(|it| it.url().to_owned()));
    let RecentPoster {
        name,
        when,
        label,
        probability,
        sure,
        ..
    } = poster.clone();
    let data = (label.clone(), exact(probability.into()));
    let class = move || {
        let language = state.language();
        text(language).class(language.class(&label), sure)
    };
    view! {
        <li>
            <button
                data-testid="recent-poster"
                data-label=data.0
                data-probability=data.1
                on:click=move |_| recent.show_again(&poster)
            >
                <img src=url alt=name decoding="async" />
                <span class="class">{live(class)}</span>
                <span class="percent">{percent(probability)}</span>
                <time datetime=iso(when)>
                    {live(move || time_ago(state.language(), when, now.get()))}
                </time>
            </button>
        </li>
    }
}
