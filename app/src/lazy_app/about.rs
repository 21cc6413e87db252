//! The section about Marquee: what it is, how good each network is, what it can't do, where the data is
//! from, and that nothing leaves the machine.

mod account;
mod class_table;
mod figures;
mod model_card;
mod network;
mod part_table;
mod such_genres;

use crate::state::use_state;
use crate::text::{say, text};
use account::{Account, Words};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use network::NetworkDetails;

/// The fragment of a link to this section.
const FRAGMENT: &str = "#about";

/// The section at the end of the page.
#[component]
pub(crate) fn About() -> impl IntoView {
    let state = use_state();
    let about = move || &text(state.language()).about;
    let account = RwSignal::new(Account::default());
    spawn_local(async move { account.set(Account::load().await) });
    let of_site = move |pick: fn(Words) -> Vec<String>| {
        account.with(|account| pick(account.words(state.language())))
    };
    let what = move || {
        let paragraphs = of_site(|words| words.what).into_iter().enumerate();
        let paragraph = |(at, words)| view! { <p class:lead=at == 0>{words}</p> };
        paragraphs.map(paragraph).collect_view()
    };
    let paragraphs = move |pick| {
        let paragraph = |words| view! { <p>{words}</p> };
        move || of_site(pick).into_iter().map(paragraph).collect_view()
    };
    let cannot = move || {
        let item = |line| view! { <li>{line}</li> };
        let lines = of_site(|words| words.cannot).into_iter();
        lines.map(item).collect_view()
    };
    let attribution = move || {
        let sentence = account.with(|account| account.attribution.clone());
        (!sentence.is_empty()).then(|| view! { <p><span lang="en">{sentence}</span></p> })
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
                <div>{what}</div>
            </div>
            <div>
                <h3>{say(|text| text.about.quality_heading)}</h3>
                <div>
                    {paragraphs(|words| words.quality)}
                    <p>{say(|text| text.about.figures)}</p>
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
                    {paragraphs(|words| words.data)}
                    {attribution}
                    <p>{say(|text| text.about.cards)}</p>
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
