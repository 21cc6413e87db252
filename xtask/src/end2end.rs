//! Runs the programs of `end2end/` in Chromium against the built site: the page's tests, its
//! pictures and Lighthouse.

use crate::{
    paths, run,
    server::{self, Site},
    tools::{browser, node},
};
use anyhow::{Context, Result, anyhow, ensure};
use std::{
    fs,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    process::Command,
};

/// The folder of the served site. Hosts such as GitHub Pages serve each project in a folder, where
/// links that start with a slash break; here they must break, too.
const FOLDER: &str = "/marquee/";

/// Runs the page's tests against the site in dist/, with further `arguments` for Playwright.
pub(crate) fn test(arguments: &[String]) -> Result<()> {
    let node = node::ensure_end2end()?;
    let chromium = browser::ensure_chromium()?;
    let (marquee, posters) = native_answers()?;
    let site = serve()?;
    let mut playwright = Command::new(node);
    playwright
        .current_dir(paths::end2end())
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .args(arguments)
        .env("CHROMIUM", chromium)
        .env("MARQUEE_SITE", site.url())
        .env("MARQUEE_BIN", marquee)
        .env("MARQUEE_POSTERS", posters);
    run_noting(&mut playwright)
}

/// Holds the page in dist/ to Lighthouse's scores.
pub(crate) fn lighthouse() -> Result<()> {
    script("lighthouse.mjs", &[])
}

/// Takes pictures of the page in dist/ and writes them to `folder`.
pub(crate) fn pictures(folder: &Path) -> Result<()> {
    script("pictures.mjs", &[folder])
}

/// Runs a script of end2end/ against the site in dist/.
fn script(name: &str, arguments: &[&Path]) -> Result<()> {
    let node = node::ensure_end2end()?;
    let chromium = browser::ensure_chromium()?;
    let site = serve()?;
    let mut script = Command::new(node);
    script
        .current_dir(paths::end2end())
        .arg(name)
        .args(arguments)
        .env("CHROMIUM", chromium)
        .env("MARQUEE_SITE", site.url());
    run_noting(&mut script)
}

/// Runs a program of end2end/. Its error has the lines that the program noted by `failures.mjs`.
fn run_noting(command: &mut Command) -> Result<()> {
    let file = paths::end2end().join("test-results/failures.txt");
    if file.exists() {
        fs::remove_file(&file)?;
    }
    run::run(command).map_err(|error| match fs::read_to_string(file) {
        Ok(failures) => anyhow!("{error:#}\n{failures}"),
        Err(_) => error,
    })
}

fn serve() -> Result<Site> {
    ensure_site()?;
    Site::start(
        server::listen(Ipv4Addr::LOCALHOST.into(), 0)?,
        &paths::dist(),
        FOLDER,
    )
}

fn ensure_site() -> Result<()> {
    let dist = paths::dist();
    ensure!(
        dist.join("index.html").is_file(),
        "there is no site in {}; build it with `cargo xtask build`",
        dist.display()
    );
    Ok(())
}

/// Builds the native programs, and returns the folder that they are in.
fn native_programs() -> Result<PathBuf> {
    // The whole workspace, as the native tests build it: the same features, so nothing is compiled
    // twice.
    run::run(&mut run::cargo(
        "build --workspace --no-default-features --bin marquee --example parity",
    ))?;
    Ok(paths::target()?.join("debug"))
}

fn find_built(folder: &Path, name: &str) -> Result<PathBuf> {
    run::find_in(folder, name).with_context(|| format!("cargo built no {name}"))
}

/// What the page's answers are compared with: the native program `marquee`, and a folder of drawn
/// posters with their pixels and logits as the native code computes them.
fn native_answers() -> Result<(PathBuf, PathBuf)> {
    let built = native_programs()?;
    let posters = paths::scratch()?.join("posters");
    if posters.exists() {
        fs::remove_dir_all(&posters)
            .with_context(|| format!("cannot empty {}", posters.display()))?;
    }
    run::run(
        Command::new(find_built(&built.join("examples"), "parity")?)
            .current_dir(paths::root())
            .arg(&posters)
            .arg("models/weights/cnn32.safetensors"),
    )
    .context("the posters for the page's tests were not drawn")?;
    Ok((find_built(&built, "marquee")?, posters))
}
