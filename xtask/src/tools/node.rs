//! Node, and packages from npm.

use super::{debian, major, version_of};
use crate::{paths, run};
use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The oldest version of Node that Playwright works with.
pub(crate) const OLDEST: u32 = 20;

/// The paths of Node and npm, if they are installed and new enough.
pub(crate) fn find() -> Option<(PathBuf, PathBuf)> {
    let node = run::find("node")?;
    let npm = run::find("npm")?;
    let version = version_of(&node)?;
    (major(&version)? >= OLDEST).then_some((node, npm))
}

/// The paths of Node and npm, which are installed where they are missing.
pub(crate) fn ensure() -> Result<(PathBuf, PathBuf)> {
    if let Some(found) = find() {
        return Ok(found);
    }
    debian::install(
        &["nodejs", "npm"],
        &format!("Node {OLDEST} or newer with npm"),
    )?;
    if let Some(found) = find() {
        return Ok(found);
    }
    let version = run::find("node").and_then(|node| version_of(&node));
    bail!(
        "the page's tests need Node {OLDEST} or newer, and this machine has {}. Please install it \
         from https://nodejs.org",
        version.as_deref().unwrap_or("none")
    )
}

/// The path of a `program` of an npm package, which is installed into the folder of tools unless one
/// there `fits`. `None` where there is no Node, or npm fails; then a message says so.
pub(crate) fn ensure_program(
    program: &str,
    package: &str,
    version: &str,
    fits: impl Fn(&Path) -> bool,
) -> Result<Option<PathBuf>> {
    let Some((_, npm)) = find() else {
        return Ok(None);
    };
    // A folder for each package, because npm removes packages that the same call does not name.
    let packages = paths::tools()?.join("npm").join(package);
    let bin = packages.join("node_modules/.bin");
    if let Some(found) = run::find_in(&bin, program).filter(|path| fits(path)) {
        return Ok(Some(found));
    }
    println!(
        "Installing npm's {package} {version} into {}.",
        packages.display()
    );
    fs::create_dir_all(&packages)
        .with_context(|| format!("cannot make the folder {}", packages.display()))?;
    let mut install = Command::new(npm);
    install
        .current_dir(&packages)
        // Packages have no need to run scripts of their own here, and npm warns of those that want to.
        .args([
            "install",
            "--no-audit",
            "--no-fund",
            "--no-package-lock",
            "--ignore-scripts",
        ])
        .arg("--prefix")
        .arg(&packages)
        .arg(format!("{package}@{version}"));
    if let Err(error) = run::output(&mut install) {
        // npm goes on with where in its own code that was.
        let error = error.to_string();
        let reason: Vec<&str> = error.lines().take(5).collect();
        println!("{program} was not installed: {}", reason.join("\n"));
        return Ok(None);
    }
    Ok(run::find_in(&bin, program).filter(|path| fits(path)))
}

/// Installs the packages of the page's tests, unless they are there. Returns the path of Node.
pub(crate) fn ensure_end2end() -> Result<PathBuf> {
    let (node, npm) = ensure()?;
    ensure_packages(&npm, &paths::end2end())
        .context("the Node packages of the page's tests were not installed")?;
    Ok(node)
}

/// Installs the packages that the package-lock.json of `folder` names, unless they are there.
pub(crate) fn ensure_packages(npm: &Path, folder: &Path) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let wanted =
        fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let mark = folder.join("node_modules/.installed-from");
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("Installing the Node packages of {}.", folder.display());
    let mut ci = Command::new(npm);
    ci.current_dir(folder)
        .args(["ci", "--no-audit", "--no-fund"])
        // The system's Chromium is used.
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    run::run(&mut ci)?;
    fs::write(&mark, wanted).with_context(|| format!("cannot write {}", mark.display()))
}
