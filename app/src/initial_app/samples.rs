//! Posters of films that don't exist, for visitors who have none at hand.

use crate::state::use_state;
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::ui::browser::{self, Picture};
use marquee_app::ui::live::live;
use web_sys::Blob;

/// In the formats that posters come in.
const FILES: [&str; 6] = [
    "samples/house.jpg",
    "samples/rocket.webp",
    "samples/sunset.jpg",
    "samples/chase.jpg",
    "samples/fox.webp",
    "samples/coffee.png",
];

/// A row of thumbnails.
#[component]
pub(crate) fn Samples() -> impl IntoView {
    let state = use_state();
    view! {
        <section class="samples">
            <h2>{state.say(|text| text.samples)}</h2>
            <ul>
                {FILES
                    .into_iter()
                    .enumerate()
                    .map(|(at, path)| view! { <li><Sample at path /></li> })
                    .collect_view()}
            </ul>
        </section>
    }
}

/// The file is downloaded once, and then both shown and classified: a click needs no network.
#[component]
fn Sample(at: usize, path: &'static str) -> impl IntoView {
    let state = use_state();
    let file = RwSignal::new_local(None::<Blob>);
    // A visitor's own poster is answered first.
    Effect::new(move |begun: Option<bool>| {
        let begun = begun == Some(true);
        if begun || !state.at_rest() {
            return begun;
        }
        spawn_local(async move {
            match browser::download(path).await {
                Ok(blob) => file.set(Some(blob)),
                Err(error) => web_sys::console::warn_2(&path.into(), &error),
            }
        });
        true
    });
    let take = move |_| {
        if let Some(file) = file.get() {
            state.take_sample(at, file);
        }
    };
    let thumbnail = move || {
        let picture = Picture::of(&file.get()?)?;
        let url = picture.url().to_owned();
        // The URL has to live as long as the thumbnail.
        let picture = StoredValue::new_local(picture);
        on_cleanup(move || picture.dispose());
        Some(view! { <img src=url alt=live(move || state.text().sample[at]) decoding="async" /> })
    };
    view! {
        <button
            type="button"
            data-testid="sample"
            aria-label=live(move || state.text().sample[at])
            disabled=live(move || file.with(Option::is_none))
            on:click=take
        >
            {thumbnail}
        </button>
    }
}
