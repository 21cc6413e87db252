//! Browsers with other engines than Chromium's, and the programs that control them.

use super::{browser, debian, rust};
use crate::run;
use anyhow::{Context, Result};
use serde_json::{Value, json};

/// The version of geckodriver, which controls Firefox, in the registry of crates.
const GECKODRIVER: &str = "0.37.1";

/// Finds or installs the browsers, and returns them as `end2end/webdriver.mjs` reads them. Chromium, which gives the
/// answers that the others are compared with, is the first. For each other one that can't be installed a sentence
/// says so.
///
/// # Errors
///
/// If Chromium or its driver is missing and can't be installed.
pub(crate) fn ensure() -> Result<Vec<Value>> {
    let mut engines = vec![chromium()?];
    let others = [
        ("Firefox", firefox as fn() -> Result<Value>),
        ("WebKitGTK", webkit),
    ];
    for (name, find) in others {
        match find() {
            Ok(engine) => engines.push(engine),
            Err(error) => println!("The visit in {name} is skipped: {error:#}"),
        }
    }
    Ok(engines)
}

fn chromium() -> Result<Value> {
    let browser = browser::ensure_chromium()?;
    let driver = browser::ensure_chromedriver(&browser)?;
    Ok(json!({ "name": "Chromium", "browser": browser, "driver": driver }))
}

fn firefox() -> Result<Value> {
    let find = || ["firefox-esr", "firefox"].into_iter().find_map(run::find);
    if find().is_none() {
        debian::install(&["firefox-esr"], "Firefox, in which the page is tested,")?;
    }
    let browser = find().context("Firefox was installed but is not found")?;
    let driver = match run::find("geckodriver") {
        Some(driver) => driver,
        None => rust::ensure_program("geckodriver", "geckodriver", GECKODRIVER)?,
    };
    Ok(json!({ "name": "Firefox", "browser": browser, "driver": driver }))
}

fn webkit() -> Result<Value> {
    let find = || run::find("WebKitWebDriver").zip(run::find("Xvfb"));
    if find().is_none() {
        debian::install(
            &["webkit2gtk-driver", "xvfb"],
            "WebKitGTK with its driver, in which the page is tested, or Xvfb, its screen,",
        )?;
    }
    let (driver, screen) =
        find().context("WebKitGTK's driver or Xvfb was installed but is not found")?;
    // The driver knows where its browser is.
    Ok(json!({ "name": "WebKitGTK", "driver": driver, "screen": screen }))
}
