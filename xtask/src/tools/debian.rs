//! Installs Debian's packages, on Debian and its relatives, for root.

use crate::run;
use anyhow::{Context, Result, bail};
use std::process::Command;

/// Installs packages by apt-get. `what` names what is missing, for messages.
///
/// # Errors
///
/// Where there is no apt-get, or this user may not install; then the message says what to install.
pub(super) fn install(packages: &[&str], what: &str) -> Result<()> {
    let list = packages.join(" ");
    if run::find("apt-get").is_none() {
        bail!(
            "{what} is missing, and this system has no apt-get to install it: please install {list}"
        );
    }
    if !is_root() {
        bail!("{what} is missing. Please install it: sudo apt-get install {list}");
    }
    println!("Installing Debian's {list}.");
    let apt = || {
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    // A fresh machine has no lists of packages. Where updating fails, old lists may still do.
    let updated = run::run(apt().args(["update", "-qq"]));
    run::run(
        apt()
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(packages),
    )
    .or_else(|error| updated.and(Err(error)))
    .with_context(|| format!("{what} could not be installed; please install {list}"))
}

/// Whether the user is root.
pub(super) fn is_root() -> bool {
    let id = run::find("id").map(|id| run::output(Command::new(id).arg("-u")));
    matches!(id, Some(Ok(id)) if id.trim() == "0")
}
