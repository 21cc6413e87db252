//! Installing Debian's packages, where this is a Debian and the user may.

use crate::run;
use anyhow::{Context, Result, bail};
use std::process::Command;

/// Installs packages of Debian or a relative, or says what to install. `what` is what they are
/// needed for.
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
    // The lists of a fresh machine are empty. Old ones may do even when they cannot be renewed.
    let updated = run::run(apt().args(["update", "-qq"]));
    run::run(
        apt()
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(packages),
    )
    .or_else(|error| updated.and(Err(error)))
    .with_context(|| format!("{what} could not be installed; please install {list}"))
}

/// Whether this program may change the system.
pub(super) fn is_root() -> bool {
    let id = run::find("id").map(|id| run::output(Command::new(id).arg("-u")));
    matches!(id, Some(Ok(id)) if id.trim() == "0")
}
