//! terser, which makes JavaScript smaller. Trunk's own minifier fails on modules with exports.
//!
//! It comes from npm. Without Node the modules stay as they are.

use super::node;
use crate::run;
use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const VERSION: &str = "5.51.4";

/// The path of terser, or none where it can't be installed.
pub(crate) fn ensure() -> Result<Option<PathBuf>> {
    node::ensure_program("terser", "terser", VERSION, |path| {
        super::version_of(path).as_deref() == Some(VERSION)
    })
}

/// Minifies the ES modules that wasm-bindgen has written into `dist`.
pub(crate) fn minify(terser: &Path, dist: &Path) -> Result<()> {
    for entry in fs::read_dir(dist).with_context(|| format!("cannot read {}", dist.display()))? {
        let path = entry?.path();
        if is_glue(&path) {
            // Not by `run`, which would print a line for each module.
            run::output(
                Command::new(terser)
                    .arg(&path)
                    .args(["--module", "--compress", "passes=2", "--mangle", "--output"])
                    .arg(&path),
            )
            .with_context(|| format!("{} was not minified", path.display()))?;
        }
    }
    Ok(())
}

/// Whether a file is an ES module beside a `*_bg.wasm` of the same name.
fn is_glue(path: &Path) -> bool {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let wasm = stem.map(|stem| path.with_file_name(format!("{stem}_bg.wasm")));
    path.extension().is_some_and(|ending| ending == "js")
        && wasm.is_some_and(|wasm| wasm.is_file())
        && fs::read_to_string(path)
            .is_ok_and(|text| text.lines().any(|line| line.starts_with("export ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_modules_beside_their_webassembly_are_minified() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).expect("a file");
            path
        };
        write("page_bg.wasm", "");
        write("worker_bg.wasm", "");
        assert!(is_glue(&write("page.js", "export function a() {}")));
        // A script's names must stay: its page uses them.
        assert!(!is_glue(&write("worker.js", "let wasm_bindgen = exports;")));
        assert!(!is_glue(&write("marquee.js", "export function load() {}")));
    }
}
