//! Opening a link: its poster goes to the front, which reads it as if it had been dropped.

use super::address;
use super::text::text;
use crate::reading::{file, png};
use crate::screens::known_name;
use crate::state::{Listed, State, use_state};
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::protocol::networks_worker::Reading;
use marquee_app::share_link::{self, Shared, Unreadable};
use marquee_app::ui::format::percent;
use marquee_app::ui::live::live;
use web_sys::Blob;

/// The same network gives the same numbers, but for the steps in which a link carries them.
const SAME: f32 = 5e-4;

/// What became of a link.
#[derive(Clone, PartialEq)]
enum News {
    /// Its poster was brought to the front, to be read by the network of this weights' file.
    Came {
        network: String,
        /// What the sender's numbers are to those of this machine, once these are known.
        sender: Option<Sender>,
    },
    /// It can't be read.
    Unreadable(Unreadable),
    /// There is no such network here.
    Unknown(String),
}

/// What the sender's numbers are to those of this machine.
#[derive(Clone, PartialEq)]
enum Sender {
    /// The same.
    Same,
    /// Others: the network isn't the same, though it is called so.
    Said { label: String, probability: f32 },
    /// Of other classes.
    Otherwise,
}

/// How far the link in the address bar is on its way.
#[derive(Clone, Copy)]
struct Arrivals {
    news: RwSignal<Option<News>>,
    /// The poster that came.
    poster: StoredValue<Option<Blob>, LocalStorage>,
    /// What was on show before, and is until that poster has its answer.
    before: StoredValue<Option<Blob>, LocalStorage>,
    /// Whether it has been on show since.
    shown: StoredValue<bool>,
}

/// Opens links, and says what became of them.
#[component]
pub(super) fn Arrival() -> impl IntoView {
    let state = use_state();
    let arrivals = Arrivals {
        news: RwSignal::new(None),
        poster: StoredValue::new_local(None),
        before: StoredValue::new_local(None),
        shown: StoredValue::new(false),
    };
    let fragment = RwSignal::new(address::fragment());
    _ = window_event_listener(leptos::ev::hashchange, move |_| {
        fragment.set(address::fragment());
    });
    // Which network answers decides whether to choose another.
    let ready = Memo::new(move |_| state.network().is_some());
    Effect::new(move |_| {
        let fragment = fragment.get();
        match share_link::open(&fragment) {
            Err(Unreadable::Foreign) => {}
            Err(why) => untrack(|| arrivals.expect(state, None, News::Unreadable(why))),
            Ok(shared) if ready.get() => untrack(|| arrivals.receive(state, shared)),
            Ok(_) => {}
        }
    });
    Effect::new(move |_| {
        let on_show = state.on_show();
        untrack(|| arrivals.watch(on_show.map(|it| it.file)));
    });
    let said = Memo::new(move |_| sentence(state, arrivals.news.get()?));
    let name = move || arrivals.news.with(|news| news.as_ref().map(state_name));
    view! {
        <div class="notice" role="status" data-testid="arrival" data-state=live(name)>
            {move || said.get().map(|said| view! { <p>{said}</p> })}
        </div>
    }
}

impl Arrivals {
    fn receive(self, state: State, shared: Shared) {
        let networks = state.networks();
        let Some(network) = networks.into_iter().find(|it| it.name == shared.network) else {
            return self.expect(state, None, News::Unknown(shared.network));
        };
        let (width, height) = (shared.width as u32, shared.height as u32);
        let poster = png(width, height, &shared.pixels).ok();
        let poster = poster.and_then(|png| file(&png.as_slice().into(), "image/png"));
        let Some(poster) = poster else {
            return self.expect(state, None, News::Unreadable(Unreadable::Damaged));
        };
        if state.network().as_ref() != Some(&network) {
            state.choose(&network);
        }
        let news = News::Came {
            network: network.file.clone(),
            sender: None,
        };
        self.expect(state, Some(poster.clone()), news);
        state.bring_small(text(state.language()).name.to_owned(), poster.clone());
        spawn_local(self.compare(state, network, poster, shared.probabilities));
    }

