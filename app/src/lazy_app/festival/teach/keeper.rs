//! Keeps what is taught in this browser's database, and opens it again.

use crate::brought::Brought;
use crate::festival::batch_run::BatchRun;
use crate::festival::entry;
use crate::own::database::Database;
use crate::own::kept::{KeptClassifier, KeptPoster, key};
use crate::state::State;
use crate::thumbnail::jpeg;
use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::protocol::networks_worker::{Read, Readings, ToNetworksWorker};
use marquee_app::protocol::teaching::NO_CLASS;
use std::rc::Rc;
use web_sys::File;

/// So many posters are stored at a time.
const AT_A_TIME: usize = 8;

/// Whether what is taught is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Keeping {
    /// Nothing was taught yet, or it is being stored.
    NotYet,
    /// It is kept as it is.
    Kept,
    /// The browser refuses.
    Refused,
}

/// A handle to what keeps.
#[derive(Clone, Copy)]
pub(super) struct Keeper {
    state: State,
    run: BatchRun,
    /// Whether what is taught is kept.
    pub(super) keeping: RwSignal<Keeping>,
    /// The classifier's key in the database.
    id: StoredValue<Option<u32>>,
    /// By their numbers in the festival, the numbers that stored posters have in the database.
    stored: StoredValue<Vec<Option<u32>>>,
    /// What is to be kept next.
    next: StoredValue<Option<KeptClassifier>, LocalStorage>,
    busy: StoredValue<bool>,
    /// Counts the classifiers that were begun.
    turn: StoredValue<u32>,
    database: StoredValue<Option<Rc<Database>>, LocalStorage>,
}

/// A poster that was kept.
pub(super) struct Reopened {
    /// Its number in the database.
    pub(super) number: u32,
    /// Its thumbnail.
    pub(super) file: Brought,
    /// Its class.
    pub(super) truth: Option<u8>,
    /// What is learned from.
    pub(super) lesson: entry::Lesson,
}

impl Keeper {
    /// Nothing is kept yet.
    pub(super) fn new(state: State, run: BatchRun) -> Keeper {
        Keeper {
            state,
            run,
            keeping: RwSignal::new(Keeping::NotYet),
            id: StoredValue::new(None),
            stored: StoredValue::new(Vec::new()),
            next: StoredValue::new_local(None),
            busy: StoredValue::new(false),
            turn: StoredValue::new(0),
            database: StoredValue::new_local(None),
        }
    }

    /// Another classifier is taught: the one of this key, whose posters have these numbers, or a new one.
    pub(super) fn begin(self, id: Option<u32>, posters: &[u32]) {
        self.turn.update_value(|turn| *turn += 1);
        self.next.set_value(None);
        self.keeping.set(Keeping::NotYet);
        self.id.set_value(id);
        self.stored
            .set_value(posters.iter().map(|number| Some(*number)).collect());
    }

    /// The classifier's key in the database, once it has one.
    pub(super) fn id(self) -> Option<u32> {
        self.id.get_value()
    }

    /// Keeps a classifier with the posters and ticks of the festival. One without any tick is not kept.
    pub(super) fn keep(self, classifier: KeptClassifier) {
        let ticked = self.run.lessons().truths.iter().any(|it| *it != NO_CLASS);
        if !ticked && self.id.get_value().is_none() {
            return;
        }
        self.next.set_value(Some(classifier));
        if self.busy.get_value() {
            return;
        }
        self.busy.set_value(true);
        spawn_local(async move {
            while let Some(classifier) = self.next.try_update_value(Option::take).flatten() {
                match self.store(classifier).await {
                    Ok(()) if self.next.with_value(Option::is_none) => {
                        self.keeping.set(Keeping::Kept);
                    }
                    Ok(()) => {}
                    Err(error) => {
                        web_sys::console::warn_1(&error.to_string().into());
                        self.keeping.set(Keeping::Refused);
                    }
                }
            }
            self.busy.set_value(false);
        });
    }

