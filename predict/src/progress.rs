//! Progress bars on standard error, so that standard output can be piped.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over `length` `unit`s (such as "posters"), with rate and time left. `what` says what is done.
pub fn bar(what: &str, length: u64, unit: &str) -> ProgressBar {
    let template = format!(
        "{{msg:>12}} [{{bar:32}}] {{human_pos}}/{{human_len}} {unit}  {{per_sec}}  {{eta}} left"
    );
    let style = ProgressStyle::with_template(&template)
        .expect("the template is well-formed")
        .progress_chars("=> ");
    let bar = ProgressBar::new(length).with_style(style);
    bar.set_message(what.to_owned());
    bar
}

/// A counter of `unit`s whose number is not known, with their rate.
pub fn counter(what: &str, unit: &str) -> ProgressBar {
    let template = format!("{{msg:>12}} {{human_pos}} {unit}  {{per_sec}}");
    let style = ProgressStyle::with_template(&template).expect("the template is well-formed");
    let bar = ProgressBar::no_length().with_style(style);
    bar.set_message(what.to_owned());
    bar
}
