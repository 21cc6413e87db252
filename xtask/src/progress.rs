//! What is being done now: a line for each thing on a terminal, and plain lines elsewhere.

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::{
    io::{IsTerminal, stderr},
    time::{Duration, Instant},
};

/// How often a line's clock is drawn.
const TICK: Duration = Duration::from_millis(200);

/// The lines, which several threads may write at once.
pub(crate) struct Progress {
    lines: MultiProgress,
    terminal: bool,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self {
            lines: MultiProgress::new(),
            terminal: stderr().is_terminal(),
        }
    }

    /// Begins something that takes a while.
    pub(crate) fn begin(&self, what: &str) -> Task<'_> {
        if !self.terminal {
            println!("{what} …");
        }
        let line = self.lines.add(ProgressBar::new_spinner());
        if let Ok(style) =
            ProgressStyle::with_template("{spinner} {elapsed:>4} {prefix} {wide_msg:.dim}")
        {
            line.set_style(style);
        }
        line.set_prefix(what.to_owned());
        line.enable_steady_tick(TICK);
        Task {
            progress: self,
            line,
            begun: Instant::now(),
        }
    }

    /// Prints a line that stays.
    pub(crate) fn say(&self, text: &str) {
        self.lines.suspend(|| println!("{text}"));
    }
}

/// Something that is being done. Its line goes when it is dropped.
pub(crate) struct Task<'progress> {
    progress: &'progress Progress,
    line: ProgressBar,
    begun: Instant,
}

impl Task<'_> {
    /// Says how far it is. Only a terminal shows that.
    pub(crate) fn now(&self, detail: String) {
        self.line.set_message(detail);
    }

    /// Says that it is done.
    pub(crate) fn done(self, what: &str) {
        let seconds = self.begun.elapsed().as_secs_f32();
        self.progress.say(&format!("{what} ({seconds:.0} s)"));
    }
}

impl Drop for Task<'_> {
    fn drop(&mut self) {
        self.line.finish_and_clear();
        self.progress.lines.remove(&self.line);
    }
}
