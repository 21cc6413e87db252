//! How the page's two programs speak with each other.
//!
//! The initial app answers one poster and is downloaded first; the lazy app, which is downloaded
//! behind it, does everything else. They share a document, but no memory. The initial app publishes
//! a [`Snapshot`] whenever what is on show changes, and whoever subscribes gets the newest one at
//! once. The lazy app asks for something by a [`Wish`], and mounts its views into the [`Slot`]s.
//! Neither program touches what the other has put into the document.

use crate::protocol::Picture;
use crate::ui::browser;
use crate::ui::language::Language;
use crate::wire::{Wire, record, variants, words};
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Blob, CustomEvent, CustomEventInit, window};

/// The event of a new snapshot; `www/start.js` knows it, too.
const SNAPSHOT: &str = "marquee-snapshot";
/// The event of a wish.
const WISH: &str = "marquee-wish";
/// The event of several files at once.
const FILES: &str = "marquee-files";
/// The property of the window that holds the newest snapshot.
const NEWEST: &str = "marqueeSnapshot";
/// The property of the window that holds the list of networks.
const NETWORKS: &str = "marqueeNetworks";
/// The property of the window that holds the weights' file of the network that answers first.
const FIRST_NETWORK: &str = "marqueeNetwork";
/// The setting with the weights' file of the network that the visitor has chosen; `www/start.js` reads it, too.
const CHOICE: &str = "marquee.network";

record! {
    /// What is on show.
    pub struct Snapshot {
        /// The language of the page.
        pub language: Language = "language",
        /// The weights' file of the network that answers the visitor's posters.
        pub network: String = "network",
        /// The engine that the visitor asks for.
        pub engine: Preference = "engine",
        /// How far the poster on show has come.
        pub phase: Phase = "phase",
        /// The poster on show, once it has its answer.
        pub poster: Option<Shown> = "poster",
    }
}

record! {
    /// A network of `weights/index.json`.
    #[derive(PartialEq)]
    pub struct Network {
        /// Its name, such as `cnn32`.
        pub name: String = "name",
        /// The name that visitors read, such as `CNN32`.
        pub title: Option<String> = "title",
        /// The weights' file, in the folder of the list.
        pub file: String = "file",
        /// The classes, as the weights' metadata calls them.
        pub labels: Option<Vec<String>> = "labels",
        /// Whether it is the best one: it answers behind the first one of the list, which is faster.
        pub best: Option<bool> = "best",
        /// The absolute URL of its weights. `www/start.js` adds it; it ends with the hash that the list
        /// has of them.
        pub url: Option<String> = "url",
    }
}

impl Network {
    /// The name that visitors read.
    pub fn title(&self) -> &str {
        self.title.as_ref().unwrap_or(&self.name)
    }

    /// The absolute URL of its weights.
    pub fn url(&self) -> String {
        weights_url(&self.file)
    }
}

/// The networks of `weights/index.json`, which `www/start.js` has loaded: the first one answers a
/// first visit. None if the list could not be loaded.
pub fn networks() -> Vec<Network> {
    property(NETWORKS).unwrap_or_default()
}

/// Replaces the list of networks, for both programs.
pub fn set_networks(networks: &Vec<Network>) {
    if let Some(window) = window() {
        // The window takes any property.
        _ = Reflect::set(&window, &NETWORKS.into(), &networks.write());
    }
}

/// The weights' file of the network that answers first. `www/start.js` has chosen it: its worker may
/// run before any program.
pub fn first_network() -> Option<String> {
    property(FIRST_NETWORK)
}

/// The weights' file of the network that the visitor has chosen for this visit and later ones, if there is one.
pub fn choice() -> Option<String> {
    browser::recall(CHOICE)
}

/// Keeps the visitor's choice for later visits.
pub fn keep_choice(network: &str) {
    browser::keep(CHOICE, network);
}

/// Forgets the visitor's choice.
pub fn forget_choice() {
    browser::forget(CHOICE);
}

/// The absolute URL of a file in the weights' folder.
pub fn weights_url(file: &str) -> String {
    let mut networks = networks().into_iter();
    let listed = networks.find(|network| network.file == file);
    listed
        .and_then(|network| network.url)
        .unwrap_or_else(|| browser::site_url(&format!("weights/{file}")))
}

words! {
    /// The engine that the visitor asks for. The word is also kept for the next visit.
    #[derive(Default)]
    pub enum Preference {
        /// The page decides.
        #[default]
        Auto = "auto",
        /// Always the CPU.
        Cpu = "cpu",
        /// WebGPU even if it is slower.
        Gpu = "gpu",
    }
}

impl Preference {
    /// In the order in which they are offered.
    pub const ALL: [Preference; 3] = [Preference::Auto, Preference::Cpu, Preference::Gpu];
}

words! {
    /// How far the poster on show has come.
    pub enum Phase {
        /// There is no poster.
        Empty = "empty",
        /// It is being read.
        Reading = "reading",
        /// It has its answer.
        Answered = "answered",
        /// It can't be classified.
        Refused = "refused",
        /// The lazy app's own view is on show, with its text on the sign.
        LazyView = "lazyView",
    }
}

