//! A batch run whose posters are ticked with the visitor's own classes.

use super::{BatchRun, Before, Entry, Outcome, Place, Posters};
use crate::brought::Brought;
use crate::festival::entry::Lesson;
use crate::festival::prediction::Prediction;
use crate::festival::progress::Progress;
use crate::festival::selection::Selection;
use leptos::prelude::*;
use marquee_app::channel::Network;
use marquee_app::protocol::teaching::NO_CLASS;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

/// What there is to learn.
#[derive(Default)]
pub(in crate::festival) struct Lessons {
    /// The posters' numbers.
    pub(in crate::festival) numbers: Vec<u32>,
    /// Their features, one poster after the other.
    pub(in crate::festival) features: Vec<f32>,
    /// Their looks, likewise.
    pub(in crate::festival) looks: Vec<u8>,
    /// The class that the visitor has ticked, or [`NO_CLASS`].
    pub(in crate::festival) truths: Vec<u8>,
}

impl Lessons {
    fn ticked(&self) -> impl Iterator<Item = &u8> {
        self.truths.iter().filter(|truth| **truth != NO_CLASS)
    }

    /// How many posters are ticked.
    pub(in crate::festival) fn count(&self) -> u32 {
        self.ticked().count() as u32
    }

    /// Whether two classes have a poster each.
    pub(in crate::festival) fn are_enough(&self) -> bool {
        let mut ticked = self.ticked();
        let first = ticked.next();
        ticked.any(|truth| Some(truth) != first)
    }
}

impl BatchRun {
    /// Has the posters ticked with own classes from now on. Those that `base` has not read are read by it.
    pub(in crate::festival) fn begin_own(self, base: Network, labels: Vec<String>) {
        self.before.set_value(Some(Before {
            labels: self.labels.get_untracked(),
            network: self.network.get_value(),
            entries: self.posters.with_value(|posters| posters.entries.clone()),
        }));
        self.workers.set_value(None);
        self.own.set(true);
        self.labels.set(Arc::new(labels));
        self.network.set_value(Some(base));
        self.posters.update_value(|posters| {
            for entry in &mut posters.entries {
                entry.truth = None;
                if entry.is_read() {
                    entry.outcome = match entry.lesson {
                        Some(_) => Outcome::Untaught,
                        None => Outcome::Waiting,
                    };
                }
            }
        });
        self.select(|selection| *selection = Selection::default());
        self.go_on_if_needed();
    }

    /// Shows the network's own answers again. What was read for the own classes alone is read anew.
    pub(in crate::festival) fn end_own(self) {
        let before = self.before.try_update_value(Option::take).flatten();
        let Before {
            labels,
            network,
            entries,
        } = before.unwrap_or_default();
        self.workers.set_value(None);
        // Posters that joined meanwhile are answered by the same one.
        self.network.set_value(network);
        self.posters.update_value(|posters| {
            for (at, entry) in posters.entries.iter_mut().enumerate() {
                let before = entries.get(at);
                entry.truth = before.and_then(|before| before.truth);
                if entry.is_read() {
                    let outcome = before.map(|before| before.outcome.clone());
                    entry.outcome = outcome.unwrap_or(Outcome::Waiting);
                }
            }
        });
        self.labels.set(labels);
        self.own.set(false);
        self.select(|selection| *selection = Selection::default());
        self.go_on_if_needed();
    }

    /// Adds files to those that are there, ticked with `class`. Without one, those of a folder that is called like a
    /// class are ticked with that.
    pub(in crate::festival) fn add(self, files: Vec<Brought>, class: Option<u8>) {
        self.workers.set_value(None);
        let before = self.posters.with_value(|posters| posters.entries.len());
        self.posters.update_value(|posters| {
            let more = posters.entries.len() + files.len();
            posters.entries.resize(more, Entry::NEW);
            posters.files.extend(files);
        });
        match class {
            Some(_) => self.posters.update_value(|posters| {
                let added = posters.entries.iter_mut().skip(before);
                added.for_each(|entry| entry.truth = class);
            }),
            None => self.tick_by_folder(before),
        }
        self.place.set(Place::Open);
        self.go_on_if_needed();
    }

    /// Shows posters that were kept, with what there is to learn of them, under own classes.
    pub(in crate::festival) fn reopen(
        self,
        base: Network,
        labels: Vec<String>,
        posters: Vec<(Brought, Option<u8>, Lesson)>,
    ) {
        self.free();
        let posters = posters.into_iter().map(|(file, truth, lesson)| {
            let entry = Entry {
                outcome: Outcome::Untaught,
                truth,
                lesson: Some(Rc::new(lesson)),
            };
            (file, entry)
        });
        let (files, entries) = posters.unzip();
        self.posters.set_value(Posters { files, entries });
        self.progress.set(Progress::default());
        self.labels.set(Arc::new(labels));
        self.own.set(true);
        self.network.set_value(Some(base));
        self.select(|selection| *selection = Selection::default());
        self.place.set(Place::Open);
        self.go_on_if_needed();
    }

