//! What is kept, and who puts it there.

use super::picture::small;
use super::poster::Poster;
use super::store::Store;
use crate::reading::{png, winner};
use crate::state::{State, weights_url};
use futures_channel::mpsc::{UnboundedSender, unbounded};
use js_sys::{Date, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::protocol::channel::OnShow;
use marquee_app::ui::browser;
use wasm_bindgen::JsValue;
use web_sys::Blob;

/// The setting that says whether anything is kept: "off", or anything else.
const SETTING: &str = "marquee.keep";

/// What there is to do. One thing after the other, so that the order of posters is that of answers.
enum Task {
    /// Keep a poster that has its answer.
    Keep(OnShow),
    /// Delete all.
    Clear,
}

/// A handle to what is kept.
#[derive(Clone, Copy)]
pub(super) struct Shelf {
    state: State,
    there: RwSignal<bool>,
    keeps: RwSignal<bool>,
    cleared: RwSignal<bool>,
    posters: RwSignal<Vec<Poster>, LocalStorage>,
    tasks: StoredValue<UnboundedSender<Task>, LocalStorage>,
    /// The file that was last opened again.
    again: RwSignal<Option<Blob>, LocalStorage>,
}

impl Shelf {
    /// Opens the browser's store, and keeps what is answered from now on.
    pub(super) fn open(state: State) -> Shelf {
        let (sender, mut tasks) = unbounded();
        let shelf = Shelf {
            state,
            there: RwSignal::new(false),
            keeps: RwSignal::new(browser::recall(SETTING).as_deref() != Some("off")),
            cleared: RwSignal::new(false),
            posters: RwSignal::new_local(Vec::new()),
            tasks: StoredValue::new_local(sender),
            again: RwSignal::new_local(None),
        };
        spawn_local(async move {
            let store = match Store::open().await {
                Ok(store) => store,
                // A private window. There, nothing is kept or said.
                Err(error) => return web_sys::console::info_1(&error.to_string().into()),
            };
            shelf.there.set(true);
            shelf.look(&store).await;
            while let Ok(task) = tasks.recv().await {
                if let Err(reason) = shelf.work(&store, task).await {
                    web_sys::console::warn_1(&reason);
                }
            }
        });
        shelf.watch();
        shelf
    }

    /// Whether the browser keeps anything.
    pub(super) fn there(self) -> ReadSignal<bool> {
        self.there.read_only()
    }

    /// Whether the visitor wants it.
    pub(super) fn keeps(self) -> ReadSignal<bool> {
        self.keeps.read_only()
    }

    /// Whether all was deleted.
    pub(super) fn cleared(self) -> ReadSignal<bool> {
        self.cleared.read_only()
    }

    /// What is kept, the latest first.
    pub(super) fn posters(self) -> ReadSignal<Vec<Poster>, LocalStorage> {
        self.posters.read_only()
    }

    /// Keeps posters from now on, or no longer; then those that are kept are deleted, too.
    pub(super) fn keep(self, keep: bool) {
        self.keeps.set(keep);
        browser::keep(SETTING, if keep { "on" } else { "off" });
        if !keep {
            self.clear();
        }
    }

    /// Deletes all that is kept.
    pub(super) fn clear(self) {
        self.order(Task::Clear);
    }

    /// Puts a poster back on show, answered by the network that answered it.
    pub(super) fn show_again(self, poster: &Poster) {
        let Some(file) = poster.file() else {
            return;
        };
        let other = self
            .state
            .network()
            .is_none_or(|it| it.file != poster.network);
        let networks = self.state.networks();
        let network = networks.iter().find(|it| it.file == poster.network);
        if let Some(network) = network.filter(|_| other) {
            self.state.choose(network);
        }
        self.again.set(Some(file.clone()));
        self.state.bring_small(poster.name.clone(), file);
        // The answer stands far above.
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }

    fn watch(self) {
        Effect::new(move |_| {
            let Some(poster) = self.state.on_show() else {
                return;
            };
            let again = self.again.get_untracked();
            if again.is_none_or(|file| file != poster.file) {
                self.again.set(None);
                self.order(Task::Keep(poster));
            }
        });
    }

    fn order(self, task: Task) {
        // Without a store there is nobody to do it, and nothing to do.
        self.tasks
            .with_value(|tasks| _ = tasks.unbounded_send(task));
    }

    async fn work(self, store: &Store, task: Task) -> Result<(), JsValue> {
        match task {
            Task::Keep(poster) if self.keeps.get_untracked() => {
                let mut poster = self.read(poster).await?;
                let last = self.posters.with_untracked(|all| all.first().cloned());
                if let Some(last) = last.filter(|last| poster.looks_like(last)) {
                    poster.id = last.id;
                }
                // It may have been switched off meanwhile.
                if self.keeps.get_untracked() {
                    store.put(&poster).await.map_err(spoken)?;
                    self.cleared.set(false);
                }
            }
            Task::Keep(_) => return Ok(()),
            Task::Clear => {
                store.clear().await.map_err(spoken)?;
                self.cleared.set(true);
            }
        }
        self.look(store).await;
        Ok(())
    }

    async fn look(self, store: &Store) {
        match store.posters().await {
            Ok(posters) => self.posters.set(posters),
            Err(error) => web_sys::console::warn_1(&spoken(error)),
        }
    }

    /// What is kept of a poster. The front doesn't tell what the network saw; the worker does.
    async fn read(self, shown: OnShow) -> Result<Poster, JsValue> {
        let when = Date::now();
        let url = weights_url(&shown.network);
        let read = self
            .state
            .networks_client()
            .read(shown.file.clone(), vec![url])
            .await;
        let reading = read.ok().and_then(|read| read.readings.into_iter().next());
        let reading = reading.ok_or("the poster can't be read again")?;
        let &[width, height] = &reading.size[..] else {
            return Err("an input without a size".into());
        };
        let input = png(width, height, &reading.pixels.to_vec())?;
        let (label, probability) = winner(&reading).ok_or("a reading without classes")?;
        Ok(Poster {
            id: None,
            name: shown.name,
            when,
            network: shown.network,
            label,
            probability,
            sure: reading.sure,
            input: Uint8Array::from(input.as_slice()),
            // What the browser itself can't show is known by what the network saw of it.
            small: small(&shown.file).await.unwrap_or_default(),
        })
    }
}

fn spoken(error: rexie::Error) -> JsValue {
    error.to_string().into()
}
