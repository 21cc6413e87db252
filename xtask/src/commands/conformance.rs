//! `cargo xtask conformance`: Marquee's pixels and answers beside those by Pillow.

use crate::{paths, run, tools::python};
use anyhow::{Context, Result};
use clap::Args;
use std::{path::PathBuf, process::Command};

/// Compare what Marquee sees of pictures with what Pillow does.
///
/// It decodes every picture in the folders and their subfolders by both, and runs the shipped networks on what each
/// made of it. It lists the pictures for which a probability differs by more than 0.03, those that only one can
/// read, and those at which Marquee panics. It fails if one of these is not in xtask/conformance/reasons.toml.
///
/// Python with Pillow and numpy is needed; $MARQUEE_PYTHON chooses one.
#[derive(Args)]
pub(crate) struct Conformance {
    /// Folders with pictures
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
}

impl Conformance {
    pub(crate) fn run(self) -> Result<()> {
        let python = python::find(&["PIL", "numpy"], "pillow numpy")?;
        // The whole workspace, as the native tests build it: the same features, so nothing is compiled twice.
        run::run(&mut run::cargo(
            "build --workspace --no-default-features --example conformance",
        ))?;
        let built = paths::target()?.join("debug/examples");
        let program = run::find_in(&built, "conformance").context("cargo built no conformance")?;
        let own = paths::root().join("xtask/conformance");
        run::run(
            Command::new(program)
                .arg(python)
                .arg(own.join("pillow.py"))
                .arg(own.join("reasons.toml"))
                .arg(paths::root().join("models/weights"))
                .args(self.folders)
                .env("PYTHONPATH", paths::root().join("trainer/python"))
                .env("PYTHONDONTWRITEBYTECODE", "1"),
        )
    }
}
