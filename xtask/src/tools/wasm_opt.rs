//! wasm-opt, which makes WebAssembly smaller and faster.
//!
//! It is a large C++ program. npm has a build of it that runs on Node, which is a small download.
//! Without Node the site is built without it: larger, but with the same behaviour.

use super::{major, node, version_of};
use crate::run;
use anyhow::{Context, Result};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The version of npm's package.
const BINARYEN: &str = "132.0.0";

/// The oldest version that reads what today's Rust writes.
const OLDEST: u32 = 123;

/// A wasm-opt that works.
pub(crate) struct WasmOpt {
    path: PathBuf,
    pub(crate) version: String,
}

/// Finds or installs wasm-opt. `None` without Node; then a message says so.
pub(crate) fn ensure() -> Result<Option<WasmOpt>> {
    if let Some(found) = run::find("wasm-opt").and_then(usable) {
        return Ok(Some(found));
    }
    let fits = |path: &Path| usable(path.to_owned()).is_some();
    let installed = node::ensure_program("wasm-opt", "binaryen", BINARYEN, fits)?.and_then(usable);
    if installed.is_none() {
        let npm = match node::find() {
            Some(_) => "let npm reach its registry".to_owned(),
            None => format!("install Node {} or newer", node::OLDEST),
        };
        println!(
            "There is no wasm-opt here: the page will work, but will be larger. To have it optimised, {npm}, \
             or install wasm-opt {OLDEST} or newer (binaryen)."
        );
    }
    Ok(installed)
}

fn usable(path: PathBuf) -> Option<WasmOpt> {
    let version = version_of(&path)?;
    (major(&version)? >= OLDEST).then_some(WasmOpt { path, version })
}

impl WasmOpt {
    /// Optimises a program in its place.
    pub(crate) fn run(&self, wasm: &Path, arguments: &[String]) -> Result<()> {
        let mut command = Command::new(&self.path);
        run::output(command.args(arguments).arg(wasm).arg("--output").arg(wasm))
            .map(|_| ())
            .with_context(|| format!("{} was not optimised", wasm.display()))
    }
}
