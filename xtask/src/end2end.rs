//! Runs the programs of `end2end/` in Chromium against the built site: the page's tests, its
//! pictures, Lighthouse and the bench.

use crate::{
    commands::package,
    paths, run,
    server::{self, Site},
    site::{self, Content},
    tools::{browser, engines, nginx, node},
};
use anyhow::{Context, Result, anyhow, ensure};
use serde_json::{Value, json};
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
    let package = paths::scratch()?.join("package");
    package::assemble(&package)?;
    let parts = own_parts()?;
    let own = serve_folder(&parts.join("site"))?;
    let mut playwright = Command::new(node);
    playwright
        .current_dir(paths::end2end())
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .args(arguments)
        .env("CHROMIUM", chromium)
        .env("MARQUEE_SITE", site.url())
        .env("MARQUEE_BIN", marquee)
        .env("MARQUEE_POSTERS", posters)
        .env("MARQUEE_DIST", paths::dist())
        .env("MARQUEE_PACKAGE", package)
        .env("MARQUEE_OWN_SITE", own.url())
        .env("MARQUEE_OWN_PARTS", parts)
        .envs(nginx::ensure().map(|nginx| ("MARQUEE_NGINX", nginx)));
    run_noting(&mut playwright)
}

/// Plays a visit to the page in dist/ in every browser that can be had, and compares what they show.
pub(crate) fn engines() -> Result<()> {
    let node = node::ensure_end2end()?;
    let engines = Value::from(engines::ensure()?).to_string();
    let (_, posters) = native_answers()?;
    let site = serve()?;
    let mut script = Command::new(node);
    script
        .current_dir(paths::end2end())
        .arg("engines.mjs")
        .env("MARQUEE_ENGINES", engines)
        .env("MARQUEE_SITE", site.url())
        .env("MARQUEE_POSTERS", posters);
    run_noting(&mut script)
}

/// Holds the page in dist/ to Lighthouse's scores.
pub(crate) fn lighthouse() -> Result<()> {
    script("lighthouse.mjs", &[])
}

/// Takes pictures of the page in dist/ and writes them to `folder`.
pub(crate) fn pictures(folder: &Path) -> Result<()> {
    script("pictures.mjs", &[folder])
}

/// Takes the picture that others show beside a link to the page in dist/, and writes it to `file`.
pub(crate) fn share_picture(file: &Path) -> Result<()> {
    script("share.mjs", &[file])
}

/// Makes the icons for home screens and launchers of the favicon.svg in `folder`.
pub(crate) fn icons(folder: &Path) -> Result<()> {
    let node = node::ensure_end2end()?;
    let chromium = browser::ensure_chromium()?;
    let mut script = Command::new(node);
    script
        .current_dir(paths::end2end())
        .arg("draw/icons.mjs")
        .arg(folder)
        .env("CHROMIUM", chromium);
    run::run(&mut script)
}

/// Compares the page in dist/ with its peers. `options` are those of end2end/bench/web.mjs.
pub(crate) fn bench(options: &Value) -> Result<()> {
    built_site()?;
    let node = node::ensure_end2end()?;
    let (_, npm) = node::ensure()?;
    let chromium = browser::ensure_chromium()?;
    let bench = paths::end2end().join("bench");
    // The page can be measured without its peers.
    if let Err(error) = node::ensure_packages(&npm, &bench) {
        eprintln!("There are no peers to compare with: {error:#}");
    }
    let [marquee, _] = native_programs()?;
    run_noting(
        Command::new(node)
            .current_dir(bench)
            .arg("web.mjs")
            .arg(options.to_string())
            .env("CHROMIUM", chromium)
            .env("MARQUEE_BIN", marquee)
            .env("MARQUEE_SCRATCH", paths::scratch()?),
    )
}

/// Measures the page in dist/ beside its peers for some minutes, and holds it to what docs/benchmarks/web.json
/// publishes and to the `bytes` that it may take before its first answer.
///
/// Machines are busy at times, so what is far off is measured once more.
pub(crate) fn check_speed(bytes: usize) -> Result<()> {
    let mut judge = Command::new(node::ensure_end2end()?);
    judge
        .current_dir(paths::end2end())
        .args(["--test", "bench/judge.test.mjs"]);
    run::run(&mut judge)?;
    let check = || {
        bench(&json!({
            "only": ["b", "c", "e"],
            "networks": ["cnn32", "posternet"],
            "rounds": 2,
            "files": 2,
            "check": { "cnn32": bytes },
        }))
    };
    check().or_else(|error| {
        println!("{error:#}\nThis is measured once more.");
        check()
    })
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
    serve_folder(&built_site()?)
}

fn serve_folder(folder: &Path) -> Result<Site> {
    let address = Ipv4Addr::LOCALHOST.into();
    Site::start(server::listen(address, 0, "serve")?, folder, FOLDER)
}

fn built_site() -> Result<PathBuf> {
    let dist = paths::dist();
    ensure!(
        dist.join("index.html").is_file(),
        "there is no site in {}; build it with `cargo xtask build`",
        dist.display()
    );
    Ok(dist)
}

/// Builds the native programs `marquee` and `parity`, and returns their paths.
fn native_programs() -> Result<[PathBuf; 2]> {
    // The whole workspace, as the native tests build it: the same features, so nothing is compiled
    // twice.
    run::run(&mut run::cargo(
        "build --workspace --no-default-features --bin marquee --example parity",
    ))?;
    let built = paths::target()?.join("debug");
    let marquee = run::find_in(&built, "marquee").context("cargo built no marquee")?;
    let parity = run::find_in(&built.join("examples"), "parity");
    Ok([marquee, parity.context("cargo built no parity")?])
}

/// A folder with a network of other classes, its description, and in `site` the site that is built of them with
/// the programs that the site in dist/ has.
fn own_parts() -> Result<PathBuf> {
    run::run(&mut run::cargo(
        "build --workspace --no-default-features --example own_site",
    ))?;
    let built = paths::target()?.join("debug/examples");
    let example = run::find_in(&built, "own_site").context("cargo built no own_site")?;
    let parts = paths::scratch()?.join("own-site");
    run::run(
        Command::new(example)
            .current_dir(paths::root())
            .arg(&parts)
            .arg("models/weights/posternet.safetensors"),
    )
    .context("the network of own classes was not made")?;
    let content = Content::of(&parts.join("weights"), &parts.join("site.toml"));
    let mut builder = site::Builder::new()?;
    builder.make(|_| true)?;
    builder.assemble(&content, None, &parts.join("site"))?;
    Ok(parts)
}

/// What the page's answers are compared with: the native program `marquee`, and a folder of drawn
/// posters with their pixels and logits as the native code computes them.
fn native_answers() -> Result<(PathBuf, PathBuf)> {
    let [marquee, parity] = native_programs()?;
    let posters = paths::scratch()?.join("posters");
    if posters.exists() {
        fs::remove_dir_all(&posters)
            .with_context(|| format!("cannot empty {}", posters.display()))?;
    }
    run::run(
        Command::new(parity)
            .current_dir(paths::root())
            .arg(&posters)
            .arg("models/weights/cnn32.safetensors"),
    )
    .context("the posters for the page's tests were not drawn")?;
    Ok((marquee, posters))
}
