//! Finds Python.

use crate::run;
use anyhow::{Result, bail};
use std::{env, path::PathBuf, process::Command};

/// The Python that has all `modules`. `packages` are the names by which pip installs them.
///
/// # Errors
///
/// If there is none; then the message says how to install it.
pub(crate) fn find(modules: &[&str], packages: &str) -> Result<PathBuf> {
    let named = env::var_os("MARQUEE_PYTHON").map(PathBuf::from);
    let usual = ["python3", "python"].into_iter().filter_map(run::find);
    let import = format!("import {}", modules.join(", "));
    let mut found = None;
    for python in named.into_iter().chain(usual) {
        if run::output(Command::new(&python).args(["-c", &import])).is_ok() {
            return Ok(python);
        }
        found.get_or_insert(python);
    }
    match found {
        Some(python) => bail!(
            "{} lacks {packages}. Please install them: {0} -m pip install {packages}; or name another Python by \
             MARQUEE_PYTHON",
            python.display()
        ),
        None => bail!(
            "there is no Python. Please install it from python.org or with your system's packages, then: python3 -m \
             pip install {packages}"
        ),
    }
}
