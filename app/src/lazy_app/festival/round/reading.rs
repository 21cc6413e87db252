//! How a round goes: it begins, is read, is stopped, and ends.

use super::super::entry::{Answer, Entry, Outcome};
use super::super::order::Selection;
use super::super::work::Work;
use super::{Place, Posters, Progress, Round, now};
use crate::state::{Listed, State};
use leptos::prelude::*;
use marquee_app::protocol::Problem;
use marquee_app::protocol::channel::{Cleared, ToLazyApp};
use marquee_app::protocol::networks_worker::Reading;
use marquee_app::ui::exchange;
use std::sync::Arc;
use std::time::Duration;
use web_sys::File;

/// Answers come faster than anyone can see; the page follows them at most so often.
const PACE: Duration = Duration::from_millis(100);

/// While posters are read they are put in order anew at this pace, in milliseconds.
const ORDER_MS: f64 = 1000.0;

impl Round {
    /// Takes what is brought at once, and steps aside for what is brought singly.
    pub(super) fn follow(self, state: State) {
        Effect::new(move |_| {
            let files = state.many().get();
            if !files.is_empty() {
                // The state must not hold them longer than the round does.
                state.bring_many(Vec::new());
                self.begin(files);
            }
        });
        Effect::new(move |_| {
            let network = state.network();
            if let Some(network) = network.filter(|_| self.waiting.get()) {
                self.waiting.set(false);
                self.read(&network);
            }
        });
        // Before its answer, so that the sign is not taken from it.
        exchange::hear(exchange::LAZY_APP, move |message| {
            let single = matches!(message, ToLazyApp::Cleared(Cleared { reading: true, .. }));
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
    pub(in super::super) fn close(self) {
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
    pub(in super::super) fn stop(self) {
        self.work.set_value(None);
        self.waiting.set(false);
        self.progress.update(|progress| progress.working = false);
        self.show_progress();
    }

    /// Reads what was left when it was stopped.
    pub(in super::super) fn go_on(self) {
        self.progress.update(|progress| progress.working = true);
        self.waiting.set(true);
    }
}
