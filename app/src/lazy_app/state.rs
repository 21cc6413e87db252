//! What the lazy app knows: what is on show, which networks there are, and what they answer.

use crate::brought::Brought;
use crate::networks_client::NetworksClient;
use crate::own::classifiers::Classifiers;
use crate::own::put_to_use::Origin;
use crate::reading::Answered;
use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::channel::{
    self, Network, Phase, Preference, Show, Shown, SignText, Snapshot, Wish,
};
use marquee_app::protocol::networks_worker::{Read, Reading, Readings, ToNetworksWorker};
use marquee_app::ui::browser::{self, Picture};
use marquee_app::ui::language::Language;
use std::collections::HashSet;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Blob, File};

/// A handle to all that the lazy app knows.
#[derive(Clone, Copy)]
pub(crate) struct State {
    language: RwSignal<Language>,
    phase: RwSignal<Phase>,
    on_show: RwSignal<Option<Shown>, LocalStorage>,
    /// The weights' file of the network that answers the visitor's posters.
    network: RwSignal<String>,
    engine: RwSignal<Preference>,
    networks: StoredValue<Vec<Network>>,
    /// Classifiers of own classes that this page has at hand: see [`crate::own`].
    own: RwSignal<Vec<Network>>,
    /// The addresses of their weights, which live as long as this names them.
    own_weights: StoredValue<Vec<(String, Picture)>, LocalStorage>,
    /// Counts what the visitor has brought, so that a download knows when it comes too late.
    turn: RwSignal<u32>,
    /// Whether all networks are asked, or just the one that answers: the others are megabytes.
    all_asked: RwSignal<bool>,
    /// The file that was read last, and what the networks answer about it; `None` if they can't.
    read: RwSignal<Option<(Blob, Option<Readings>)>, LocalStorage>,
    /// Several files that were brought at once.
    many: RwSignal<Vec<Brought>, LocalStorage>,
    client: StoredValue<Rc<NetworksClient>, LocalStorage>,
    /// The classifiers that are kept.
    classifiers: Classifiers,
    /// The key of a classifier that the festival is to open.
    to_reopen: RwSignal<Option<u32>>,
    /// A file that the visitor brings as a classifier.
    weights_file: RwSignal<Option<File>, LocalStorage>,
}

impl State {
    /// Finds out what is on show, and has the networks read it from now on.
    pub(crate) fn open() -> State {
        let state = State {
            language: RwSignal::new(Language::ALL[0]),
            phase: RwSignal::new(Phase::Empty),
            on_show: RwSignal::new_local(None),
            network: RwSignal::new(String::new()),
            engine: RwSignal::new(Preference::Auto),
            networks: StoredValue::new(channel::networks()),
            own: RwSignal::new(Vec::new()),
            own_weights: StoredValue::new_local(Vec::new()),
            turn: RwSignal::new(0),
            all_asked: RwSignal::new(!browser::saves_data()),
            read: RwSignal::new_local(None),
            many: RwSignal::new_local(Vec::new()),
            client: StoredValue::new_local(Rc::default()),
            classifiers: Classifiers::new(),
            to_reopen: RwSignal::new(None),
            weights_file: RwSignal::new_local(None),
        };
        channel::subscribe(move |snapshot| state.follow(snapshot));
        channel::on_offer(move |files| state.take_files(files));
        state.read_by_all();
        state
    }

    /// Takes over what has changed, so that nobody is told of what hasn't.
    fn follow(self, snapshot: Snapshot) {
        let begins = matches!(snapshot.phase, Phase::Reading | Phase::LazyView);
        if begins && self.phase.with_untracked(|phase| *phase != snapshot.phase) {
            self.next_turn();
        }
        update(self.language, snapshot.language);
        update(self.network, snapshot.network);
        update(self.engine, snapshot.engine);
        // While the next poster is read the last one's answers stay, so that nothing flickers.
        let same = self.on_show.with_untracked(|shown| {
            let pair = shown.as_ref().zip(snapshot.poster.as_ref());
            pair.is_some_and(|(one, other)| {
                one.file == other.file && one.label == other.label && one.network == other.network
            })
        });
        if !same && snapshot.phase != Phase::Reading {
            self.on_show.set(snapshot.poster);
        }
        update(self.phase, snapshot.phase);
    }

