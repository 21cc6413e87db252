//! Opening a link: the initial app reads its poster as if the visitor had dropped it.

use super::address;
use super::opened_fragment::{Unopened, follow_fragment};
use crate::reading::{file, png};
use crate::state::{State, use_state};
use crate::text::text;
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::channel::Network;
use marquee_app::protocol::Picture;
use marquee_app::protocol::networks_worker::{Read, Reading, Readings, ToNetworksWorker};
use marquee_app::share_link::{self, Shared};
use marquee_app::ui::format::percent;
use marquee_app::ui::live::live;
use marquee_models::math::argmax;
use web_sys::Blob;

/// The greatest difference between probabilities that count as the same: a link carries them in
/// steps of 1/65535.
const SAME: f32 = 5e-4;

/// What became of a link.
#[derive(Clone, PartialEq)]
enum Outcome {
    /// Its poster was brought, to be read by the network of this weights' file.
    Brought {
        network: String,
        /// `None` until this machine's numbers are known.
        comparison: Option<Comparison>,
    },
    /// It can't be opened.
    Unopened(Unopened),
    /// Its network isn't on this page.
    UnknownNetwork(String),
}

/// The sender's probabilities compared with those of this machine.
#[derive(Clone, PartialEq)]
enum Comparison {
    /// They are the same.
    Same,
    /// They differ: the sender's network has the same name, but another version. This was its answer.
    Different { label: String, probability: f32 },
    /// They are of other classes.
    OtherClasses,
}

/// A handle to the link in the page's address.
#[derive(Clone, Copy)]
struct Opened {
    outcome: RwSignal<Option<Outcome>>,
    /// The link's poster.
    poster: StoredValue<Option<Blob>, LocalStorage>,
    /// The poster that was on show before, which stays until the link's poster is answered.
    before: StoredValue<Option<Blob>, LocalStorage>,
    /// Whether the link's poster has been on show.
    shown: StoredValue<bool>,
}

/// Opens links, and says what became of them.
#[component]
pub(super) fn OpenedLink() -> impl IntoView {
    let state = use_state();
    let opened = Opened {
        outcome: RwSignal::new(None),
        poster: StoredValue::new_local(None),
        before: StoredValue::new_local(None),
        shown: StoredValue::new(false),
    };
    follow_fragment(state, share_link::open, move |link| match link {
        Ok(shared) => opened.receive(state, shared),
        Err(why) => opened.set(state, None, Outcome::Unopened(why)),
    });
    Effect::new(move |_| {
        let on_show = state.on_show();
        untrack(|| opened.follow(on_show.map(|it| it.file)));
    });
    let sentence = Memo::new(move |_| Some(sentence(state, opened.outcome.get()?)));
    let name = move || opened.outcome.with(|outcome| outcome.as_ref().map(name));
    view! {
        <div class="notice" role="status" data-testid="opened-link" data-state=live(name)>
            {move || sentence.get().map(|sentence| view! { <p>{sentence}</p> })}
        </div>
    }
}

impl Opened {
    fn receive(self, state: State, shared: Shared) {
        let networks = state.networks();
        let Some(network) = networks.into_iter().find(|it| it.name == shared.network) else {
            return self.set(state, None, Outcome::UnknownNetwork(shared.network));
        };
        let (width, height) = (shared.width as u32, shared.height as u32);
        let poster = png(width, height, &shared.pixels).ok();
        let poster = poster.and_then(|png| file(&png.as_slice().into(), "image/png"));
        let Some(poster) = poster else {
            return self.set(state, None, Outcome::Unopened(Unopened::Damaged));
        };
        let outcome = Outcome::Brought {
            network: network.file.clone(),
            comparison: None,
        };
        self.set(state, Some(poster.clone()), outcome);
        let name = text(state.language()).share.name.to_owned();
        state.bring_small(name, poster.clone(), Some(&network));
        let request = Read {
            id: 0,
            file: poster,
            picture: Some(Picture {
                width,
                height,
                pixels: shared.pixels.as_slice().into(),
                incomplete: None,
            }),
            networks: vec![network.url()],
            thumbnail: None,
            features: None,
        };
        spawn_local(self.compare(state, network, request, shared.probabilities));
    }

