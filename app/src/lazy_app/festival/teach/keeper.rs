//! Keeps what is taught in this browser's database, and opens it again.

use super::record::{Job, Poster, Record};
use crate::brought::Brought;
use crate::festival::batch_run::BatchRun;
use crate::festival::entry;
use crate::own::classifiers::Edit;
use crate::own::kept::{KeptClassifier, KeptPoster, key};
use crate::state::State;
use crate::thumbnail::jpeg;
use futures_channel::oneshot;
use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::protocol::networks_worker::{Read, Readings, ToNetworksWorker};
use marquee_app::protocol::teaching::NO_CLASS;
use marquee_app::ui::browser;
use std::rc::Rc;
use web_sys::File;

/// So many posters are stored at a time.
const AT_A_TIME: usize = 8;

/// Whether what is taught is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Keeping {
    /// Nothing was taught yet.
    NotYet,
    /// It is being stored.
    Storing,
    /// It is kept as it is.
    Kept,
    /// The browser keeps nothing.
    Refused,
    /// The browser has kept a part and refuses the rest, for example because its disk is full.
    Partly,
}

/// A handle to what keeps.
#[derive(Clone, Copy)]
pub(super) struct Keeper {
    state: State,
    run: BatchRun,
    /// Whether what is taught is kept.
    pub(super) keeping: RwSignal<Keeping>,
    /// What is stored of the classifier that is taught.
    record: StoredValue<Rc<Record>, LocalStorage>,
    /// What is to be stored, at most one job of each classifier: those that were taught before are stored to
    /// their end.
    jobs: StoredValue<Vec<Rc<Job>>, LocalStorage>,
    busy: StoredValue<bool>,
    /// Who waits for the end of a job.
    waiting: StoredValue<Vec<oneshot::Sender<()>>, LocalStorage>,
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
            record: StoredValue::new_local(Rc::default()),
            jobs: StoredValue::new_local(Vec::new()),
            busy: StoredValue::new(false),
            waiting: StoredValue::new_local(Vec::new()),
        }
    }

    /// Another classifier is taught: the one of this key, whose posters have these numbers, or a new one.
    pub(super) fn begin(self, id: Option<u32>, posters: &[u32]) {
        self.keeping.set(Keeping::NotYet);
        self.record.set_value(Rc::new(Record::new(id, posters)));
    }

    /// The classifier's key in the database, once it has one.
    pub(super) fn id(self) -> Option<u32> {
        self.record.with_value(|record| record.id.get())
    }

    /// Keeps a classifier with the posters and ticks that the festival has now. One without any tick is not
    /// kept.
    pub(super) fn keep(self, classifier: KeptClassifier) {
        let record = self.record.get_value();
        let posters = self.posters_now();
        let known = record.id.get().is_some()
            || (self.jobs).with_value(|jobs| jobs.iter().any(|it| it.is_of(&record)));
        if !known && posters.iter().all(|it| it.truth == NO_CLASS) {
            return;
        }
        self.keeping.set(Keeping::Storing);
        let job = Rc::new(Job {
            record,
            classifier,
            posters,
        });
        self.jobs.update_value(
            |jobs| match jobs.iter_mut().find(|it| it.is_of(&job.record)) {
                Some(older) => *older = job,
                None => jobs.push(job),
            },
        );
        if !self.busy.get_value() {
            self.busy.set_value(true);
            spawn_local(self.work());
        }
    }

    /// Follows what the visitor changes in the list of those that are kept.
    pub(super) fn follow(self, edit: &Edit) {
        self.jobs.update_value(|jobs| match edit {
            Edit::Renamed(id, name) => {
                for job in jobs.iter_mut().filter(|it| it.record.is(*id)) {
                    *job = Rc::new(job.renamed(name));
                }
            }
            Edit::Deleted(id) => jobs.retain(|job| {
                let gone = job.record.is(*id);
                job.record.gone.set(gone);
                !gone
            }),
        });
        if let Edit::Deleted(id) = edit
            && self.record.with_value(|record| record.is(*id))
        {
            // The next tick keeps it as a new one, with all its posters.
            self.begin(None, &[]);
        }
    }

    /// Whether some of the classifier of this key waits to be stored.
    pub(super) fn is_storing(self, id: u32) -> bool {
        self.jobs
            .with_value(|jobs| jobs.iter().any(|it| it.record.is(id)))
    }

    /// Waits until the classifier of this key is stored as it was taught last.
    pub(super) async fn finish(self, id: u32) {
        while self.is_storing(id) {
            let (end, ended) = oneshot::channel();
            self.waiting.update_value(|waiting| waiting.push(end));
            // An end that is gone has come, too.
            _ = ended.await;
        }
    }

    /// The posters that were read, as they are now.
    fn posters_now(self) -> Vec<Poster> {
        let numbers = 0..;
        let entries = numbers.map_while(|number| {
            let of = |entry: &entry::Entry| (entry.lesson.clone(), entry.truth);
            Some((number, self.run.entry(number, of)?))
        });
        let posters = entries.filter_map(|(number, (lesson, truth))| {
            Some(Poster {
                number,
                file: self.run.file(number)?,
                lesson: lesson?,
                truth: truth.unwrap_or(NO_CLASS),
            })
        });
        posters.collect()
    }

    async fn work(self) {
        while let Some(job) = self.jobs.with_value(|jobs| jobs.first().cloned()) {
            let result = self.store_some(&job).await;
            if let Ok(false) = result {
                continue;
            }
            // A newer one of the same classifier may have taken its place.
            let newest = self.jobs.try_update_value(|jobs| {
                let at = jobs.iter().position(|it| Rc::ptr_eq(it, &job));
                at.map(|at| jobs.remove(at))
            });
            let keeping = match result {
                Ok(_) => Keeping::Kept,
                Err(error) => {
                    web_sys::console::warn_1(&error.to_string().into());
                    match job.record.id.get() {
                        Some(_) => Keeping::Partly,
                        None => Keeping::Refused,
                    }
                }
            };
            if newest.flatten().is_some() && job.is_of(&self.record.get_value()) {
                self.keeping.set(keeping);
            }
            if keeping != Keeping::Refused {
                self.state.classifiers().load().await;
            }
            self.waiting.update_value(Vec::clear);
        }
        self.busy.set_value(false);
    }

    /// Stores some more posters of a job, and the classifier with the ticks of those that are stored. True if
    /// that was all.
    async fn store_some(self, job: &Job) -> Result<bool, rexie::Error> {
        let database = self.state.classifiers().database().await?;
        let record = &job.record;
        if record.id.get().is_none() {
            record
                .id
                .set(database.put_classifier(&job.classifier).await?);
            browser::ask_to_last();
        }
        let Some(id) = record.id.get() else {
            return Ok(true);
        };
        let fresh: Vec<&Poster> = job.fresh().take(AT_A_TIME).collect();
        let mut rows = Vec::new();
        for (number, poster) in (record.next_number()..).zip(&fresh) {
            rows.push(self.row(key(id, number), poster).await);
        }
        if !rows.is_empty() && !record.gone.get() {
            database.put_posters(&rows).await?;
            for (poster, row) in fresh.iter().zip(&rows) {
                record.store(poster.number, row.number());
            }
        }
        // Whatever was deleted meanwhile must not come back.
        if !record.gone.get() {
            database.put_classifier(&job.as_stored()).await?;
        }
        Ok(record.gone.get() || fresh.len() < AT_A_TIME)
    }

    /// What is stored of a poster of the festival.
    async fn row(self, key: f64, poster: &Poster) -> KeptPoster {
        KeptPoster {
            key,
            name: poster.file.name(),
            features: poster.lesson.features.as_slice().into(),
            look: poster.lesson.look.as_slice().into(),
            // A file that has gone is kept without.
            small: self.thumbnail(&poster.file).await.unwrap_or_default(),
        }
    }

    /// A worker decodes it, as the page's own thread decodes no image file.
    async fn thumbnail(self, file: &File) -> Option<Uint8Array> {
        let request = ToNetworksWorker::Read(Read {
            id: 0,
            file: file.clone().into(),
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
        let database = self.state.classifiers().database().await?;
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
}

fn file(poster: &KeptPoster) -> Option<File> {
    let parts = Array::of1(&poster.small);
    File::new_with_u8_array_sequence(&parts, &poster.name).ok()
}
