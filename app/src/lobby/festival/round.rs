//! A round of the festival: the posters that were brought at once, and how far they are.

use super::entry::{Answer, Counts, Entry, Outcome, tally};
use super::order::Selection;
use super::tally::Tally;
use super::work::Work;
use crate::hall::{Hall, Listed};
use leptos::prelude::*;
use marquee_app::protocol::Problem;
use marquee_app::protocol::lobby::Reading;
use std::sync::Arc;
use std::time::Duration;
use web_sys::File;

/// Answers come faster than anyone can see; the page follows them at most so often.
const PACE: Duration = Duration::from_millis(100);

/// While posters are read they are put in order anew at this pace, in milliseconds.
const ORDER_MS: f64 = 1000.0;

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
    pub(super) fn new(hall: Hall) -> Round {
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
        round.follow(hall);
        round
    }

    /// Takes what is brought at once, and steps aside for what is brought singly.
    fn follow(self, hall: Hall) {
        Effect::new(move |_| {
            let files = hall.many().get();
            if !files.is_empty() {
                // The hall is not to hold them longer than the round does.
                hall.bring_many(Vec::new());
                self.begin(files);
            }
        });
        Effect::new(move |_| {
            let network = hall.network();
            if let Some(network) = network.filter(|_| self.waiting.get()) {
                self.waiting.set(false);
                self.read(&network);
            }
        });
        Effect::new(move |_| {
            let single = hall.on_show().is_some();
            if single && self.place.get_untracked() == Place::Open {
                self.place.set(Place::Aside);
            }
        });
    }

    fn begin(self, files: Vec<File>) {
        self.free();
        self.progress.set(Progress {
            total: files.len() as u32,
            working: true,
            ..Progress::default()
        });
        self.posters.set_value(Posters {
            entries: vec![Entry::NEW; files.len()],
            files,
        });
        self.selection.set(Selection::default());
        self.active.set(0);
        self.show_all();
        self.place.set(Place::Open);
        self.waiting.set(true);
    }

    /// Ends it, and forgets all of it.
    pub(super) fn close(self) {
        self.free();
        self.place.set(Place::Closed);
        self.progress.set(Progress::default());
        self.show_all();
    }

    fn free(self) {
        self.waiting.set(false);
        self.work.set_value(None);
        self.forget_pace();
        self.posters.set_value(Posters::default());
    }

    fn read(self, network: &Listed) {
        let before = self.progress.get_untracked();
        self.clock.update_value(|clock| {
            clock.started = now();
            clock.began = now() - 1000.0 * before.took_s;
            clock.done_at_start = before.done;
        });
        let mut last = 0;
        let next = move || {
            self.posters.with_value(|posters| {
                let rest = posters.entries.get(last..)?;
                let waits = |entry: &Entry| entry.outcome == Outcome::Waiting;
                let at = last + rest.iter().position(waits)?;
                last = at + 1;
                Some((at as u32, posters.files[at].clone()))
            })
        };
        // The effect that this is called from owns nothing that is to last.
        let work = self.owner.with_value(|owner| {
            let url = network.url();
            Work::start(owner, &url, next, move |at, read| self.record(at, read))
        });
        self.work.set_value(Some(work));
    }

    fn record(self, at: u32, read: Result<Reading, Problem>) {
        let outcome = match read {
            Ok(reading) => {
                if self
                    .labels
                    .with_untracked(|labels| **labels != reading.labels)
                {
                    self.labels.set(Arc::new(reading.labels));
                }
                Answer::new(reading.probabilities, reading.sure)
                    .map_or(Outcome::Refused(Problem::Damaged), Outcome::Read)
            }
            Err(problem) => Outcome::Refused(problem),
        };
        self.posters.update_value(|posters| {
            if let Some(entry) = posters.entries.get_mut(at as usize) {
                entry.outcome = outcome;
            }
        });
        if self.pace.with_value(Option::is_none) {
            let show = set_timeout_with_handle(move || self.show_progress(), PACE);
            self.pace.set_value(show.ok());
        }
    }

    fn forget_pace(self) {
        if let Some(pace) = self.pace.get_value() {
            pace.clear();
        }
        self.pace.set_value(None);
    }

    fn show_progress(self) {
        self.forget_pace();
        let read = |entry: &&Entry| entry.outcome != Outcome::Waiting;
        let entries = |posters: &Posters| posters.entries.iter().filter(read).count() as u32;
        let done = self.posters.with_value(entries);
        let clock = self.clock.get_value();
        let this_time_s = (now() - clock.started) / 1000.0;
        let mut progress = self.progress.get_untracked();
        progress.done = done;
        progress.took_s = (now() - clock.began) / 1000.0;
        progress.working = progress.working && done < progress.total;
        let this_time = f64::from(done - clock.done_at_start.min(done));
        // The first posters wait for the network itself, and would promise a long evening.
        let known = progress.working && this_time >= 8.0;
        progress.left_s = known.then(|| f64::from(progress.total - done) * this_time_s / this_time);
        if !progress.working {
            // The workers' memory goes with them.
            self.work.set_value(None);
        }
        self.progress.set(progress);
        self.changed.notify();
        if !progress.working || now() - clock.ordered >= ORDER_MS {
            self.put_in_order();
        }
    }

    fn show_all(self) {
        self.changed.notify();
        self.put_in_order();
    }

    fn put_in_order(self) {
        self.clock.update_value(|clock| clock.ordered = now());
        self.reorder.notify();
    }

    /// Stops reading; what is answered stays.
    pub(super) fn stop(self) {
        self.work.set_value(None);
        self.waiting.set(false);
        self.progress.update(|progress| progress.working = false);
        self.show_progress();
    }

    /// Reads what was left when it was stopped.
    pub(super) fn go_on(self) {
        self.progress.update(|progress| progress.working = true);
        self.waiting.set(true);
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