    fn take_files(self, files: Array) {
        // With thousands of files the browser has been busy before this event: the page has its
        // turn first.
        let take = move || {
            let files = files.iter().filter_map(|it| it.dyn_into::<File>().ok());
            self.bring_many(files.filter_map(Brought::chosen).collect());
        };
        set_timeout(take, std::time::Duration::ZERO);
    }

    /// Has every network read what is on show.
    fn read_by_all(self) {
        // Answers about a poster that is gone must not be taken for those about the next one.
        let turn = StoredValue::new(0_u32);
        let loaded = StoredValue::new(HashSet::<String>::new());
        let shown =
            Memo::new_with_compare(move |_| self.on_show.get().map(Same), |old, new| old != new);
        Effect::new(move |_| {
            let mut networks = self.all_networks();
            if !self.all_asked.get() {
                let answering = self.answering();
                networks.retain(|network| answering.as_ref() == Some(network));
            }
            turn.update_value(|turn| *turn += 1);
            let mine = turn.get_value();
            let Some(Same(shown)) = shown.get().filter(|_| !networks.is_empty()) else {
                return self.read.set(None);
            };
            // One that has not answered yet may take long to load, or never come: it is asked alone, so that
            // the others need not wait for it.
            let has_answered =
                |network: &Network| loaded.with_value(|urls| urls.contains(&network.url()));
            let (fast, slow): (Vec<Network>, Vec<Network>) =
                networks.into_iter().partition(has_answered);
            let groups = [fast]
                .into_iter()
                .chain(slow.into_iter().map(|it| vec![it]));
            for group in groups.filter(|group| !group.is_empty()) {
                let shown = shown.clone();
                spawn_local(async move {
                    let request = ToNetworksWorker::Read(Read {
                        id: 0,
                        file: shown.file.clone(),
                        picture: shown.picture,
                        networks: group.iter().map(Network::url).collect(),
                        thumbnail: Some(true),
                        features: None,
                    });
                    let readings = self.networks_client().ask::<Readings>(request).await;
                    if let Ok(readings) = &readings {
                        let urls = readings.readings.iter().map(|it| it.url.clone());
                        loaded.update_value(|loaded| loaded.extend(urls));
                    }
                    if turn.get_value() == mine {
                        self.read
                            .update(|read| add(read, shown.file, readings.ok()));
                    }
                });
            }
        });
    }

    /// The language.
    pub(crate) fn language(self) -> Language {
        self.language.get()
    }

    /// The engine that the visitor asks for.
    pub(crate) fn engine(self) -> Preference {
        self.engine.get()
    }

    /// How far the poster on show has come.
    pub(crate) fn phase(self) -> Phase {
        self.phase.get()
    }

    /// The poster that has its answer.
    pub(crate) fn on_show(self) -> Option<Shown> {
        self.on_show.get()
    }

    /// The networks of this site, the first the one that answers a first visit.
    pub(crate) fn networks(self) -> Vec<Network> {
        self.networks.get_value()
    }

    /// The networks of this site, and the classifiers of own classes.
    pub(crate) fn all_networks(self) -> Vec<Network> {
        [self.networks(), self.own.get()].concat()
    }

    /// The network whose features own classes are learned from: the best one, or the first.
    pub(crate) fn base(self) -> Option<Network> {
        let mut networks = self.networks();
        let best = networks.iter().position(|it| it.best == Some(true));
        (!networks.is_empty()).then(|| networks.swap_remove(best.unwrap_or(0)))
    }

