//! nginx, by which the page's tests serve the site as docs/HOSTING.md says.

use super::debian;
use crate::run;
use std::path::{Path, PathBuf};

/// The path of nginx, which is installed where it can be. Without it a sentence says so, and the tests that
/// need it are skipped.
pub(crate) fn ensure() -> Option<PathBuf> {
    if let Some(nginx) = find() {
        return Some(nginx);
    }
    match debian::install(&["nginx"], "nginx, as which the page is served in a test,") {
        Ok(()) => find(),
        Err(error) => {
            println!("The tests of the page behind nginx are skipped: {error:#}");
            None
        }
    }
}

/// Debian keeps it where users' PATH does not look.
fn find() -> Option<PathBuf> {
    let usual = Path::new("/usr/sbin/nginx");
    run::find("nginx").or_else(|| usual.is_file().then(|| usual.to_owned()))
}
