//! `cargo xtask package`: the npm package.

use crate::{paths, site};
use anyhow::{Context, Result};
use clap::Args;
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Build the npm package: the classifier without the page, for other people's pages.
///
/// The folder is ready for `npm pack` and `npm publish`.
#[derive(Args)]
pub(crate) struct Package {
    /// The folder to write it to [default: package in the target folder]
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Use the site in dist/ as it is
    #[arg(long)]
    no_build: bool,
}

/// Whether a file of the built site belongs to the package.
fn belongs(name: &str) -> bool {
    let parts = ["cpu-worker", "gpu-worker", "marquee.", "worker"];
    name.contains("-decoder") || parts.iter().any(|part| name.starts_with(part))
}

impl Package {
    pub(crate) fn run(self) -> Result<()> {
        if !self.no_build {
            site::build(None)?;
        }
        let folder = match self.out {
            Some(folder) => folder,
            None => paths::target()?.join("package"),
        };
        assemble(&paths::dist(), paths::root(), &folder)?;
        println!("The package is in {}", folder.display());
        Ok(())
    }
}

/// Copies the package's files from `dist` and from the checkout at `root` into `folder`.
fn assemble(dist: &Path, root: &Path, folder: &Path) -> Result<()> {
    let weights = folder.join("weights");
    fs::create_dir_all(&weights).with_context(|| format!("cannot make {}", weights.display()))?;
    let copy = |from: &Path, to: &Path| {
        fs::copy(from, to)
            .map(|_| ())
            .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
    };
    for (from, to) in [(dist, folder), (&*dist.join("weights"), &*weights)] {
        for entry in fs::read_dir(from).with_context(|| {
            format!(
                "cannot read {}; build the site with `cargo xtask build`",
                from.display()
            )
        })? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            let Some(name) = name.filter(|name| from != dist || belongs(name)) else {
                continue;
            };
            copy(&path, &to.join(name))?;
        }
    }
    for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
        copy(&root.join(name), &folder.join(name))?;
    }
    copy(&root.join("www/npm/README.md"), &folder.join("README.md"))?;
    let manifest = root.join("www/npm/package.json");
    let text = fs::read_to_string(&manifest)
        .with_context(|| format!("cannot read {}", manifest.display()))?;
    let mut manifest: Value = serde_json::from_str(&text)
        .with_context(|| format!("{} is no JSON", manifest.display()))?;
    // All parts of the project have one version.
    manifest["version"] = json!(env!("CARGO_PKG_VERSION"));
    let manifest = serde_json::to_string_pretty(&manifest)? + "\n";
    fs::write(folder.join("package.json"), manifest).context("cannot write package.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_holds_what_the_module_needs_and_not_the_page() {
        let folders = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
        let [dist, out] = folders.each_ref().map(|folder| folder.path());
        fs::create_dir(dist.join("weights")).expect("a folder");
        for name in [
            "marquee.js",
            "marquee.d.ts",
            "worker.js",
            "cpu-worker.js",
            "cpu-worker_bg.wasm",
            "png-decoder.js",
            "index.html",
            "service-worker.js",
            "networks-worker.js",
            "weights/index.json",
        ] {
            fs::write(dist.join(name), name).expect("a file");
        }
        assemble(dist, paths::root(), out).expect("all is there");
        for name in [
            "marquee.d.ts",
            "cpu-worker_bg.wasm",
            "png-decoder.js",
            "weights/index.json",
            "LICENSE-MIT",
        ] {
            assert!(out.join(name).is_file(), "{name}");
        }
        for name in ["index.html", "service-worker.js", "networks-worker.js"] {
            assert!(!out.join(name).exists(), "{name}");
        }
        let manifest = fs::read(out.join("package.json")).expect("it is there");
        let manifest: Value = serde_json::from_slice(&manifest).expect("JSON");
        assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
        for field in ["main", "types"] {
            let file = manifest[field].as_str().expect("a file");
            assert!(out.join(file).is_file(), "{file}");
        }
    }
}
