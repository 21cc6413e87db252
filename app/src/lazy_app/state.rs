//! What the lobby knows: what is on show, which networks there are, and who works for it.

use crate::networks_client::NetworksClient;
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::protocol::channel::{
    Bring, Hello, Network, OnShow, SignText, ToInitialApp, ToLazyApp,
};
use marquee_app::protocol::networks_worker::Reading;
use marquee_app::ui::language::Language;
use marquee_app::ui::{browser, exchange};
use std::rc::Rc;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Blob, File};

/// A network of `weights/index.json`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Listed {
    /// Its name, such as `cnn32`.
    pub(crate) name: String,
    /// The name that visitors read, such as `CNN32`.
    pub(crate) title: String,
    /// The weights' file, in the folder of the list.
    pub(crate) file: String,
}

impl Listed {
    /// The absolute URL of its weights.
    pub(crate) fn url(&self) -> String {
        weights_url(&self.file)
    }
}

/// The absolute URL of a file in the weights' folder.
pub(crate) fn weights_url(file: &str) -> String {
    browser::site_url(&format!("weights/{file}"))
}

/// A file, which is another one whenever it is another object.
#[derive(Clone, PartialEq)]
struct Same(Blob);

/// A handle to all that the lobby knows.
#[derive(Clone, Copy)]
pub(crate) struct State {
    language: RwSignal<Language>,
    on_show: RwSignal<Option<OnShow>, LocalStorage>,
    /// The weights' file of the network that answers.
    network: RwSignal<String>,
    networks: RwSignal<Vec<Listed>>,
    /// Whether all networks are asked, or just the one that answers: the others are megabytes.
    all_asked: RwSignal<bool>,
    /// What each network reads in the poster on show.
    readings: RwSignal<Vec<Reading>, LocalStorage>,
    /// The picture of a network's input that was brought last.
    small: StoredValue<Option<Blob>, LocalStorage>,
    /// What was brought at once, if it was several.
    many: RwSignal<Vec<File>, LocalStorage>,
    client: StoredValue<Rc<NetworksClient>, LocalStorage>,
}

impl State {
    /// Opens it: finds out what is on show, and which networks there are.
    pub(crate) fn open() -> State {
        let state = State {
            language: RwSignal::new(spoken()),
            on_show: RwSignal::new_local(None),
            network: RwSignal::new(String::new()),
            networks: RwSignal::new(Vec::new()),
            all_asked: RwSignal::new(!browser::saves_data()),
            readings: RwSignal::new_local(Vec::new()),
            small: StoredValue::new_local(None),
            many: RwSignal::new_local(Vec::new()),
            client: StoredValue::new_local(NetworksClient::new()),
        };
        exchange::hear(exchange::LAZY_APP, move |message| match message {
            ToLazyApp::Answered(poster) => {
                state.network.set(poster.network.clone());
                state.on_show.set(Some(poster));
            }
            ToLazyApp::Cleared(cleared) => {
                state.network.set(cleared.network);
                // While the next poster is read the last one's answers stay, so that nothing flickers.
                if !cleared.reading {
                    state.on_show.set(None);
                }
            }
        });
        let version = env!("CARGO_PKG_VERSION").to_owned();
        exchange::tell(
            exchange::INITIAL_APP,
            &ToInitialApp::Hello(Hello { version }),
        );
        state.follow_language();
        state.watch_small();
        state.read_by_all();
        spawn_local(async move {
            match listed().await {
                Ok(networks) => state.networks.set(networks),
                Err(error) => web_sys::console::warn_1(&error),
            }
        });
        state
    }

    /// Has every network read what is on show.
    fn read_by_all(self) {
        // Answers to a poster that is gone must not be taken for the next one's.
        let turn = StoredValue::new(0_u32);
        let file = Memo::new_with_compare(
            move |_| {
                self.on_show
                    .with(|it| it.as_ref().map(|it| Same(it.file.clone())))
            },
            |old, new| old != new,
        );
        Effect::new(move |_| {
            let mut networks = self.networks.get();
            if !self.all_asked.get() {
                networks.retain(|network| self.network.with(|file| *file == network.file));
            }
            let file = file.get();
            turn.update_value(|turn| *turn += 1);
            let mine = turn.get_value();
            let Some(Same(file)) = file.filter(|_| !networks.is_empty()) else {
                return self.readings.set(Vec::new());
            };
            spawn_local(async move {
                let urls = networks.iter().map(Listed::url).collect();
                let read = self.networks_client().read(file, urls).await;
                if turn.get_value() == mine {
                    self.readings
                        .set(read.map(|it| it.readings).unwrap_or_default());
                }
            });
        });
    }

    /// The front writes the language into `<html lang>`.
    fn follow_language(self) {
        let on_change = Closure::<dyn Fn()>::new(move || self.language.set(spoken()));
        let observer = web_sys::MutationObserver::new(on_change.as_ref().unchecked_ref());
        if let (Ok(observer), Some(html)) = (observer, document().document_element()) {
            let what = web_sys::MutationObserverInit::new();
            what.set_attribute_filter(&js_sys::Array::of1(&"lang".into()));
            // Only options that contradict each other would be an error.
            _ = observer.observe_with_options(&html, &what);
        }
        on_change.forget();
    }

