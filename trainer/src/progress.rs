//! Progress bars on standard error, so that standard output can be piped.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over a known number of `unit`s (such as "posters"), with the rate and the time left.
pub fn bar(what: &str, length: usize, unit: &str) -> ProgressBar {
    let template = format!(
        "{{msg:>12}} [{{bar:32}}] {{human_pos}}/{{human_len}} {unit}  {{per_sec}}  {{eta}} left"
    );
    let style = ProgressStyle::with_template(&template)
        .expect("the template is well-formed")
        .progress_chars("=> ");
    let bar = ProgressBar::new(length as u64).with_style(style);
    bar.set_message(what.to_owned());
    bar
}

/// A bar over films of which some are there already, with room for more (the prefix) beside it.
pub fn fetching(length: usize, already: usize) -> ProgressBar {
    let style = ProgressStyle::with_template(
        "{msg:>12} [{bar:32}] {human_pos}/{human_len} films  {prefix}  {per_sec}  {eta} left",
    )
    .expect("the template is well-formed")
    .progress_chars("=> ");
    // reset: the rate and the time left are about what this run does
    let bar = ProgressBar::new(length as u64)
        .with_style(style)
        .with_position(already as u64);
    bar.reset_eta();
    bar.set_message("fetching");
    bar
}
