//! The section about Marquee: what it is, how good each network is, what it can't do, where the data is
//! from, and that nothing leaves the machine.

mod class_table;
mod figures;
mod model_card;
mod network;
mod part_table;
mod such_genres;

use crate::state::use_state;
use crate::text::{say, text};
use leptos::html;
use leptos::prelude::*;
use network::NetworkDetails;

/// The fragment of a link to this section.
const FRAGMENT: &str = "#about";

/// The sentence that TMDB asks those who use its data to show; in English everywhere.
const TMDB: &str = "This product uses the TMDB API but is not endorsed or certified by TMDB.";

/// The section at the end of the page.
#[component]
pub(crate) fn About() -> impl IntoView {
    let state = use_state();
    let about = move || &text(state.language()).about;
    let cannot = move || {
        let item = |line: &'static str| view! { <li>{line}</li> };
        about().cannot.into_iter().map(item).collect_view()
    };
    let checks = move || {
        let item = |[what_to_do, what_happens]: [&'static str; 2]| {
            view! { <li><strong>{what_to_do}</strong> " " {what_happens}</li> }
        };
        about().checks.into_iter().map(item).collect_view()
    };
    let networks = move || {
        let details = |network| view! { <NetworkDetails network /> };
        state.networks().into_iter().map(details).collect_view()
    };
    let section = NodeRef::<html::Section>::new();
    section.on_load(move |section| {
        // The browser looked for the fragment before this section existed.
        if window()
            .location()
            .hash()
            .is_ok_and(|hash| hash == FRAGMENT)
        {
            section.scroll_into_view();
        }
    });
    view! {
        <section
            class="about"
            id="about"
            data-testid="about"
            aria-labelledby="about-heading"
            node_ref=section
        >
            <h2 id="about-heading">{say(|text| text.about.heading)}</h2>
            <div>
                <h3>{say(|text| text.about.what_heading)}</h3>
                <div>
                    <p class="lead">{say(|text| text.about.what[0])}</p>
                    <p>{say(|text| text.about.what[1])}</p>
                </div>
            </div>
            <div>
                <h3>{say(|text| text.about.quality_heading)}</h3>
                <div>
                    <p>{say(|text| text.about.quality[0])}</p>
                    <p>{say(|text| text.about.quality[1])}</p>
                    <div class="networks">{networks}</div>
                </div>
            </div>
            <div>
                <h3>{say(|text| text.about.cannot_heading)}</h3>
                <ul>{cannot}</ul>
            </div>
            <div>
                <h3>{say(|text| text.about.data_heading)}</h3>
                <div>
                    <p>
                        {say(|text| text.about.data[0])} " " <span lang="en">{TMDB}</span> " "
                        {say(|text| text.about.data[1])}
                    </p>
                    <p>{say(|text| text.about.data[2])}</p>
                </div>
            </div>
            <div>
                <h3>{say(|text| text.about.private_heading)}</h3>
                <div>
                    <p>{say(|text| text.about.private)}</p>
                    <ol>{checks}</ol>
                </div>
            </div>
        </section>
    }
}
