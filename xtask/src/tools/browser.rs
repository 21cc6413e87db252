//! Chromium, in which the wasm tests and the page's tests run, and its driver.

use super::{debian, major, version_of};
use crate::{paths, run};
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The path of Chromium or Chrome, which is installed where neither is. $CHROMIUM names another.
pub(crate) fn ensure_chromium() -> Result<PathBuf> {
    if let Some(path) = named_by("CHROMIUM")? {
        return Ok(path);
    }
    if let Some(path) = find_chromium() {
        return Ok(path);
    }
    debian::install(&["chromium"], "Chromium, in which the tests run,")
        .context("or set CHROMIUM to the path of a Chromium or Chrome")?;
    find_chromium().context("Chromium was installed but is not found; set CHROMIUM to its path")
}

/// The path of the chromedriver for `chromium`. $CHROMEDRIVER names another.
pub(crate) fn ensure_chromedriver(chromium: &Path) -> Result<PathBuf> {
    if let Some(path) = named_by("CHROMEDRIVER")? {
        return Ok(path);
    }
    if run::find("chromedriver").is_none() {
        debian::install(
            &["chromium-driver"],
            "chromedriver, which controls Chromium,",
        )
        .context("or set CHROMEDRIVER to the path of the one that fits your Chromium")?;
    }
    let driver =
        run::find("chromedriver").context("chromedriver was installed but is not found")?;
    let majors = [chromium, &driver].map(|path| version_of(path).as_deref().and_then(major));
    if let [Some(browser), Some(of_driver)] = majors
        && browser != of_driver
    {
        bail!(
            "{} is for version {of_driver}, but {} is version {browser}; please install the \
             chromedriver that fits, or set CHROMEDRIVER to it",
            driver.display(),
            chromium.display()
        );
    }
    Ok(driver)
}

fn named_by(variable: &str) -> Result<Option<PathBuf>> {
    let path = env::var_os(variable)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from);
    match path {
        Some(path) if !path.is_file() => bail!("{variable} names no file: {}", path.display()),
        path => Ok(path),
    }
}

fn find_chromium() -> Option<PathBuf> {
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "chrome",
    ];
    let installed = [
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    ];
    let mut paths = installed.iter().map(PathBuf::from);
    names
        .into_iter()
        .find_map(run::find)
        .or_else(|| paths.find(|path| path.is_file()))
}

/// Writes how chromedriver starts the browser for the wasm tests. Returns the file's path.
pub(crate) fn webdriver_settings(chromium: &Path) -> Result<PathBuf> {
    let mut arguments = vec![
        "--headless",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // WebGPU on a software adapter, the same on every machine.
        "--enable-unsafe-webgpu",
        "--use-webgpu-adapter=swiftshader",
    ];
    if debian::is_root() {
        // Chromium's sandbox refuses root.
        arguments.push("--no-sandbox");
    }
    let settings = json!({ "goog:chromeOptions": { "binary": chromium, "args": arguments } });
    let path = paths::scratch()?.join("webdriver.json");
    fs::write(&path, settings.to_string())
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}