    async fn store(self, mut classifier: KeptClassifier) -> Result<(), rexie::Error> {
        let turn = self.turn.get_value();
        let database = self.database().await?;
        classifier.id = self.id.get_value();
        if classifier.id.is_none() {
            classifier.id = database.put_classifier(&classifier).await?;
        }
        let Some(id) = classifier.id.filter(|_| self.is_current(turn)) else {
            return Ok(());
        };
        self.id.set_value(Some(id));
        let fresh = self.run.lessons().numbers.into_iter();
        let fresh: Vec<u32> = fresh
            .filter(|number| self.stored_as(*number).is_none())
            .collect();
        for some in fresh.chunks(AT_A_TIME) {
            let (mut numbers, mut posters) = (Vec::new(), Vec::new());
            for number in some {
                let key = key(id, self.next_number() + posters.len() as u32);
                if let Some(poster) = self.poster(key, *number).await {
                    numbers.push(*number);
                    posters.push(poster);
                }
            }
            if !self.is_current(turn) {
                return Ok(());
            }
            database.put_posters(&posters).await?;
            let pairs = numbers.into_iter().zip(&posters);
            self.stored.update_value(|stored| {
                for (number, poster) in pairs {
                    let at = number as usize;
                    stored.resize(stored.len().max(at + 1), None);
                    stored[at] = Some(poster.number());
                }
            });
            self.store_ticks(&database, &mut classifier).await?;
        }
        if self.is_current(turn) {
            self.store_ticks(&database, &mut classifier).await?;
            self.state.own_changed();
        }
        Ok(())
    }

    /// Stores the classifier with the ticks of the posters that are stored.
    async fn store_ticks(
        self,
        database: &Database,
        classifier: &mut KeptClassifier,
    ) -> Result<(), rexie::Error> {
        let lessons = self.run.lessons();
        let pairs = lessons.numbers.iter().zip(&lessons.truths);
        let pairs = pairs.filter_map(|(number, truth)| Some((self.stored_as(*number)?, *truth)));
        let (posters, truths): (Vec<u32>, Vec<u8>) = pairs.unzip();
        classifier.posters = posters;
        classifier.truths = truths.as_slice().into();
        database.put_classifier(classifier).await.map(|_| ())
    }

    /// Whether the classifier of this turn is still the one that is taught.
    fn is_current(self, turn: u32) -> bool {
        self.turn.get_value() == turn && self.run.own.get_untracked()
    }

    fn next_number(self) -> u32 {
        let last = self
            .stored
            .with_value(|stored| stored.iter().flatten().max().copied());
        last.map_or(0, |last| last + 1)
    }

    fn stored_as(self, number: u32) -> Option<u32> {
        self.stored
            .with_value(|stored| stored.get(number as usize).copied().flatten())
    }

    /// What is stored of a poster of the festival.
    async fn poster(self, key: f64, number: u32) -> Option<KeptPoster> {
        let file = self.run.file(number)?;
        let lesson = self
            .run
            .entry(number, |entry| entry.lesson.clone())
            .flatten()?;
        Some(KeptPoster {
            key,
            name: file.name(),
            features: lesson.features.as_slice().into(),
            look: lesson.look.as_slice().into(),
            // A file that has gone is kept without.
            small: self.thumbnail(file).await.unwrap_or_default(),
        })
    }

    /// A worker decodes it, as the page's own thread decodes no image file.
    async fn thumbnail(self, file: File) -> Option<Uint8Array> {
        let request = ToNetworksWorker::Read(Read {
            id: 0,
            file: file.into(),
            picture: None,
            networks: Vec::new(),
            thumbnail: Some(true),
            features: None,
        });
        let client = self.state.networks_client();
        let read: Readings = client.ask(request).await.ok()?;
        jpeg(&read.thumbnail?).await.ok()
    }

    /// The posters of a classifier that was kept.
    pub(super) async fn posters(
        self,
        classifier: &KeptClassifier,
    ) -> Result<Vec<Reopened>, rexie::Error> {
        let database = self.database().await?;
        let posters = database.posters(classifier.id.unwrap_or_default()).await?;
        let truths = classifier.truths.to_vec();
        let reopened = posters.into_iter().filter_map(|poster| {
            let number = poster.number();
            let at = classifier.posters.iter().position(|it| *it == number)?;
            let truth = truths.get(at).copied().filter(|it| *it != NO_CLASS);
            Some(Reopened {
                number,
                file: Brought::chosen(file(&poster)?)?,
                truth,
                lesson: entry::Lesson {
                    features: poster.features.to_vec(),
                    look: poster.look.to_vec(),
                },
            })
        });
        Ok(reopened.collect())
    }

    async fn database(self) -> Result<Rc<Database>, rexie::Error> {
        if let Some(database) = self.database.get_value() {
            return Ok(database);
        }
        let database = Rc::new(Database::open().await?);
        self.database.set_value(Some(database.clone()));
        Ok(database)
    }
}

fn file(poster: &KeptPoster) -> Option<File> {
    let parts = Array::of1(&poster.small);
    File::new_with_u8_array_sequence(&parts, &poster.name).ok()
}
