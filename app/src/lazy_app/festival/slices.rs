//! Work in slices, between which the page has its turn.

use super::round::now;
use futures_channel::oneshot::channel;
use leptos::prelude::*;
use std::collections::VecDeque;
use std::time::Duration;

/// A slice's length in milliseconds. Its last job may take longer.
const SLICE_MS: f64 = 6.0;

type Job = Box<dyn FnOnce()>;

/// Jobs that wait for their turn, the first one first.
#[derive(Clone, Copy)]
pub(super) struct Slices(StoredValue<VecDeque<Job>, LocalStorage>);

impl Slices {
    /// Without any.
    pub(super) fn new() -> Slices {
        Slices(StoredValue::new_local(VecDeque::new()))
    }

    /// Does a job when its turn comes.
    pub(super) fn later(self, job: impl FnOnce() + 'static) {
        let idle = self.0.with_value(VecDeque::is_empty);
        self.0.update_value(|jobs| jobs.push_back(Box::new(job)));
        if idle {
            self.at_the_next_turn();
        }
    }

    fn at_the_next_turn(self) {
        set_timeout(move || self.work(), Duration::ZERO);
    }

    fn work(self) {
        let begin = now();
        while now() - begin < SLICE_MS {
            // None is left, or their owner is gone.
            let Some(Some(job)) = self.0.try_update_value(VecDeque::pop_front) else {
                return;
            };
            job();
        }
        if self.0.try_with_value(|jobs| !jobs.is_empty()) == Some(true) {
            self.at_the_next_turn();
        }
    }
}

/// Lets the page have its turn.
pub(super) async fn breathe() {
    let (sender, turn) = channel();
    // Nobody waits any more if the page is closed.
    set_timeout(move || _ = sender.send(()), Duration::ZERO);
    _ = turn.await;
}
