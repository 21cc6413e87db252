//! Posters of films that don't exist, for visitors who have none at hand.

use crate::state::use_state;
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::ui::browser::{self, Picture};
use marquee_app::ui::live::live;
use marquee_app::ui::site;
use web_sys::Blob;

/// A row of thumbnails; nothing on a site without samples.
#[component]
pub(crate) fn Samples() -> impl IntoView {
    let state = use_state();
    let samples = site::samples();
    (!samples.is_empty()).then(|| {
        view! {
            <section class="samples">
                <h2>{live(move || site::samples_heading(state.language()))}</h2>
                <ul>
                    {samples
                        .into_iter()
                        .enumerate()
                        .map(|(at, path)| view! { <li><Sample at path /></li> })
                        .collect_view()}
                </ul>
            </section>
        }
    })
}

/// The file is downloaded once, and then both shown and classified: a click needs no network.
#[component]
fn Sample(at: usize, path: String) -> impl IntoView {
    let state = use_state();
    let file = RwSignal::new_local(None::<Blob>);
    // A visitor's own poster is answered first.
    Effect::new(move |begun: Option<bool>| {
        let begun = begun == Some(true);
        if begun || !state.at_rest() {
            return begun;
        }
        let path = path.clone();
        spawn_local(async move {
            match browser::download(&path).await {
                Ok(blob) => file.set(Some(blob)),
                Err(error) => web_sys::console::warn_2(&path.into(), &error),
            }
        });
        true
    });
    let shows = move || site::sample(state.language(), at);
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
        Some(view! { <img src=url alt=live(shows) decoding="async" /> })
    };
    view! {
        <button
            type="button"
            data-testid="sample"
            aria-label=live(shows)
            disabled=live(move || file.with(Option::is_none))
            on:click=take
        >
            {thumbnail}
        </button>
    }
}
