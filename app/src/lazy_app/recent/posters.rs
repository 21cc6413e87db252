//! The recent posters: keeps what is answered, and opens it again.

use super::database::Database;
use super::poster::RecentPoster;
use crate::reading::{Answered, png, winner};
use crate::state::State;
use crate::thumbnail::jpeg;
use futures_channel::mpsc::{UnboundedSender, unbounded};
use js_sys::{Date, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::ui::browser;
use wasm_bindgen::JsValue;
use web_sys::Blob;

/// The setting that keeps nothing if it is "off".
const SETTING: &str = "marquee.keep";

/// What there is to do, one after another, so that the posters are in the order of their answers.
enum Task {
    /// Keep a poster that was answered.
    Keep(Box<Answered>),
    /// Delete all posters.
    Clear,
}

/// A handle to the recent posters.
#[derive(Clone, Copy)]
pub(super) struct RecentPosters {
    state: State,
    /// Whether the browser has a database for them.
    pub(super) available: RwSignal<bool>,
    /// Whether the visitor wants posters to be kept.
    pub(super) keeps: RwSignal<bool>,
    /// Whether all posters were deleted.
    pub(super) cleared: RwSignal<bool>,
    /// The posters, the latest first.
    pub(super) posters: RwSignal<Vec<RecentPoster>, LocalStorage>,
    tasks: StoredValue<UnboundedSender<Task>, LocalStorage>,
}

impl RecentPosters {
    /// Opens the browser's database, and keeps what is answered from now on.
    pub(super) fn open(state: State) -> RecentPosters {
        let (sender, mut tasks) = unbounded();
        let recent = RecentPosters {
            state,
            available: RwSignal::new(false),
            keeps: RwSignal::new(browser::recall(SETTING).as_deref() != Some("off")),
            cleared: RwSignal::new(false),
            posters: RwSignal::new_local(Vec::new()),
            tasks: StoredValue::new_local(sender),
        };
        spawn_local(async move {
            let database = match Database::open().await {
                Ok(database) => database,
                // Some browsers forbid it in private windows; there, nothing is kept.
                Err(error) => return web_sys::console::info_1(&error.to_string().into()),
            };
            recent.available.set(true);
            recent.load(&database).await;
            while let Ok(task) = tasks.recv().await {
                if let Err(reason) = recent.perform(&database, task).await {
                    web_sys::console::warn_1(&reason);
                }
            }
        });
        recent.watch();
        recent
    }

    /// Keeps posters from now on, or keeps none any more and deletes them all.
    pub(super) fn keep(self, keep: bool) {
        self.keeps.set(keep);
        browser::keep(SETTING, if keep { "on" } else { "off" });
        if !keep {
            self.clear();
        }
    }

    /// Deletes all posters.
    pub(super) fn clear(self) {
        self.enqueue(Task::Clear);
    }

    /// Shows a poster again, answered by the same network.
    pub(super) fn show_again(self, poster: &RecentPoster) {
        let Some(file) = poster.file() else {
            return;
        };
        let networks = self.state.all_networks();
        let network = networks.iter().find(|it| it.file == poster.network);
        self.state.bring_small(poster.name.clone(), file, network);
        // The answer is far above.
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }

    fn watch(self) {
        Effect::new(move |last: Option<Option<(Blob, String)>>| {
            let last = last.flatten();
            let Some(answered) = self.state.answered() else {
                return last;
            };
            let file = answered.shown.file.clone();
            let this = Some((file.clone(), answered.network.file.clone()));
            // Posters of links are not the visitor's own, and those that were opened again are kept already.
            if last != this && !answered.shown.small {
                self.enqueue(Task::Keep(Box::new(answered)));
            }
            this
        });
    }

    fn enqueue(self, task: Task) {
        // Without a database nobody receives it.
        self.tasks
            .with_value(|tasks| _ = tasks.unbounded_send(task));
    }

    async fn perform(self, database: &Database, task: Task) -> Result<(), JsValue> {
        match task {
            Task::Keep(answered) if self.keeps.get_untracked() => {
                let mut poster = recent_poster(*answered).await?;
                let last = self.posters.with_untracked(|all| all.first().cloned());
                if let Some(last) = last.filter(|last| poster.looks_like(last)) {
                    poster.id = last.id;
                }
                // The visitor may have switched it off meanwhile.
                if self.keeps.get_untracked() {
                    database.put(&poster).await.map_err(message)?;
                    self.cleared.set(false);
                }
            }
            Task::Keep(_) => return Ok(()),
            Task::Clear => {
                database.clear().await.map_err(message)?;
                self.cleared.set(true);
            }
        }
        self.load(database).await;
        Ok(())
    }

    async fn load(self, database: &Database) {
        match database.posters().await {
            Ok(posters) => self.posters.set(posters),
            Err(error) => web_sys::console::warn_1(&message(error)),
        }
    }
}

/// What to keep of a poster.
async fn recent_poster(answered: Answered) -> Result<RecentPoster, JsValue> {
    let when = Date::now();
    let Answered {
        shown,
        network,
        reading,
        thumbnail,
    } = answered;
    let &[width, height] = &reading.size[..] else {
        return Err("an input without a size".into());
    };
    let input = png(width, height, &reading.pixels.to_vec())?;
    let (label, probability) = winner(&reading).ok_or("a reading without classes")?;
    Ok(RecentPoster {
        id: None,
        name: shown.name,
        when,
        network: network.file,
        label,
        probability,
        sure: reading.sure,
        input: Uint8Array::from(input.as_slice()),
        small: jpeg(&thumbnail).await.unwrap_or_default(),
    })
}

fn message(error: rexie::Error) -> JsValue {
    error.to_string().into()
}