    /// Adds a classifier of own classes to the page's networks, in place of an earlier one of this name,
    /// also where that one answers the visitor's posters. `weights` is the address of its weights.
    pub(crate) fn add_own(self, network: Network, weights: Picture) {
        let mut own = self.own.get_untracked();
        let answers = self.network.get_untracked();
        let replaces = |it: &Network| it.name == network.name && it.file == answers;
        let takes_over = own.iter().any(replaces);
        own.retain(|it| it.name != network.name);
        own.push(network.clone());
        channel::set_networks(&[self.networks(), own.clone()].concat());
        // What an earlier one needed in memory is free.
        self.networks_client().renew();
        self.own_weights.update_value(|all| {
            all.retain(|(name, _)| *name != network.name);
            all.push((network.name.clone(), weights));
        });
        self.own.set(own);
        if takes_over {
            // The next poster would be read by one whose weights are gone.
            self.choose(&network);
        }
    }

    /// Whether a network is a classifier of own classes.
    pub(crate) fn is_own(self, network: &Network) -> bool {
        self.own.with(|own| own.contains(network))
    }

    /// The classifiers that are kept.
    pub(crate) fn classifiers(self) -> Classifiers {
        self.classifiers
    }

    /// Has the festival open the classifier of this key.
    pub(crate) fn reopen(self, id: Option<u32>) {
        self.to_reopen.set(id);
    }

    /// The key of a classifier that the festival is to open.
    pub(crate) fn to_reopen(self) -> ReadSignal<Option<u32>> {
        self.to_reopen.read_only()
    }

    /// The visitor brings a file as a classifier.
    pub(crate) fn bring_weights(self, file: Option<File>) {
        self.weights_file.set(file);
    }

    /// A file that the visitor brings as a classifier.
    pub(crate) fn weights_file(self) -> ReadSignal<Option<File>, LocalStorage> {
        self.weights_file.read_only()
    }

    /// Has the initial app read a poster by this network.
    pub(crate) fn bring_to(self, name: String, file: Blob, network: &Network) {
        channel::wish(&Wish::Show(Show {
            name,
            file,
            small: false,
            network: Some(network.file.clone()),
        }));
    }

    /// The network that answers the visitor's posters.
    pub(crate) fn network(self) -> Option<Network> {
        self.network_of(&self.network.get())
    }

    /// The network whose answer is on show; without one, the network that answers the visitor's posters.
    pub(crate) fn answering(self) -> Option<Network> {
        let shown = self
            .on_show
            .with(|shown| shown.as_ref().map(|it| it.network.clone()));
        self.network_of(&shown.unwrap_or_else(|| self.network.get()))
    }

    fn network_of(self, file: &str) -> Option<Network> {
        let listed = (self.networks)
            .with_value(|networks| networks.iter().find(|it| it.file == file).cloned());
        listed.or_else(|| {
            self.own
                .with(|own| own.iter().find(|it| it.file == file).cloned())
        })
    }

    /// Whether every network is asked.
    pub(crate) fn all_asked(self) -> bool {
        self.all_asked.get()
    }

    /// The visitor wants to hear all networks, although data is to be saved.
    pub(crate) fn ask_all(self) {
        self.all_asked.set(true);
    }

    /// What the network at this URL answers about the poster on show, or still about the last one.
    pub(crate) fn reading_of(self, url: &str) -> Option<Reading> {
        self.read.with(|read| {
            let (_, readings) = read.as_ref()?;
            let mut all = readings.as_ref()?.readings.iter();
            all.find(|it| it.url == url).cloned()
        })
    }

    /// What the network whose answer is on show reads in it.
    pub(crate) fn reading(self) -> Option<Reading> {
        self.reading_of(&self.answering()?.url())
    }

