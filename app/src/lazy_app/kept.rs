//! Lately shown: the last posters and their answers, kept in this browser and nowhere else.
//!
//! Of a poster is kept what the network saw of it, so that it is answered the same when it is opened
//! again, and a small picture to know it by; never the visitor's file.

mod picture;
mod poster;
mod shelf;
mod store;
mod text;
mod when;

use crate::state::use_state;
use js_sys::Date;
use leptos::ev::Event;
use leptos::prelude::*;
use marquee_app::ui::browser::Picture;
use marquee_app::ui::format::{exact, percent};
use marquee_app::ui::live::live;
use poster::Poster;
use shelf::Shelf;
use std::time::Duration;
use text::text;

/// How often "3 minutes ago" is looked at again.
const MINUTE: Duration = Duration::from_secs(60);

/// The row of posters, with what keeps and clears them. Nothing, where the browser keeps nothing.
#[component]
pub(crate) fn Kept() -> impl IntoView {
    let state = use_state();
    let shelf = Shelf::open(state);
    let now = RwSignal::new(Date::now());
    if let Ok(clock) = set_interval_with_handle(move || now.set(Date::now()), MINUTE) {
        on_cleanup(move || clock.clear());
    }
    let words = move || text(state.language());
    let none = move || shelf.posters().with(Vec::is_empty);
    let news = move || {
        let cleared = shelf.cleared().get() && none();
        cleared.then(|| words().cleared)
    };
    let row = move || {
        now.set(Date::now());
        let card = |poster| view! { <Card poster shelf now /> };
        shelf.posters().get().into_iter().map(card).collect_view()
    };
    view! {
        <section
            class="kept"
            data-testid="kept"
            aria-labelledby="kept-heading"
            hidden=move || !shelf.there().get()
        >
            <header>
                <h2 id="kept-heading">{live(move || words().heading)}</h2>
                <label>
                    <input
                        type="checkbox"
                        role="switch"
                        data-testid="keep"
                        aria-describedby="kept-hint"
                        prop:checked=move || shelf.keeps().get()
                        on:change=move |event: Event| shelf.keep(event_target_checked(&event))
                    />
                    <span>{live(move || words().keep)}</span>
                </label>
                <button data-testid="clear-kept" hidden=none on:click=move |_| shelf.clear()>
                    {live(move || words().clear)}
                </button>
            </header>
            <p class="hint" id="kept-hint">{live(move || words().hint)}</p>
            <ol hidden=none>{row}</ol>
            <p role="status" data-testid="kept-news">{news}</p>
        </section>
    }
}

/// One poster. A click opens it again.
#[component]
fn Card(poster: Poster, shelf: Shelf, now: RwSignal<f64>) -> impl IntoView {
    let state = use_state();
    // The URL lives as long as the card.
    let picture = poster.thumbnail().and_then(|file| Picture::of(&file));
    let picture = StoredValue::new_local(picture);
    let url = picture.with_value(|it| it.as_ref().map(|it| it.url().to_owned()));
    let Poster {
        name,
        when,
        label,
        probability,
        sure,
        ..
    } = poster.clone();
    let data = (label.clone(), exact(probability.into()));
    let class = move || {
        let class = state.language().class(&label);
        if sure {
            class
        } else {
            (text(state.language()).perhaps)(&class)
        }
    };
    view! {
        <li>
            <button
                data-testid="kept-poster"
                data-label=data.0
                data-probability=data.1
                on:click=move |_| shelf.show_again(&poster)
            >
                <img src=url alt=name decoding="async" />
                <span class="class">{live(class)}</span>
                <span class="percent">{percent(probability)}</span>
                <time datetime=when::machine(when)>
                    {live(move || when::ago(state.language(), when, now.get()))}
                </time>
            </button>
        </li>
    }
}
