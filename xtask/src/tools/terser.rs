//! terser, which makes JavaScript smaller. Trunk's own minifier fails on modules with exports.
//!
//! It comes from npm. Without Node the scripts stay as they are.

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

/// Minifies our scripts and all modules in `dist`, also those of wasm-bindgen, but not marquee.js, which
/// programmers read, and the service worker, which gets its list later. Trunk has minified the other scripts.
pub(crate) fn minify(terser: &Path, dist: &Path) -> Result<()> {
    for entry in fs::read_dir(dist).with_context(|| format!("cannot read {}", dist.display()))? {
        let path = entry?.path();
        let module = is_module(&path);
        if module || path.ends_with("worker.js") {
            // Not by `run`, which would print a line for each.
            run::output(
                Command::new(terser)
                    .arg(&path)
                    .args(module.then_some("--module"))
                    .args(["--compress", "passes=2", "--mangle", "--output"])
                    .arg(&path),
            )
            .with_context(|| format!("{} was not minified", path.display()))?;
        }
    }
    Ok(())
}

/// Whether a file is a module: a script that imports or exports something at its top level.
fn is_module(path: &Path) -> bool {
    let script = path.extension().is_some_and(|ending| ending == "js");
    let says = |line: &str| line.starts_with("import ") || line.starts_with("export ");
    script
        && !path.ends_with("marquee.js")
        && fs::read_to_string(path).is_ok_and(|text| text.lines().any(says))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_told_from_scripts() {
        let folder = tempfile::tempdir().expect("a folder");
        let module = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).expect("a file");
            is_module(&path)
        };
        assert!(module("page.js", "// A page.\nexport function a() {}"));
        assert!(module("start.js", "import { a } from \"./page.js\";\na();"));
        assert!(!module("words.txt", "import nothing"));
        // A script's names must stay: its page uses them.
        assert!(!module("worker.js", "let wasm_bindgen = exports;"));
        // Programmers read this one.
        assert!(!module("marquee.js", "export function load() {}"));
    }
}
