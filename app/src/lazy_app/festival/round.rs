//! A round of the festival: the posters that were brought at once, and how far they are.

mod reading;

use super::entry::{Counts, Entry, tally};
use super::order::Selection;
use super::tally::Tally;
use super::work::Work;
use crate::state::State;
use leptos::prelude::*;
use std::sync::Arc;
use web_sys::File;

/// Where the festival is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    /// Nowhere.
    Closed,
    /// In place of the front.
    Open,
    /// Kept, while the front shows a single poster.
    Aside,
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Progress {
    /// How many files were brought.
    pub(super) total: u32,
    /// How many of them were read, or can't be.
    pub(super) done: u32,
    /// Whether the others are being read.
    pub(super) working: bool,
    /// Seconds that are left, once it can be told.
    pub(super) left_s: Option<f64>,
    /// Seconds that it took so far.
    pub(super) took_s: f64,
}

/// What the round knows of its files.
#[derive(Default)]
struct Posters {
    files: Vec<File>,
    entries: Vec<Entry>,
}

/// A handle to it.
#[derive(Clone, Copy)]
pub(super) struct Round {
    place: RwSignal<Place>,
    posters: StoredValue<Posters, LocalStorage>,
    labels: RwSignal<Arc<Vec<String>>>,
    progress: RwSignal<Progress>,
    selection: RwSignal<Selection>,
    /// The place in the order of the poster that the keyboard is at.
    active: RwSignal<usize>,
    /// That entries have changed.
    changed: Trigger,
    /// That the order has to follow them.
    reorder: Trigger,
    order: Memo<Arc<Vec<u32>>>,
    counts: Memo<Counts>,
    tally: Memo<Tally>,
    /// Whether the files wait for a network to read them.
    waiting: RwSignal<bool>,
    work: StoredValue<Option<Work>, LocalStorage>,
    /// When the page follows next, if there is something new.
    pace: StoredValue<Option<TimeoutHandle>>,
    owner: StoredValue<Owner>,
    clock: StoredValue<Clock>,
}

/// When what happened, in milliseconds of the page's clock.
#[derive(Clone, Copy, Default)]
struct Clock {
    /// Before which there would be what it took before it was stopped.
    began: f64,
    started: f64,
    done_at_start: u32,
    ordered: f64,
}

impl Round {
    /// Before anything was brought.
    pub(super) fn new(state: State) -> Round {
        let posters = StoredValue::new_local(Posters::default());
        let selection = RwSignal::new(Selection::default());
        let labels = RwSignal::new(Arc::default());
        let (changed, reorder) = (Trigger::new(), Trigger::new());
        let round = Round {
            place: RwSignal::new(Place::Closed),
            posters,
            labels,
            progress: RwSignal::new(Progress::default()),
            selection,
            active: RwSignal::new(0),
            changed,
            reorder,
            order: Memo::new(move |_| {
                reorder.track();
                let selection = selection.get();
                Arc::new(posters.with_value(|posters| selection.of(&posters.entries)))
            }),
            counts: Memo::new(move |_| {
                changed.track();
                let classes = labels.with(|labels| labels.len());
                posters.with_value(|posters| Counts::of(&posters.entries, classes))
            }),
            tally: Memo::new(move |_| {
                changed.track();
                let classes = labels.with(|labels| labels.len());
                posters.with_value(|posters| tally(&posters.entries, classes))
            }),
            waiting: RwSignal::new(false),
            work: StoredValue::new_local(None),
            pace: StoredValue::new(None),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            clock: StoredValue::new(Clock::default()),
        };
        round.follow(state);
        round
    }

    /// Where the festival is.
    pub(super) fn place(self) -> Place {
        self.place.get()
    }

    /// Keeps it, and leaves the page to a single poster.
    pub(super) fn step_aside(self) {
        self.place.set(Place::Aside);
    }

    /// Comes back.
    pub(super) fn come_back(self) {
        self.place.set(Place::Open);
    }

    /// How far it is.
    pub(super) fn progress(self) -> Progress {
        self.progress.get()
    }

    /// What the visitor wants to see.
    pub(super) fn selection(self) -> Selection {
        self.selection.get()
    }

    /// The visitor wants to see something else, from its beginning.
    pub(super) fn select(self, change: impl FnOnce(&mut Selection)) {
        self.active.set(0);
        self.selection.update(change);
    }

    /// The numbers of the posters to show, in order.
    pub(super) fn order(self) -> Memo<Arc<Vec<u32>>> {
        self.order
    }

    /// The place in that order of the poster that the keyboard is at.
    pub(super) fn active(self) -> RwSignal<usize> {
        self.active
    }

    /// How many posters there are of each kind.
    pub(super) fn counts(self) -> Memo<Counts> {
        self.counts
    }

    /// How often the network is right.
    pub(super) fn tally(self) -> Memo<Tally> {
        self.tally
    }

    /// The classes, as the network calls them; none before its first answer.
    pub(super) fn labels(self) -> Arc<Vec<String>> {
        self.labels.get()
    }

    /// The classes by now.
    pub(super) fn labels_now(self) -> Arc<Vec<String>> {
        self.labels.get_untracked()
    }

    /// How far it is by now.
    pub(super) fn progress_now(self) -> Progress {
        self.progress.get_untracked()
    }

    /// A poster's file.
    pub(super) fn file(self, number: u32) -> Option<File> {
        self.posters
            .with_value(|posters| posters.files.get(number as usize).cloned())
    }

    /// What a poster has come to, for a view that follows it.
    pub(super) fn follow_entry<T>(self, number: u32, see: impl FnOnce(&Entry) -> T) -> Option<T> {
        self.changed.track();
        self.entry(number, see)
    }

    /// What a poster has come to by now.
    pub(super) fn entry<T>(self, number: u32, see: impl FnOnce(&Entry) -> T) -> Option<T> {
        self.posters
            .with_value(|posters| posters.entries.get(number as usize).map(see))
    }

    /// The visitor ticks a poster's true class, or none.
    pub(super) fn tick(self, number: u32, truth: Option<u8>) {
        self.posters.update_value(|posters| {
            let entry = posters.entries.get_mut(number as usize);
            if let Some(entry) = entry.filter(|entry| !entry.refused()) {
                entry.truth = truth;
            }
        });
        self.changed.notify();
    }
}

/// Milliseconds of the page's clock.
pub(super) fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}
