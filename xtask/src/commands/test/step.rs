//! One step of `cargo xtask test`.

use crate::{
    end2end, paths, python, release, run,
    site::{self, Content},
    tools::{browser, rust},
};
use anyhow::Result;
use clap::ValueEnum;

/// The steps, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Step {
    Format,
    Lint,
    LintWasm,
    Native,
    Python,
    Release,
    Wasm,
    Site,
    Page,
    Engines,
    Lighthouse,
    Speed,
}

impl Step {
    /// What the step checks.
    pub(super) fn title(self) -> &'static str {
        match self {
            Step::Format => "formatting",
            Step::Lint => "clippy, natively, with every feature",
            Step::LintWasm => "clippy, for the browser",
            Step::Native => "unit, integration and documentation tests of all crates",
            Step::Python => "the Python package",
            Step::Release => "workflow files, and crates for crates.io",
            Step::Wasm => "wasm tests, in Chromium",
            Step::Site => "the site, in release mode",
            Step::Page => "the page's tests, in Chromium",
            Step::Engines => "a visit in Firefox and WebKitGTK, with Chromium's numbers",
            Step::Lighthouse => "Lighthouse's scores of the page",
            Step::Speed => "the page's speed beside its peers, and what its first answer downloads",
        }
    }

    /// Whether the step uses the built site.
    pub(super) fn needs_site(self) -> bool {
        matches!(
            self,
            Step::Page | Step::Engines | Step::Lighthouse | Step::Speed
        )
    }

    /// The name on the command line.
    pub(super) fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Runs the step. `playwright` are further arguments for the page's tests.
    pub(super) fn run(self, playwright: &[String]) -> Result<()> {
        match self {
            Step::Format => run::run(&mut run::cargo("fmt --all --check")),
            Step::Lint => run::run(&mut run::cargo(
                "clippy --workspace --all-targets --all-features -- -D warnings",
            )),
            Step::LintWasm => {
                rust::ensure_wasm_target()?;
                run::run(&mut run::cargo(&format!(
                    "clippy -p marquee-kernels -p marquee-models -p marquee-app --all-targets \
                     --all-features --target {} -- -D warnings",
                    rust::WASM
                )))
            }
            // Without default features: those of the trainer build all of wgpu, which no test can
            // use without a GPU. Clippy has seen that they compile.
            Step::Native => {
                run::run(&mut run::cargo("test --workspace --no-default-features"))?;
                // Without these features the page's programs are not built.
                run::run(&mut run::cargo(
                    "test -p marquee-app --features initial-app,lazy-app --lib --bins",
                ))
            }
            Step::Python => python::test(),
            Step::Release => release::check(),
            Step::Wasm => wasm_tests(),
            Step::Site => site::build(&Content::default(), None, &paths::dist()),
            Step::Page => end2end::test(playwright),
            Step::Engines => end2end::engines(),
            Step::Lighthouse => end2end::lighthouse(),
            Step::Speed => end2end::check_speed(site::BUDGET),
        }
    }
}

/// Runs the tests that need a browser, but not the page.
fn wasm_tests() -> Result<()> {
    rust::ensure_wasm_target()?;
    let runner = rust::ensure_wasm_test_runner()?;
    let chromium = browser::ensure_chromium()?;
    let driver = browser::ensure_chromedriver(&chromium)?;
    let mut cargo = run::cargo(&format!(
        "test -p marquee-models -p marquee-app --features marquee-models/decode --test * --target {}",
        rust::WASM
    ));
    cargo
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env("CHROMEDRIVER", driver)
        .env(
            "WASM_BINDGEN_TEST_WEBDRIVER_JSON",
            browser::webdriver_settings(&chromium)?,
        )
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        // Seconds for a whole test program, on a machine that may be busy.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    run::run(&mut cargo)
}
