//! A batch run: the files that the visitor brought at once, what became of each, and how far it is.

mod own_classes;

pub(super) use own_classes::Lessons;

use super::clock::Clock;
use super::counts::Counts;
use super::entry::{Entry, Lesson, Outcome};
use super::prediction::Prediction;
use super::progress::Progress;
use super::selection::Selection;
use super::workers::{Job, Workers};
use crate::brought::Brought;
use crate::confusion::Confusion;
use crate::state::State;
use leptos::prelude::*;
use marquee_app::channel::{Network, Phase, Preference};
use marquee_app::protocol::networks_worker::Reading;
use marquee_app::protocol::{Engine, Problem};
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use web_sys::File;

/// Answers come faster than anyone can see; the page shows new ones at this interval.
const UPDATE: Duration = Duration::from_millis(100);

/// While posters are read they are put in order again at this interval, in milliseconds.
const ORDER_MS: f64 = 1000.0;

/// Where the festival is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    /// There is none.
    Closed,
    /// It takes the place of the poster case and the answer.
    Open,
    /// A single poster is on show, and the visitor can come back.
    Aside,
}

/// The files and what became of each.
#[derive(Default)]
struct Posters {
    files: Vec<Brought>,
    entries: Vec<Entry>,
}

/// The network's labels and answers, to which the visitor can go back from own classes.
#[derive(Default)]
struct Before {
    labels: Arc<Vec<String>>,
    network: Option<Network>,
    entries: Vec<Entry>,
}

/// A handle to the batch run.
#[derive(Clone, Copy)]
pub(super) struct BatchRun {
    /// Where the festival is.
    pub(super) place: RwSignal<Place>,
    posters: StoredValue<Posters, LocalStorage>,
    /// The classes, as the network calls them; none before its first answer.
    pub(super) labels: RwSignal<Arc<Vec<String>>>,
    /// Whether these are the visitor's own classes.
    pub(super) own: RwSignal<bool>,
    /// What there was before the visitor began with own classes.
    before: StoredValue<Option<Before>, LocalStorage>,
    /// Notified when there is something new to learn of the visitor's own classes.
    pub(super) to_learn: Trigger,
    /// How far the run is.
    pub(super) progress: RwSignal<Progress>,
    /// What runs the network.
    pub(super) engine: RwSignal<Engine>,
    /// What the visitor wants to see.
    pub(super) selection: RwSignal<Selection>,
    /// The position, in the order, of the poster that has the keyboard's focus.
    pub(super) active: RwSignal<usize>,
    /// Notified when entries have changed.
    changed: Trigger,
    /// Notified when posters have to be put in order again.
    reorder: Trigger,
    /// The numbers of the selected posters, in order.
    pub(super) order: Memo<Arc<Vec<u32>>>,
    /// How many posters there are of each kind.
    pub(super) counts: Memo<Counts>,
    /// The predictions whose true class is known.
    pub(super) confusion: Memo<Confusion>,
    /// Whether the files wait until it is known which network reads them.
    waiting: RwSignal<bool>,
    /// The network that reads them all, also if another one answers by now.
    network: StoredValue<Option<Network>>,
    workers: StoredValue<Option<Workers>, LocalStorage>,
    /// The next update of the page, if there is something new to show.
    next_update: StoredValue<Option<TimeoutHandle>>,
    owner: StoredValue<Owner>,
    clock: StoredValue<Clock>,
}

impl BatchRun {
    /// An empty run, which begins when the visitor brings several files.
    pub(super) fn new(state: State) -> BatchRun {
        let posters = StoredValue::new_local(Posters::default());
        let selection = RwSignal::new(Selection::default());
        let labels = RwSignal::new(Arc::<Vec<String>>::default());
        let (changed, reorder) = (Trigger::new(), Trigger::new());
        let run = BatchRun {
            place: RwSignal::new(Place::Closed),
            posters,
            labels,
            own: RwSignal::new(false),
            before: StoredValue::new_local(None),
            to_learn: Trigger::new(),
            progress: RwSignal::new(Progress::default()),
            engine: RwSignal::new(Engine::Cpu),
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
            confusion: Memo::new(move |_| {
                changed.track();
                let mut confusion = Confusion::new(labels.with(|labels| labels.len()));
                posters.with_value(|posters| {
                    let pairs = posters.entries.iter();
                    for (truth, predicted) in pairs.filter_map(Entry::truth_and_prediction) {
                        confusion.add(truth.into(), predicted.into());
                    }
                });
                confusion
            }),
            waiting: RwSignal::new(false),
            network: StoredValue::new(None),
            workers: StoredValue::new_local(None),
            next_update: StoredValue::new(None),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            clock: StoredValue::new(Clock::default()),
        };
        run.follow(state);
        run
    }

