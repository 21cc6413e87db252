//! wasm-opt, which makes WebAssembly smaller and faster.
//!
//! It is a large C++ program. npm has a build of it that runs on Node, which is a small download.
//! Without Node the site is built without it: larger, but with the same behaviour.

use super::{major, node, version_of};
use crate::{paths, run};
use anyhow::{Context, Result};
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The version of npm's package.
const BINARYEN: &str = "132.0.0";

/// The oldest version that reads what today's Rust writes.
const OLDEST: u32 = 123;

/// A wasm-opt for trunk.
pub(crate) struct WasmOpt {
    pub(crate) path: PathBuf,
    /// As trunk writes versions: `version_132`.
    pub(crate) version: String,
    /// Whether it optimises; the stand-in does not.
    pub(crate) optimises: bool,
}

/// Finds or installs wasm-opt; without Node, a stand-in that leaves the code as it is.
pub(crate) fn ensure() -> Result<WasmOpt> {
    if let Some(found) = run::find("wasm-opt").and_then(usable) {
        return Ok(found);
    }
    if node::find().is_none() {
        return without("Node is not installed");
    }
    let fits = |path: &Path| usable(path.to_owned()).is_some();
    let installed = node::ensure_program("wasm-opt", "binaryen", BINARYEN, fits)?;
    match installed.and_then(usable) {
        Some(found) => Ok(found),
        None => without("the one from npm does not start"),
    }
}

fn usable(path: PathBuf) -> Option<WasmOpt> {
    let version = version_of(&path)?;
    (major(&version)? >= OLDEST).then(|| WasmOpt {
        path,
        version: format!("version_{version}"),
        optimises: true,
    })
}

/// Makes the stand-in: a copy of this program. Without one trunk would download a wasm-opt, or stop.
fn without(reason: &str) -> Result<WasmOpt> {
    println!(
        "There is no wasm-opt here ({reason}): the site will work, but will be larger. Install Node \
         {} or newer, or wasm-opt {OLDEST} or newer (binaryen), to have it optimised.",
        node::OLDEST
    );
    let folder = paths::tools()?.join("stand-in");
    let path = folder.join(format!("wasm-opt{}", env::consts::EXE_SUFFIX));
    let program = env::current_exe().context("cannot find this program's own file")?;
    fs::create_dir_all(&folder)
        .and_then(|()| fs::copy(program, &path))
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(WasmOpt {
        path,
        version: "version_0".to_owned(),
        optimises: false,
    })
}

/// Whether this program was started under the name of wasm-opt.
pub(crate) fn called_as_stand_in() -> bool {
    let name = env::args_os().next();
    name.is_some_and(|name| Path::new(&name).file_stem() == Some("wasm-opt".as_ref()))
}

/// Answers trunk like wasm-opt, but copies the code unchanged.
pub(crate) fn stand_in() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--version") {
        println!("wasm-opt version 0 (a stand-in that changes nothing)");
        return Ok(());
    }
    let (from, to) = files(&arguments).context("expected an input file and --output=FILE")?;
    fs::copy(from, to).with_context(|| format!("cannot copy {from} to {to}"))?;
    Ok(())
}

/// The files that a call of wasm-opt reads and writes.
fn files(arguments: &[String]) -> Option<(&str, &str)> {
    let from = arguments
        .iter()
        .find(|argument| !argument.starts_with('-'))?;
    let to = arguments
        .iter()
        .find_map(|argument| argument.strip_prefix("--output="))?;
    Some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stand_in_reads_a_call_as_trunk_makes_it() {
        let call = [
            "--output=/to/app_bg.wasm",
            "-Oz",
            "/from/app_bg.wasm",
            "--enable-simd",
        ];
        let call = call.map(str::to_owned);
        assert_eq!(files(&call), Some(("/from/app_bg.wasm", "/to/app_bg.wasm")));
        assert_eq!(files(&call[..2]), None);
    }
}
