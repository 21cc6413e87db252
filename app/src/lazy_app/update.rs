//! News of the site itself: a new version, which the visitor may use or leave for later, and, once,
//! that the next visit needs no network.
//!
//! `offline.mjs` registers the service worker, which keeps a new version beside the old one until it is
//! told to take over.

mod text;
mod watch;

use crate::state::use_state;
use leptos::prelude::*;
use marquee_app::ui::browser;
use marquee_app::ui::live::live;
use std::time::Duration;
use text::text;
use watch::Versions;

/// The setting that says that the visitor knows.
const TOLD: &str = "marquee.offline";

/// How long that it works without a network can be read.
const READABLE: Duration = Duration::from_secs(12);

/// A bar at the window's lower edge; there, but empty, where there is no news.
#[component]
pub(crate) fn Update() -> impl IntoView {
    let state = use_state();
    let words = move || text(state.language());
    let versions = Versions::watch();
    let all_kept = all_kept();
    let offered = move || versions.offered().get();
    let told = move || all_kept.get() && !offered();
    let buttons = move || {
        offered().then(|| {
            view! {
                <button class="button" data-testid="update-use" on:click=move |_| versions.use_new()>
                    {live(move || words().use_it)}
                </button>
                <button data-testid="update-later" on:click=move |_| versions.leave()>
                    {live(move || words().later)}
                </button>
            }
        })
    };
    view! {
        <div class="news" class:shown=move || offered() || told()>
            <div role="status">
                {move || offered().then(|| view! { <p data-testid="update">{words().offer}</p> })}
                {move || told().then(|| view! { <p data-testid="all-kept">{words().all_kept}</p> })}
            </div>
            {buttons}
        </div>
    }
}

/// Whether to say that all is kept for visits without a network: for a while, and only once.
fn all_kept() -> ReadSignal<bool> {
    let (tell, set_tell) = signal(false);
    if browser::recall(TOLD).is_none() {
        watch::on_all_kept(move || {
            browser::keep(TOLD, "told");
            set_tell.set(true);
            set_timeout(move || set_tell.set(false), READABLE);
        });
    }
    tell
}
