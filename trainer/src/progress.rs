//! Progress bars on standard error, so that standard output can be piped.

use std::fmt;
use std::time::Duration;

use indicatif::{HumanDuration, ProgressBar, ProgressState, ProgressStyle};
pub use marquee_predict::progress::{bar, counter};

/// A bar over `length` films, of which `already` are done. The bar's prefix is shown as further text.
///
/// Rate and time left are means of this run; indicatif's own would count the films of earlier runs.
pub fn films(length: usize, already: usize) -> ProgressBar {
    let rate = move |state: &ProgressState| {
        let done = state.pos().saturating_sub(already as u64);
        done as f64 / state.elapsed().as_secs_f64().max(0.001)
    };
    let style = ProgressStyle::with_template(
        "{msg:>12} [{wide_bar}] {human_pos}/{human_len} films  {prefix}  {rate} {left} left",
    )
    .expect("the template is well-formed")
    // a line that cannot be written must not stop the work
    .with_key(
        "rate",
        move |state: &ProgressState, line: &mut dyn fmt::Write| {
            let _ = write!(line, "{:.1}/s", rate(state));
        },
    )
    .with_key(
        "left",
        move |state: &ProgressState, line: &mut dyn fmt::Write| {
            let rest = (length as u64).saturating_sub(state.pos()) as f64;
            let _ = match Duration::try_from_secs_f64(rest / rate(state)) {
                Ok(left) => write!(line, "{:#}", HumanDuration(left)),
                Err(_) => write!(line, "?"),
            };
        },
    )
    .progress_chars("=> ");
    let bar = ProgressBar::new(length as u64)
        .with_style(style)
        .with_position(already as u64);
    bar.set_message("fetching");
    bar
}
