//! News about the site itself: that there is a new version, which the visitor may use now or later, and
//! once, that the next visit needs no network.
//!
//! `offline.js` registers the service worker, which keeps a new version beside the old one until it is
//! told to take over.

mod watch;

use crate::text::say;
use leptos::prelude::*;
use marquee_app::ui::browser;
use std::time::Duration;
use watch::Versions;

/// The setting that is there once the visitor was told that the site works without a network.
const TOLD: &str = "marquee.offline";

/// How long that message lies over a wide page. On a narrow one, where it would cover the answer, it stays at
/// the page's end.
const READABLE: Duration = Duration::from_secs(12);

/// A bar in the window's lower corner, which is empty and invisible without news.
#[component]
pub(crate) fn Update() -> impl IntoView {
    let versions = Versions::watch();
    let all_kept = all_kept();
    let offered = move || versions.offered.get();
    let told = move || all_kept.get().is_some() && !offered();
    let read = move || all_kept.get() == Some(true) && !offered();
    let buttons = move || {
        offered().then(|| {
            view! {
                <button class="button" data-testid="update-use" on:click=move |_| versions.use_new()>
                    {say(|text| text.update.use_it)}
                </button>
                <button data-testid="update-later" on:click=move |_| versions.leave()>
                    {say(|text| text.update.later)}
                </button>
            }
        })
    };
    view! {
        <div class="news" class:shown=move || offered() || told() class:read=read>
            <div role="status">
                {move || offered().then(|| view! { <p data-testid="update">{say(|text| text.update.offer)}</p> })}
                {move || told().then(|| view! { <p data-testid="all-kept">{say(|text| text.update.all_kept)}</p> })}
            </div>
            {buttons}
        </div>
    }
}

/// Says once that the whole site is kept for visits without a network: none before that, then whether there
/// was time to read it.
fn all_kept() -> ReadSignal<Option<bool>> {
    let (tell, set_tell) = signal(None);
    if browser::recall(TOLD).is_none() {
        watch::on_all_kept(move || {
            browser::keep(TOLD, "told");
            set_tell.set(Some(false));
            set_timeout(move || set_tell.set(Some(true)), READABLE);
        });
    }
    tell
}
