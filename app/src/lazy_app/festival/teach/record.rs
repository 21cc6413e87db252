//! What is stored of a classifier that is taught, and what is to be stored next.

use crate::festival::entry::Lesson;
use crate::own::kept::KeptClassifier;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use web_sys::File;

/// What is stored of a classifier.
#[derive(Default)]
pub(super) struct Record {
    /// Its key in the database; `None` before it is stored.
    pub(super) id: Cell<Option<u32>>,
    /// Whether the visitor has deleted it.
    pub(super) gone: Cell<bool>,
    /// By their numbers in the festival, the numbers that stored posters have in the database.
    stored: RefCell<BTreeMap<u32, u32>>,
}

/// A poster as it was when it was to be kept.
#[derive(Clone)]
pub(super) struct Poster {
    /// Its number in the festival.
    pub(super) number: u32,
    /// Its file.
    pub(super) file: File,
    /// What is learned from.
    pub(super) lesson: Rc<Lesson>,
    /// Its class, or `NO_CLASS`.
    pub(super) truth: u8,
}

/// A classifier to store, as it was at one moment: the festival may have been closed since.
pub(super) struct Job {
    /// What is stored of it.
    pub(super) record: Rc<Record>,
    /// The classifier, without its key and posters.
    pub(super) classifier: KeptClassifier,
    /// Its posters that were read.
    pub(super) posters: Vec<Poster>,
}

impl Record {
    /// Of the classifier of this key, whose posters have these numbers in the database, in the festival's order.
    pub(super) fn new(id: Option<u32>, posters: &[u32]) -> Record {
        Record {
            id: Cell::new(id),
            gone: Cell::new(false),
            stored: RefCell::new((0..).zip(posters.iter().copied()).collect()),
        }
    }

    /// Whether it has this key.
    pub(super) fn is(&self, id: u32) -> bool {
        self.id.get() == Some(id)
    }

    /// The festival's poster `number` is stored under this number.
    pub(super) fn store(&self, number: u32, stored: u32) {
        self.stored.borrow_mut().insert(number, stored);
    }

    /// The number of the next poster in the database.
    pub(super) fn next_number(&self) -> u32 {
        let last = self.stored.borrow().values().max().copied();
        last.map_or(0, |last| last + 1)
    }

    fn stored_as(&self, number: u32) -> Option<u32> {
        self.stored.borrow().get(&number).copied()
    }
}

impl Job {
    /// Whether it stores this classifier.
    pub(super) fn is_of(&self, record: &Rc<Record>) -> bool {
        Rc::ptr_eq(&self.record, record)
    }

    /// The same under another name.
    pub(super) fn renamed(&self, name: &str) -> Job {
        let mut classifier = self.classifier.clone();
        classifier.rename(name);
        Job {
            record: self.record.clone(),
            classifier,
            posters: self.posters.clone(),
        }
    }

    /// The posters that are not stored yet.
    pub(super) fn fresh(&self) -> impl Iterator<Item = &Poster> {
        let fresh = |it: &&Poster| self.record.stored_as(it.number).is_none();
        self.posters.iter().filter(fresh)
    }

    /// The classifier with its key, and with the ticks of the posters that are stored.
    pub(super) fn as_stored(&self) -> KeptClassifier {
        let pairs = self.posters.iter();
        let pairs = pairs.filter_map(|it| Some((self.record.stored_as(it.number)?, it.truth)));
        let (posters, truths): (Vec<u32>, Vec<u8>) = pairs.unzip();
        KeptClassifier {
            id: self.record.id.get(),
            posters,
            truths: truths.as_slice().into(),
            ..self.classifier.clone()
        }
    }
}
