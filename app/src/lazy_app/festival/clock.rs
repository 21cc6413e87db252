//! When a batch run began, and how long it takes.

use super::progress::Progress;
use leptos::prelude::window;

/// How many posters have to be read before the rest can be estimated: the first ones wait for the
/// network's download.
const ENOUGH: f64 = 8.0;

/// Times in milliseconds of the page's clock.
#[derive(Clone, Copy, Default)]
pub(super) struct Clock {
    /// When the run would have begun if it had never been stopped in between.
    began: f64,
    /// When it was started, or started again after a stop.
    started: f64,
    /// How many posters were done at that time.
    done_at_start: u32,
    /// When the posters were last put in order.
    ordered: f64,
}

impl Clock {
    /// The run is started, or started again.
    pub(super) fn start(&mut self, progress: &Progress) {
        self.started = now();
        self.began = now() - 1000.0 * progress.took_s;
        self.done_at_start = progress.done;
    }

    /// The posters are put in order.
    pub(super) fn order(&mut self) {
        self.ordered = now();
    }

    /// Milliseconds since the posters were put in order.
    pub(super) fn since_order(&self) -> f64 {
        now() - self.ordered
    }

    /// Seconds since the run began, without the time it was stopped.
    pub(super) fn took_s(&self) -> f64 {
        (now() - self.began) / 1000.0
    }

    /// Seconds until the rest is read; `None` as long as that can't be told.
    pub(super) fn left_s(&self, done: u32, total: u32) -> Option<f64> {
        let read = f64::from(done.saturating_sub(self.done_at_start));
        let seconds = (now() - self.started) / 1000.0;
        (read >= ENOUGH).then(|| f64::from(total.saturating_sub(done)) * seconds / read)
    }
}

/// Milliseconds of the page's clock.
pub(super) fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}