    /// Counts what was read, and reads what was not.
    fn go_on_if_needed(self) {
        let waits = |entry: &&Entry| entry.outcome == Outcome::Waiting;
        let (total, waiting) = self.posters.with_value(|posters| {
            let waiting = posters.entries.iter().filter(waits).count() as u32;
            (posters.entries.len() as u32, waiting)
        });
        self.progress.update(|progress| {
            progress.total = total;
            progress.done = total - waiting;
            progress.working = waiting > 0;
            progress.left_s = None;
        });
        self.changed.notify();
        self.put_in_order();
        self.to_learn.notify();
        if waiting > 0 {
            self.waiting.set(true);
        }
    }

    /// The classes' names. Posters keep the number of theirs.
    pub(in crate::festival) fn name_classes(self, labels: Vec<String>) {
        self.labels.set(Arc::new(labels));
    }

    /// Takes a class away. Its posters have none any more.
    pub(in crate::festival) fn remove_class(self, class: u8) {
        self.posters.update_value(|posters| {
            for entry in &mut posters.entries {
                entry.truth = match entry.truth {
                    Some(truth) if truth == class => None,
                    Some(truth) if truth > class => Some(truth - 1),
                    other => other,
                };
                if entry.is_read() {
                    entry.outcome = Outcome::Untaught;
                }
            }
        });
        self.select(|selection| *selection = Selection::default());
        self.changed.notify();
        self.to_learn.notify();
    }

    /// How many posters are ticked with each class.
    pub(in crate::festival) fn ticked(self) -> Vec<u32> {
        self.changed.track();
        let mut counts = vec![0; self.labels.with(|labels| labels.len())];
        self.posters.with_value(|posters| {
            for truth in posters.entries.iter().filter_map(|entry| entry.truth) {
                if let Some(count) = counts.get_mut(usize::from(truth)) {
                    *count += 1;
                }
            }
        });
        counts
    }

    /// What there is to learn.
    pub(in crate::festival) fn lessons(self) -> Lessons {
        let mut lessons = Lessons::default();
        self.posters.with_value(|posters| {
            for (number, entry) in (0..).zip(&posters.entries) {
                if let Some(lesson) = &entry.lesson {
                    lessons.numbers.push(number);
                    lessons.features.extend(&lesson.features);
                    lessons.looks.extend(&lesson.look);
                    lessons.truths.push(entry.truth.unwrap_or(NO_CLASS));
                }
            }
        });
        lessons
    }

    /// Answers the posters of these numbers: `probabilities` has one for each of `classes`, poster by poster.
    /// Without classes nothing is answered.
    pub(in crate::festival) fn answer(
        self,
        numbers: &[u32],
        classes: &[u32],
        probabilities: &[f32],
        threshold: f32,
    ) {
        let all = self.labels.with_untracked(|labels| labels.len());
        let mut answers = probabilities.chunks_exact(classes.len().max(1));
        self.posters.update_value(|posters| {
            for number in numbers {
                let prediction = answers.next().and_then(|answer| {
                    let mut spread = vec![0.0; all];
                    for (class, probability) in classes.iter().zip(answer) {
                        *spread.get_mut(*class as usize)? = *probability;
                    }
                    let sure = answer.iter().any(|share| *share >= threshold);
                    Prediction::new(spread, sure)
                });
                let entry = posters.entries.get_mut(*number as usize);
                if let Some(entry) = entry.filter(|entry| entry.is_read()) {
                    entry.outcome = prediction.map_or(Outcome::Untaught, Outcome::Read);
                }
            }
        });
        self.changed.notify();
    }

    /// The folders that the posters were in, in order: but for those around other ones, in which only stray posters
    /// lie, and those of files that can't be read.
    pub(in crate::festival) fn folders(self) -> Vec<String> {
        self.posters.with_value(|posters| {
            let pairs = posters.files.iter().zip(&posters.entries);
            let sound = pairs.filter(|(_, entry)| entry.problem().is_none());
            let sound = sound.map(|(file, _)| (file.folder.as_deref(), file.outer.as_deref()));
            let (folders, outer): (BTreeSet<_>, BTreeSet<_>) = sound.unzip();
            let classes = folders.difference(&outer).flatten();
            classes.map(|name| (*name).to_owned()).collect()
        })
    }

    /// Ticks the posters from this number on whose folder is called like a class.
    pub(in crate::festival) fn tick_by_folder(self, from: usize) {
        let labels = self.labels.get_untracked();
        self.posters.update_value(|posters| {
            let pairs = posters.entries.iter_mut().zip(&posters.files);
            for (entry, file) in pairs.skip(from) {
                let folder = file.folder.as_ref();
                let class = labels.iter().position(|it| Some(it) == folder);
                if entry.problem().is_none() {
                    entry.truth = class.and_then(|class| class.try_into().ok());
                }
            }
        });
        self.changed.notify();
        self.to_learn.notify();
    }
}
