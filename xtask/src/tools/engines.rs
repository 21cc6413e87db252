//! Browsers with other engines than Chromium's, and the programs that control them.

use super::{browser, debian};
use crate::run;
use anyhow::{Context, Result};
use serde_json::{Value, json};

/// Finds or installs the browsers, and returns them as `end2end/webdriver.mjs` reads them. Chromium, which gives the
/// answers that the others are compared with, is the first. Where WebKitGTK can't be installed a sentence says so.
///
/// # Errors
///
/// If Chromium or its driver is missing and can't be installed.
pub(crate) fn ensure() -> Result<Vec<Value>> {
    let mut engines = vec![chromium()?];
    match webkit() {
        Ok(engine) => engines.push(engine),
        Err(error) => println!("The visit in WebKitGTK is skipped: {error:#}"),
    }
    Ok(engines)
}

fn chromium() -> Result<Value> {
    let browser = browser::ensure_chromium()?;
    let driver = browser::ensure_chromedriver(&browser)?;
    Ok(json!({ "name": "Chromium", "browser": browser, "driver": driver }))
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
