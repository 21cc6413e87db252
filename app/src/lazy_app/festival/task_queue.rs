//! Work in short slices, between which the browser can paint and react.

use super::clock::now;
use futures_channel::oneshot::channel;
use leptos::prelude::*;
use std::collections::VecDeque;
use std::time::Duration;

/// The length of a slice in milliseconds. Its last task may take longer.
const SLICE_MS: f64 = 6.0;

type Task = Box<dyn FnOnce()>;

/// Tasks that wait for their turn, first come, first served.
#[derive(Clone, Copy)]
pub(super) struct TaskQueue(StoredValue<VecDeque<Task>, LocalStorage>);

impl TaskQueue {
    /// An empty queue.
    pub(super) fn new() -> TaskQueue {
        TaskQueue(StoredValue::new_local(VecDeque::new()))
    }

    /// Runs a task when its turn comes.
    pub(super) fn push(self, task: impl FnOnce() + 'static) {
        let idle = self.0.with_value(VecDeque::is_empty);
        self.0.update_value(|tasks| tasks.push_back(Box::new(task)));
        if idle {
            self.schedule();
        }
    }

    fn schedule(self) {
        set_timeout(move || self.run_slice(), Duration::ZERO);
    }

    fn run_slice(self) {
        let begin = now();
        while now() - begin < SLICE_MS {
            // The queue is empty, or its owner is gone.
            let Some(Some(task)) = self.0.try_update_value(VecDeque::pop_front) else {
                return;
            };
            task();
        }
        if self.0.try_with_value(|tasks| !tasks.is_empty()) == Some(true) {
            self.schedule();
        }
    }
}

/// Lets the browser handle its events before the caller goes on.
pub(super) async fn yield_to_browser() {
    let (sender, turn) = channel();
    // Nobody waits any more if the page is closed.
    set_timeout(move || _ = sender.send(()), Duration::ZERO);
    _ = turn.await;
}
