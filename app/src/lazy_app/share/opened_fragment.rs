//! The fragment of the page's address, if it is a link of one kind.

use super::address;
use crate::state::State;
use crate::text::text;
use leptos::prelude::*;
use marquee_app::share_link::Unreadable;

/// Why a link can't be opened, whatever it is of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Unopened {
    /// It is damaged.
    Damaged,
    /// A newer page wrote it.
    Newer,
    /// The list of networks could not be loaded.
    NoNetworks,
}

impl Unopened {
    /// What the visitor reads.
    pub(crate) fn sentence(self, state: State) -> &'static str {
        let text = &text(state.language()).share;
        match self {
            Unopened::Damaged => text.damaged,
            Unopened::Newer => text.newer,
            Unopened::NoNetworks => text.no_networks,
        }
    }

    /// Its name, for style sheets and tests.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Unopened::Damaged => "damaged",
            Unopened::Newer => "newer",
            Unopened::NoNetworks => "no-networks",
        }
    }
}

/// Opens the fragment now and whenever it changes. Links of another kind are left to others.
pub(crate) fn follow_fragment<L: 'static>(
    state: State,
    open: fn(&str) -> Result<L, Unreadable>,
    receive: impl Fn(Result<L, Unopened>) + 'static,
) {
    let fragment = RwSignal::new(address::fragment());
    _ = window_event_listener(leptos::ev::hashchange, move |_| {
        fragment.set(address::fragment());
    });
    // Before the initial app has told which network answers, it takes no posters, and none can be chosen.
    let ready = Memo::new(move |_| state.network().is_some());
    Effect::new(move |_| {
        let opened = match open(&fragment.get()) {
            Err(Unreadable::Foreign) => return,
            Err(Unreadable::Damaged) => Err(Unopened::Damaged),
            Err(Unreadable::Newer) => Err(Unopened::Newer),
            Ok(_) if state.networks().is_empty() => Err(Unopened::NoNetworks),
            Ok(_) if !ready.get() => return,
            Ok(link) => Ok(link),
        };
        untrack(|| receive(opened));
    });
}
