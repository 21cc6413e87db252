//! What a release is made of, tried without making one.

use crate::{paths, run, tools::node};
use anyhow::{Context, Result};
use std::process::Command;

/// Checks the workflow files, and that crates.io would take the crates.
///
/// The crates are packed and not compiled again: the other steps have compiled them.
pub(crate) fn check() -> Result<()> {
    let node = node::ensure_end2end()?;
    let mut workflows = Command::new(node);
    workflows
        .current_dir(paths::end2end())
        .arg("workflows.mjs")
        .arg(paths::root().join(".github/workflows"));
    run::run(&mut workflows).context("the workflow files have faults")?;
    run::run(&mut run::cargo(
        "publish --dry-run --workspace --no-verify --allow-dirty --quiet",
    ))
}
