//! About Marquee: what it is, how good each network is, what it can't do, where the data is from, and
//! that nothing leaves the machine.

mod card;
mod figures;
mod matrix;
mod network;
mod text;

use crate::state::use_state;
use leptos::html;
use leptos::prelude::*;
use marquee_app::ui::live::live;
use network::About as Network;
use text::{TMDB, text};

/// The fragment by which a link comes here.
const HERE: &str = "#about";

/// The section at the end of the page.
#[component]
pub(crate) fn About() -> impl IntoView {
    let state = use_state();
    let words = move || text(state.language());
    let cannot = move || {
        let line = |line: &'static str| view! { <li>{line}</li> };
        words().cannot.into_iter().map(line).collect_view()
    };
    let checks = move || {
        let way = |[how, what]: [&'static str; 2]| {
            view! { <li><strong>{how}</strong> " " {what}</li> }
        };
        words().checks.into_iter().map(way).collect_view()
    };
    let networks = move || {
        let about = |network| view! { <Network network /> };
        state.networks().into_iter().map(about).collect_view()
    };
    let section = NodeRef::<html::Section>::new();
    section.on_load(move |section| {
        // The browser looked for it before it was there.
        if window().location().hash().is_ok_and(|hash| hash == HERE) {
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
            <h2 id="about-heading">{live(move || words().heading)}</h2>
            <div>
                <h3>{live(move || words().what_heading)}</h3>
                <div>
                    <p class="lead">{live(move || words().what[0])}</p>
                    <p>{live(move || words().what[1])}</p>
                </div>
            </div>
            <div>
                <h3>{live(move || words().quality_heading)}</h3>
                <div>
                    <p>{live(move || words().quality[0])}</p>
                    <p>{live(move || words().quality[1])}</p>
                    <div class="networks">{networks}</div>
                </div>
            </div>
            <div>
                <h3>{live(move || words().cannot_heading)}</h3>
                <ul>{cannot}</ul>
            </div>
            <div>
                <h3>{live(move || words().data_heading)}</h3>
                <div>
                    <p>
                        {live(move || words().data[0])} " " <span lang="en">{TMDB}</span> " "
                        {live(move || words().data[1])}
                    </p>
                    <p>{live(move || words().data[2])}</p>
                </div>
            </div>
            <div>
                <h3>{live(move || words().private_heading)}</h3>
                <div>
                    <p>{live(move || words().private)}</p>
                    <ol>{checks}</ol>
                </div>
            </div>
        </section>
    }
}