    /// From now on this is what became of the link, until the visitor moves on.
    fn expect(self, state: State, poster: Option<Blob>, news: News) {
        self.poster.set_value(poster);
        self.before.set_value(state.on_show().map(|it| it.file));
        self.shown.set_value(false);
        self.news.set(Some(news));
    }

    async fn compare(self, state: State, network: Listed, poster: Blob, theirs: Vec<f32>) {
        let read = state
            .networks_client()
            .read(poster.clone(), vec![network.url()])
            .await;
        let reading = read.ok().and_then(|read| read.readings.into_iter().next());
        // By now it may be another link's turn.
        let current = self.poster.with_value(|it| is(it.as_ref(), &poster));
        if let Some(reading) = reading.filter(|_| current) {
            self.news.set(Some(News::Came {
                network: network.file,
                sender: Some(Sender::of(&reading, &theirs)),
            }));
        }
    }

    /// What is on show has changed, or was read again.
    fn watch(self, on_show: Option<Blob>) {
        let same = |one: StoredValue<Option<Blob>, LocalStorage>| {
            let file = on_show.as_ref();
            file.is_some_and(|file| one.with_value(|it| is(it.as_ref(), file)))
        };
        if same(self.poster) {
            self.shown.set_value(true);
        }
        let waiting = !self.shown.get_value() && (on_show.is_none() || same(self.before));
        let here = same(self.poster) || waiting;
        if !here && self.news.with(Option::is_some) {
            self.news.set(None);
            self.poster.set_value(None);
            // Until now loading the page again was to open the link again.
            address::drop_fragment();
        }
    }
}

impl Sender {
    fn of(here: &Reading, theirs: &[f32]) -> Sender {
        let ours = &here.probabilities;
        if ours.len() != theirs.len() {
            return Sender::Otherwise;
        }
        let mut pairs = ours.iter().zip(theirs);
        if pairs.all(|(ours, theirs)| (ours - theirs).abs() < SAME) {
            return Sender::Same;
        }
        let answers = here.labels.iter().zip(theirs);
        let winner = answers.max_by(|one, other| one.1.total_cmp(other.1));
        winner.map_or(Sender::Otherwise, |(label, probability)| Sender::Said {
            label: label.clone(),
            probability: *probability,
        })
    }
}

/// Whether it is the same file, and not one that is alike.
fn is(one: Option<&Blob>, other: &Blob) -> bool {
    one.is_some_and(|one| js_sys::Object::is(one, other))
}

fn sentence(state: State, news: News) -> Option<String> {
    let language = state.language();
    let text = text(language);
    Some(match news {
        News::Unreadable(Unreadable::Foreign) => return None,
        News::Unreadable(Unreadable::Damaged) => text.damaged.to_owned(),
        News::Unreadable(Unreadable::Newer) => text.newer.to_owned(),
        News::Unknown(name) => (text.unknown)(known_name(&name)),
        News::Came { network, sender } => {
            // With another network chosen since, other numbers are no wonder.
            let answering = state.network().is_some_and(|it| it.file == network);
            match sender.filter(|_| answering) {
                None => text.came.to_owned(),
                Some(Sender::Same) => text.came_same.to_owned(),
                Some(Sender::Otherwise) => format!("{} {}", text.came, text.otherwise),
                Some(Sender::Said { label, probability }) => {
                    let said = (text.said)(&language.class(&label), &percent(probability));
                    format!("{} {said}", text.came)
                }
            }
        }
    })
}

/// For style sheets and tests.
fn state_name(news: &News) -> &'static str {
    match news {
        News::Came { sender: None, .. } => "came",
        News::Came {
            sender: Some(Sender::Same),
            ..
        } => "same",
        News::Came { .. } => "other",
        News::Unreadable(Unreadable::Newer) => "newer",
        News::Unreadable(_) => "damaged",
        News::Unknown(_) => "unknown",
    }
}