record! {
    /// A poster that has its answer.
    pub struct Shown {
        /// What it is called.
        pub name: String = "name",
        /// Its file.
        pub file: Blob = "file",
        /// Its pixels, unless they are more than [`Picture::MOST_BYTES`].
        pub picture: Option<Picture> = "picture",
        /// Its class, as the model calls it.
        pub label: String = "label",
        /// The weights' file of the network that says so.
        pub network: String = "network",
        /// As in [`Show`].
        pub small: bool = "small",
    }
}

variants! {
    /// What the lazy app asks of the initial app.
    pub enum Wish {
        /// Read this poster, as if the visitor had dropped it.
        Show(Show) = "show",
        /// Put this text on the sign, and make room for the lazy app's own view.
        LazyView(SignText) = "lazyView",
        /// The visitor chooses the network of this weights' file, for this visit and later ones.
        Network(String) = "network",
        /// The network of this weights' file answers, on this visit only: later ones do not have it.
        Guest(String) = "guest",
    }
}

record! {
    /// A poster to read.
    pub struct Show {
        /// What it is called.
        pub name: String = "name",
        /// Its file.
        pub file: Blob = "file",
        /// Whether it is a network's input, from a link or of a recent poster. It is shown stretched to a
        /// poster's shape.
        pub small: bool = "small",
        /// The weights' file of the network that has to answer it, if that need not be the visitor's.
        pub network: Option<String> = "network",
    }
}

record! {
    /// A text for the sign. Without any, the page is empty again.
    #[derive(PartialEq)]
    pub struct SignText {
        /// The upper line.
        pub above: String = "above",
        /// The lower line, in large letters.
        pub below: String = "below",
    }
}

/// The places that the initial app leaves empty for the lazy app's views.
#[derive(Clone, Copy)]
pub enum Slot {
    /// Over the poster, inside its frame.
    Frame,
    /// Under the poster.
    Case,
    /// Under the answer.
    Programme,
    /// Under everything else.
    Page,
}

impl Slot {
    /// The value of the element's attribute `data-slot`.
    pub const fn name(self) -> &'static str {
        match self {
            Slot::Frame => "frame",
            Slot::Case => "case",
            Slot::Programme => "programme",
            Slot::Page => "page",
        }
    }
}

/// Publishes what is on show.
pub fn publish(snapshot: &Snapshot) {
    let snapshot = snapshot.write();
    if let Some(window) = window() {
        // The window takes any property.
        _ = Reflect::set(&window, &NEWEST.into(), &snapshot);
    }
    send(SNAPSHOT, &snapshot);
}

/// Hears what is on show, now and whenever it changes, for as long as the page lives.
pub fn subscribe(on_snapshot: impl Fn(Snapshot) + 'static) {
    if let Some(snapshot) = property(NEWEST) {
        on_snapshot(snapshot);
    }
    hear(SNAPSHOT, move |snapshot, _| on_snapshot(snapshot));
}

/// Asks the initial app for something.
pub fn wish(wish: &Wish) {
    send(WISH, &wish.write());
}

/// Hears what the lazy app asks for, for as long as the page lives.
pub fn on_wish(grant: impl Fn(Wish) + 'static) {
    hear(WISH, move |wish, _| grant(wish));
}

/// Offers several files to the lazy app. False if it is not there yet.
pub fn offer(files: &Array) -> bool {
    send(FILES, files)
}

/// Takes several files that were brought at once, for as long as the page lives.
pub fn on_offer(take: impl Fn(Array) + 'static) {
    hear(FILES, move |files, event| {
        event.prevent_default();
        take(files);
    });
}

/// What a property of the window holds.
fn property<T: Wire>(name: &str) -> Option<T> {
    T::read(&Reflect::get(window()?.as_ref(), &name.into()).ok()?)
}

/// Whether somebody has taken what was sent.
fn send(name: &str, message: &JsValue) -> bool {
    let options = CustomEventInit::new();
    options.set_cancelable(true);
    options.set_detail(message);
    let event = CustomEvent::new_with_event_init_dict(name, &options);
    match (window(), event) {
        // Only an event that is being dispatched already would be an error.
        (Some(window), Ok(event)) => window.dispatch_event(&event) == Ok(false),
        _ => false,
    }
}

fn hear<M: Wire + 'static>(name: &str, on_message: impl Fn(M, &CustomEvent) + 'static) {
    let on_event = Closure::<dyn Fn(CustomEvent)>::new(move |event: CustomEvent| {
        if let Some(message) = M::read(&event.detail()) {
            on_message(message, &event);
        }
    });
    if let Some(window) = window() {
        // Only a null listener would be an error.
        _ = window.add_event_listener_with_callback(name, on_event.as_ref().unchecked_ref());
    }
    on_event.forget();
}

impl Wire for Language {
    fn write(&self) -> JsValue {
        self.tag().into()
    }

    fn read(value: &JsValue) -> Option<Language> {
        value.as_string().map(|tag| Language::from_tag(&tag))
    }
}