    /// Remembers what became of a link, until the visitor shows another poster.
    fn set(self, state: State, poster: Option<Blob>, outcome: Outcome) {
        self.poster.set_value(poster);
        self.before.set_value(state.on_show().map(|it| it.file));
        self.shown.set_value(false);
        self.outcome.set(Some(outcome));
    }

    async fn compare(self, state: State, network: Network, poster: Read, sender: Vec<f32>) {
        let file = poster.file.clone();
        let request = ToNetworksWorker::Read(poster);
        let read = state.networks_client().ask::<Readings>(request).await;
        let reading = read.ok().and_then(|read| read.readings.into_iter().next());
        // Another link may have been opened meanwhile.
        let current = self.poster.with_value(|it| is(it.as_ref(), &file));
        if let Some(reading) = reading.filter(|_| current) {
            self.outcome.set(Some(Outcome::Brought {
                network: network.file,
                comparison: Some(Comparison::of(&reading, &sender)),
            }));
        }
    }

    /// Forgets the link once another poster is on show.
    fn follow(self, on_show: Option<Blob>) {
        let shows = |poster: StoredValue<Option<Blob>, LocalStorage>| {
            let file = on_show.as_ref();
            file.is_some_and(|file| poster.with_value(|it| is(it.as_ref(), file)))
        };
        if shows(self.poster) {
            self.shown.set_value(true);
        }
        let waiting = !self.shown.get_value() && (on_show.is_none() || shows(self.before));
        let current = shows(self.poster) || waiting;
        if !current && self.outcome.with(Option::is_some) {
            self.outcome.set(None);
            self.poster.set_value(None);
            // As long as the fragment is there, a reload opens the link again.
            address::drop_fragment();
        }
    }
}

impl Comparison {
    fn of(here: &Reading, sender: &[f32]) -> Comparison {
        let own = &here.probabilities;
        if own.len() != sender.len() {
            return Comparison::OtherClasses;
        }
        let mut pairs = own.iter().zip(sender);
        if pairs.all(|(own, sender)| (own - sender).abs() < SAME) {
            return Comparison::Same;
        }
        let class = argmax(sender);
        let answer = here.labels.get(class).zip(sender.get(class));
        answer.map_or(Comparison::OtherClasses, |(label, probability)| {
            Comparison::Different {
                label: label.clone(),
                probability: *probability,
            }
        })
    }
}

/// Whether both are the same file object, and not only equal.
fn is(one: Option<&Blob>, other: &Blob) -> bool {
    one.is_some_and(|one| js_sys::Object::is(one, other))
}

fn sentence(state: State, outcome: Outcome) -> String {
    let language = state.language();
    let text = &text(language).share;
    let (network, comparison) = match outcome {
        Outcome::Unopened(why) => return why.sentence(state).to_owned(),
        Outcome::UnknownNetwork(name) => return (text.unknown)(&name),
        Outcome::Brought {
            network,
            comparison,
        } => (network, comparison),
    };
    // If the visitor has chosen another network since, its numbers are expected to differ.
    let answers = state.answering().is_some_and(|it| it.file == network);
    match comparison.filter(|_| answers) {
        None => text.opened.to_owned(),
        Some(Comparison::Same) => text.opened_same.to_owned(),
        Some(Comparison::OtherClasses) => format!("{} {}", text.opened, text.other_classes),
        Some(Comparison::Different { label, probability }) => {
            let said = (text.sender_said)(&language.class(&label), &percent(probability));
            format!("{} {said}", text.opened)
        }
    }
}

/// The outcome's name, for style sheets and tests.
fn name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Brought { comparison, .. } => match comparison {
            None => "brought",
            Some(Comparison::Same) => "same",
            Some(_) => "different",
        },
        Outcome::Unopened(why) => why.name(),
        Outcome::UnknownNetwork(_) => "unknown",
    }
}