    /// Begins with files that are brought at once, and steps aside when a single poster is brought.
    fn follow(self, state: State) {
        Effect::new(move |_| {
            let files = state.many().get();
            if !files.is_empty() {
                // Only this run holds the files, so that they are free when it ends.
                state.bring_many(Vec::new());
                if self.own.get_untracked() {
                    self.add(files, None);
                } else {
                    self.begin(files);
                }
            }
        });
        Effect::new(move |_| {
            let network = self.network.get_value().or_else(|| state.network());
            if let Some(network) = network.filter(|_| self.waiting.get()) {
                self.waiting.set(false);
                let features = state.base().as_ref() == Some(&network);
                let preference = untrack(|| state.engine());
                self.read(&network, features, preference);
                self.network.set_value(Some(network));
            } else if state.networks().is_empty() && self.waiting.get() {
                // The list of networks could not be loaded.
                self.waiting.set(false);
                for number in 0..self.progress.get_untracked().total {
                    self.record(number, Err(Problem::NoNetwork));
                }
            }
        });
        Effect::new(move |was: Option<Phase>| {
            let phase = state.phase();
            let left = was == Some(Phase::LazyView) && phase != Phase::LazyView;
            if left && self.place.get_untracked() == Place::Open {
                self.step_aside();
            }
            phase
        });
    }

    fn begin(self, files: Vec<Brought>) {
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
        self.select(|selection| *selection = Selection::default());
        self.changed.notify();
        self.put_in_order();
        self.place.set(Place::Open);
        self.waiting.set(true);
    }

    /// Has workers read the posters that are still waiting, with the features that own classes need.
    fn read(self, network: &Network, features: bool, preference: Preference) {
        let progress = self.progress.get_untracked();
        self.clock.update_value(|clock| clock.start(&progress));
        self.engine.set(Engine::Cpu);
        let last = Cell::new(0);
        let next = move || {
            self.posters.with_value(|posters| {
                let rest = posters.entries.get(last.get()..)?;
                let waits = |entry: &Entry| entry.outcome == Outcome::Waiting;
                let at = last.get() + rest.iter().position(waits)?;
                last.set(at + 1);
                Some((at as u32, posters.files[at].file.clone()))
            })
        };
        let job = Job {
            network: network.url(),
            features,
            posters: progress.total - progress.done,
            preference,
            next: Box::new(next),
            on_answer: Box::new(move |number, answer| self.record(number, answer)),
            on_engine: Box::new(move |engine| self.engine.set(engine)),
        };
        // The effect that calls this owns nothing that lasts beyond its next run.
        let workers = self.owner.with_value(|owner| Workers::start(owner, job));
        self.workers.set_value(Some(workers));
    }

    fn record(self, number: u32, answer: Result<Reading, Problem>) {
        let lesson = answer.as_ref().ok().and_then(Lesson::of).map(Rc::new);
        let outcome = match answer {
            Ok(_) if self.own.get_untracked() => Outcome::Untaught,
            Ok(reading) => {
                let labels = self.labels.get_untracked();
                if *labels != reading.labels {
                    self.labels.set(Arc::new(reading.labels));
                }
                let prediction = Prediction::new(reading.probabilities, reading.sure);
                prediction.map_or(Outcome::Refused(Problem::Damaged), Outcome::Read)
            }
            Err(problem) => Outcome::Refused(problem),
        };
        self.posters.update_value(|posters| {
            if let Some(entry) = posters.entries.get_mut(number as usize) {
                entry.outcome = outcome;
                entry.lesson = lesson;
                // Its folder may have been a class.
                entry.truth = entry.truth.filter(|_| entry.is_read());
            }
        });
        if self.next_update.with_value(Option::is_none) {
            let update = set_timeout_with_handle(move || self.update(), UPDATE);
            self.next_update.set_value(update.ok());
        }
    }