    /// Whether the networks have read the poster on show, or failed to.
    pub(crate) fn is_read(self) -> bool {
        let on_show = self.on_show.get();
        self.read.with(|read| {
            let pair = on_show.as_ref().zip(read.as_ref());
            pair.is_some_and(|(shown, (file, _))| shown.file == *file)
        })
    }

    /// The poster on show with what the network that has answered it reads in it, once it has been read.
    pub(crate) fn answered(self) -> Option<Answered> {
        let reading = self.reading().filter(|_| self.is_read())?;
        let thumbnail = self.read.with(|read| {
            let (_, readings) = read.as_ref()?;
            readings.as_ref()?.thumbnail.clone()
        })?;
        Some(Answered {
            shown: self.on_show()?,
            network: self.answering()?,
            reading,
            thumbnail,
        })
    }

    /// The height of the poster that was read last, in its own widths.
    pub(crate) fn poster_shape(self) -> Option<f64> {
        self.read.with(|read| {
            let (_, readings) = read.as_ref()?;
            let &[width, height] = &readings.as_ref()?.size[..] else {
                return None;
            };
            Some(f64::from(height) / f64::from(width))
        })
    }

    /// The visitor chooses another network: for later visits, too, unless these will not have it.
    pub(crate) fn choose(self, network: &Network) {
        let file = network.file.clone();
        channel::wish(&match Origin::of(&file) {
            None | Some(Origin::Kept(_)) => Wish::Network(file),
            Some(Origin::Brought | Origin::Unkept) => Wish::Guest(file),
        });
    }

    /// Has the initial app read a poster.
    pub(crate) fn bring(self, name: String, file: Blob) {
        channel::wish(&Wish::Show(Show {
            name,
            file,
            small: false,
            network: None,
        }));
    }

    /// Has the initial app read a picture of a network's input by that network, or, if that is not on
    /// this page, by the visitor's. It is shown stretched to a poster's shape.
    pub(crate) fn bring_small(self, name: String, file: Blob, network: Option<&Network>) {
        channel::wish(&Wish::Show(Show {
            name,
            file,
            small: true,
            network: network.map(|network| network.file.clone()),
        }));
    }

    /// The visitor brings several files at once.
    pub(crate) fn bring_many(self, files: Vec<Brought>) {
        self.many.set(files);
    }

    /// The number of what was brought last.
    pub(crate) fn turn(self) -> u32 {
        self.turn.get()
    }

    /// The number of what is being brought now.
    pub(crate) fn next_turn(self) -> u32 {
        self.turn.update(|turn| *turn += 1);
        self.turn.get_untracked()
    }

    /// Several files that were brought at once.
    pub(crate) fn many(self) -> ReadSignal<Vec<Brought>, LocalStorage> {
        self.many.read_only()
    }

    /// Makes room for a view of the lazy app's own, with this text on the sign. Without a text the
    /// page is as it was at the beginning.
    pub(crate) fn show_view(self, above: String, below: String) {
        channel::wish(&Wish::LazyView(SignText { above, below }));
    }

    /// The worker for one poster.
    pub(crate) fn networks_client(self) -> Rc<NetworksClient> {
        self.client.get_value()
    }
}

/// The state that `main` provides.
pub(crate) fn use_state() -> State {
    expect_context()
}

/// Adds what some networks answer about a file to what the others have answered about it.
fn add(read: &mut Option<(Blob, Option<Readings>)>, file: Blob, new: Option<Readings>) {
    match read {
        Some((known, Some(readings))) if *known == file => {
            let new = new.map(|new| new.readings).unwrap_or_default();
            let same = |old: &Reading| new.iter().any(|it| it.url == old.url);
            readings.readings.retain(|old| !same(old));
            readings.readings.extend(new);
        }
        _ => *read = Some((file, new)),
    }
}

/// A poster, which is another one whenever its file is another object.
#[derive(Clone)]
struct Same(Shown);

impl PartialEq for Same {
    fn eq(&self, other: &Same) -> bool {
        self.0.file == other.0.file
    }
}

fn update<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}