    /// The language.
    pub(crate) fn language(self) -> Language {
        self.language.get()
    }

    /// The poster that has its answer.
    pub(crate) fn on_show(self) -> Option<OnShow> {
        self.on_show.get()
    }

    /// All networks, the first the one that answers a first visit.
    pub(crate) fn networks(self) -> Vec<Listed> {
        self.networks.get()
    }

    /// The network that answers, once the list is there.
    pub(crate) fn network(self) -> Option<Listed> {
        let file = self.network.get();
        self.networks
            .with(|networks| networks.iter().find(|it| it.file == file).cloned())
    }

    /// Whether every network is asked.
    pub(crate) fn all_asked(self) -> bool {
        self.all_asked.get()
    }

    /// The visitor wants to hear all networks, although data is to be saved.
    pub(crate) fn ask_all(self) {
        self.all_asked.set(true);
    }

    /// What the network at this URL reads in the poster on show.
    pub(crate) fn reading_of(self, url: &str) -> Option<Reading> {
        self.readings
            .with(|all| all.iter().find(|it| it.url == url).cloned())
    }

    /// What the network that answers reads in it.
    pub(crate) fn reading(self) -> Option<Reading> {
        self.reading_of(&self.network()?.url())
    }

    /// Answers by another network from now on.
    pub(crate) fn choose(self, network: &Listed) {
        let file = network.file.clone();
        exchange::tell(
            exchange::INITIAL_APP,
            &ToInitialApp::Network(Network { file }),
        );
    }

    /// Has the front read a poster.
    pub(crate) fn bring(self, name: String, file: Blob) {
        self.small.set_value(None);
        mark_small(false);
        self.hand_over(name, file);
    }

    /// Has the front read a picture of a network's input, which is shown stretched back to a poster's
    /// shape for as long as it is on show.
    pub(crate) fn bring_small(self, name: String, file: Blob) {
        self.small.set_value(Some(file.clone()));
        mark_small(true);
        self.hand_over(name, file);
    }

    fn hand_over(self, name: String, file: Blob) {
        exchange::tell(
            exchange::INITIAL_APP,
            &ToInitialApp::Bring(Bring { name, file }),
        );
    }

    /// The visitor brings several files at once.
    pub(crate) fn bring_many(self, files: Vec<File>) {
        self.many.set(files);
    }

    /// Takes the mark of a small picture away once another poster is on show.
    fn watch_small(self) {
        Effect::new(move |_| {
            let file = self
                .on_show
                .with(|it| it.as_ref().map(|it| it.file.clone()));
            if let Some(file) = file {
                mark_small(self.small.with_value(|small| small.as_ref() == Some(&file)));
            }
        });
    }

    /// Several files that were brought at once.
    pub(crate) fn many(self) -> ReadSignal<Vec<File>, LocalStorage> {
        self.many.read_only()
    }

    /// Puts words on the sign; without any it is as at the beginning.
    pub(crate) fn board(self, above: String, below: String) {
        exchange::tell(
            exchange::INITIAL_APP,
            &ToInitialApp::SignText(SignText { above, below }),
        );
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

/// Says to style sheets whether the poster on show is as small as a network sees it.
fn mark_small(small: bool) {
    if let Some(html) = document().document_element() {
        // Only an invalid attribute name could fail.
        _ = html.toggle_attribute_with_force("data-small", small);
    }
}

/// The language that the front speaks.
fn spoken() -> Language {
    let html = document().document_element();
    let tag = html.and_then(|html| html.get_attribute("lang"));
    Language::from_tag(&tag.unwrap_or_default())
}

/// The networks of `weights/index.json`.
async fn listed() -> Result<Vec<Listed>, wasm_bindgen::JsValue> {
    let text = browser::download_text(&weights_url("index.json")).await?;
    networks_of(&text).ok_or_else(|| "weights/index.json is no list of networks".into())
}

fn networks_of(text: &str) -> Option<Vec<Listed>> {
    let list: serde_json::Value = serde_json::from_str(text).ok()?;
    let networks = list["networks"].as_array()?.iter().map(|network| {
        let name = network["name"].as_str()?;
        Some(Listed {
            name: name.to_owned(),
            title: network["title"].as_str().unwrap_or(name).to_owned(),
            file: network["file"].as_str()?.to_owned(),
        })
    });
    networks.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read_and_nonsense_is_not() {
        let networks = networks_of(r#"{"networks":[{"name":"mine","file":"mine.safetensors"}]}"#);
        let networks = networks.expect("a list");
        assert_eq!(networks[0].name, "mine");
        assert_eq!(networks[0].title, "mine");
        assert_eq!(networks[0].file, "mine.safetensors");
        assert_eq!(networks_of(r#"{"networks":[{"name":"mine"}]}"#), None);
        assert_eq!(networks_of("<!doctype html>"), None);
    }
}