    /// Shows what is new.
    fn update(self) {
        self.cancel_update();
        let read = |entry: &&Entry| entry.outcome != Outcome::Waiting;
        let done = |posters: &Posters| posters.entries.iter().filter(read).count() as u32;
        let done = self.posters.with_value(done);
        let clock = self.clock.get_value();
        let Progress { total, working, .. } = self.progress.get_untracked();
        let working = working && done < total;
        if !working {
            // Their memory is free with them.
            self.workers.set_value(None);
        }
        self.progress.set(Progress {
            total,
            done,
            working,
            left_s: clock.left_s(done, total).filter(|_| working),
            took_s: clock.took_s(),
        });
        self.changed.notify();
        self.to_learn.notify();
        if !working || clock.since_order() >= ORDER_MS {
            self.put_in_order();
        }
    }

    fn cancel_update(self) {
        if let Some(update) = self.next_update.get_value() {
            update.clear();
        }
        self.next_update.set_value(None);
    }

    /// Shows the posters in the order that their answers have now.
    pub(super) fn put_in_order(self) {
        self.clock.update_value(Clock::order);
        self.reorder.notify();
    }

    fn free(self) {
        self.waiting.set(false);
        self.network.set_value(None);
        self.workers.set_value(None);
        self.cancel_update();
        self.own.set(false);
        self.before.set_value(None);
        self.posters.set_value(Posters::default());
    }

    /// Ends the run and forgets all of it.
    pub(super) fn close(self) {
        self.free();
        self.place.set(Place::Closed);
        self.progress.set(Progress::default());
        self.changed.notify();
        self.put_in_order();
    }

    /// Stops reading; what was read stays.
    pub(super) fn stop(self) {
        self.workers.set_value(None);
        self.waiting.set(false);
        self.progress.update(|progress| progress.working = false);
        self.update();
    }

    /// Reads the posters that a stop has left.
    pub(super) fn go_on(self) {
        self.progress.update(|progress| progress.working = true);
        self.waiting.set(true);
    }

    /// Leaves the page to a single poster.
    pub(super) fn step_aside(self) {
        self.place.set(Place::Aside);
    }

    /// Takes its place on the page again.
    pub(super) fn come_back(self) {
        self.place.set(Place::Open);
    }

    /// Changes what the visitor sees, and shows it from its beginning.
    pub(super) fn select(self, change: impl FnOnce(&mut Selection)) {
        self.active.set(0);
        self.selection.update(change);
    }

    /// A class, as the network calls it.
    pub(super) fn label(self, class: u8) -> Option<String> {
        self.labels
            .with(|labels| labels.get(usize::from(class)).cloned())
    }

    /// A poster's file.
    pub(super) fn file(self, number: u32) -> Option<File> {
        self.posters
            .with_value(|posters| Some(posters.files.get(number as usize)?.file.clone()))
    }

    /// What `see` finds in a poster's entry, for a view that follows its changes.
    pub(super) fn follow_entry<T>(self, number: u32, see: impl FnOnce(&Entry) -> T) -> Option<T> {
        self.changed.track();
        self.entry(number, see)
    }

    /// What `see` finds in a poster's entry at this moment.
    pub(super) fn entry<T>(self, number: u32, see: impl FnOnce(&Entry) -> T) -> Option<T> {
        self.posters
            .with_value(|posters| posters.entries.get(number as usize).map(see))
    }

    /// The visitor ticks a poster's true class, or none.
    pub(super) fn tick(self, number: u32, truth: Option<u8>) {
        self.posters.update_value(|posters| {
            let entry = posters.entries.get_mut(number as usize);
            if let Some(entry) = entry.filter(|entry| entry.problem().is_none()) {
                entry.truth = truth;
            }
        });
        self.changed.notify();
        self.to_learn.notify();
    }
}

/// The batch run that the festival provides.
pub(super) fn use_run() -> BatchRun {
    expect_context()
}
