//! esbuild, which makes scripts and styles smaller. It comes from npm. Without Node they stay as they are.

use super::{node, version_of};
use crate::run;
use anyhow::{Context, Result};
use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const VERSION: &str = "0.28.2";

/// The path of esbuild, or none where it can't be installed.
pub(crate) fn ensure() -> Result<Option<PathBuf>> {
    node::ensure_program("esbuild", "esbuild", VERSION, |path| {
        version_of(path).as_deref() == Some(VERSION)
    })
}

/// Scripts that stay as they are: one that programmers read, and one into which the list of files is written.
const LEFT_OUT: [&str; 2] = ["marquee.js", "service-worker.js"];

/// Makes the scripts and styles in `folder` and its folders smaller.
pub(crate) fn minify(esbuild: &Path, folder: &Path) -> Result<()> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    let mut command = Command::new(esbuild);
    command
        .current_dir(folder)
        .args(files)
        .args(["--minify", "--target=es2022", "--charset=utf8"])
        .args([
            "--log-level=error",
            "--outdir=.",
            "--outbase=.",
            "--allow-overwrite",
        ]);
    run::output(&mut command)
        .map(|_| ())
        .context("the scripts and styles were not made smaller")
}

/// Adds the scripts and styles below `folder`.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?
    {
        let path = entry?.path();
        let ending = path.extension().and_then(OsStr::to_str);
        if path.is_dir() {
            collect(&path, files)?;
        } else if matches!(ending, Some("css" | "js"))
            && !LEFT_OUT.iter().any(|left_out| path.ends_with(left_out))
        {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_styles_are_found_in_all_folders() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("lazy")).expect("a folder");
        for name in [
            "a.js",
            "c.css",
            "marquee.js",
            "service-worker.js",
            "lazy/d.css",
            "e.wasm",
        ] {
            fs::write(folder.path().join(name), "").expect("a file");
        }
        let mut files = Vec::new();
        collect(folder.path(), &mut files).expect("it can be read");
        files.sort();
        let names = files
            .iter()
            .map(|file| file.file_name().and_then(OsStr::to_str));
        let names: Vec<&str> = names.map(|name| name.expect("a name")).collect();
        assert_eq!(names, ["a.js", "c.css", "d.css"]);
    }
}
