//! Panics in code that reads other people's files: they cost that file alone.

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    /// Whether this thread is within [`caught`].
    static CATCHING: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`. If it panics, the error says so, with the panic's message, and nothing is printed.
///
/// # Errors
///
/// If `work` panics.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !CATCHING.get() {
                usual(info);
            }
        }));
    });
    let outer = CATCHING.replace(true);
    // a poster's own pixels are all that `work` changes, and they are dropped with it
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    CATCHING.set(outer);
    result.map_err(|panic| format!("Marquee failed at it: {}", message(&*panic)))
}

/// What a panic says, in one line.
fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let words = text.unwrap_or("it does not say why").split_whitespace();
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::prelude::*;

    #[test]
    fn a_panic_is_an_error_and_the_others_go_on() {
        let halves: Vec<Result<usize, String>> = (0..4_usize)
            .into_par_iter()
            .map(|number| {
                caught(|| match number {
                    2 => panic!("index {number}\nis out of bounds"),
                    _ => number / 2,
                })
            })
            .collect();
        let failed = "Marquee failed at it: index 2 is out of bounds".to_owned();
        assert_eq!(halves, [Ok(0), Ok(0), Err(failed), Ok(1)]);
    }
}
