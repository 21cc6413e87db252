//! `cargo xtask test`

use crate::{
    page, run, site,
    tools::{browser, rust},
};
use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use std::time::{Duration, Instant};

/// Check everything: formatting, lints, all tests natively and in a browser.
///
/// What is missing is installed where that can be done (Chromium by apt-get as root on Debian, Node
/// packages by npm), and is named with its remedy where it cannot. A step that fails does not stop
/// the others; at the end a table says how each went.
#[derive(Args)]
pub(crate) struct Test {
    /// Only this step (may be repeated)
    #[arg(long, value_name = "STEP")]
    only: Vec<Step>,
    /// All but this step (may be repeated)
    #[arg(long, value_name = "STEP", conflicts_with = "only")]
    skip: Vec<Step>,
    /// List the steps and do nothing
    #[arg(long)]
    list: bool,
    /// Arguments for Playwright, which runs the page's tests: -- -g paste
    #[arg(last = true, value_name = "ARGUMENTS")]
    playwright: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Step {
    Format,
    Lint,
    LintWasm,
    Native,
    Wasm,
    Site,
    Page,
    Lighthouse,
}

impl Step {
    fn title(self) -> &'static str {
        match self {
            Step::Format => "formatting",
            Step::Lint => "clippy, natively, with every feature",
            Step::LintWasm => "clippy, for the browser",
            Step::Native => "unit, integration and documentation tests of all crates",
            Step::Wasm => "wasm tests, in Chromium",
            Step::Site => "the site, in release mode",
            Step::Page => "the page's tests, in Chromium",
            Step::Lighthouse => "Lighthouse's scores of the page",
        }
    }

    /// Whether it looks at the built site.
    fn needs_site(self) -> bool {
        matches!(self, Step::Page | Step::Lighthouse)
    }

    fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

enum Outcome {
    Passed,
    Failed,
    /// A step that it builds on failed.
    NotRun,
}

impl Test {
    pub(crate) fn run(self) -> Result<()> {
        let steps = choose(&self.only, &self.skip);
        if self.list {
            for step in steps {
                println!("{:<10} {}", step.name(), step.title());
            }
            return Ok(());
        }
        let mut results: Vec<(Step, Outcome, Duration)> = Vec::new();
        for step in steps {
            println!("\n=== {} ({})", step.title(), step.name());
            let start = Instant::now();
            let site_failed = results.iter().any(|(step, outcome, _)| {
                *step == Step::Site && !matches!(outcome, Outcome::Passed)
            });
            let outcome = if step.needs_site() && site_failed {
                println!("not run: the site was not built");
                Outcome::NotRun
            } else if let Err(error) = self.step(step) {
                println!("failed: {error:#}");
                Outcome::Failed
            } else {
                Outcome::Passed
            };
            results.push((step, outcome, start.elapsed()));
        }
        summary(&results)
    }

    fn step(&self, step: Step) -> Result<()> {
        match step {
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
            // Without default features: the trainer's would build all of wgpu, which needs a GPU to
            // be tested on. Clippy has seen that it compiles.
            Step::Native => {
                run::run(&mut run::cargo("test --workspace --no-default-features"))?;
                // The programs of the page are only built when they are asked for.
                run::run(&mut run::cargo(
                    "test -p marquee-app --features initial-app,lazy-app --lib --bins",
                ))
            }
            Step::Wasm => wasm_tests(),
            Step::Site => site::build(None, None),
            Step::Page => page::test(&self.playwright),
            Step::Lighthouse => page::lighthouse(),
        }
    }
}

/// The steps to take, in their order whatever the order they were named in.
fn choose(only: &[Step], skip: &[Step]) -> Vec<Step> {
    // A page that is asked for alone must not be the one of last week.
    let site = only.iter().any(|step| step.needs_site());
    let asked = |step: &Step| only.contains(step) || (site && *step == Step::Site);
    let chosen = |step: &Step| (only.is_empty() || asked(step)) && !skip.contains(step);
    Step::value_variants()
        .iter()
        .copied()
        .filter(chosen)
        .collect()
}

/// The tests that run in a browser without the page.
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
        // The limit of a whole test program, on a machine that may be busy.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    run::run(&mut cargo)
}

/// Prints how each step went; an error unless all went well.
fn summary(results: &[(Step, Outcome, Duration)]) -> Result<()> {
    println!("\n=== summary");
    for (step, outcome, time) in results {
        let outcome = match outcome {
            Outcome::Passed => "passed",
            Outcome::Failed => "FAILED",
            Outcome::NotRun => "NOT RUN",
        };
        println!(
            "{outcome:<8} {:>7.1} s  {:<10} {}",
            time.as_secs_f32(),
            step.name(),
            step.title()
        );
    }
    let passed = results
        .iter()
        .filter(|(_, outcome, _)| matches!(outcome, Outcome::Passed))
        .count();
    let failed = results.len() - passed;
    println!("steps: {passed} passed, {failed} failed");
    if failed > 0 {
        bail!(
            "{failed} of {} steps failed; their output stands above",
            results.len()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_steps_are_taken_unless_told_otherwise() {
        let all = choose(&[], &[]);
        assert_eq!(all, Step::value_variants());
        assert_eq!(all.first(), Some(&Step::Format));
        assert_eq!(all.last(), Some(&Step::Lighthouse));
    }

    #[test]
    fn steps_keep_their_order() {
        assert_eq!(
            choose(&[Step::Native, Step::Format], &[]),
            [Step::Format, Step::Native]
        );
    }

    #[test]
    fn what_looks_at_the_site_is_given_a_new_one() {
        assert_eq!(choose(&[Step::Page], &[]), [Step::Site, Step::Page]);
        assert_eq!(
            choose(&[Step::Lighthouse, Step::Page], &[]),
            [Step::Site, Step::Page, Step::Lighthouse]
        );
    }

    #[test]
    fn steps_can_be_left_out() {
        let steps = choose(&[], &[Step::Wasm, Step::Page]);
        assert_eq!(steps.len(), Step::value_variants().len() - 2);
        assert!(!steps.contains(&Step::Wasm) && !steps.contains(&Step::Page));
    }

    #[test]
    fn one_failure_fails_the_whole() {
        let time = Duration::from_secs(1);
        assert!(summary(&[(Step::Format, Outcome::Passed, time)]).is_ok());
        let results = [
            (Step::Format, Outcome::Passed, time),
            (Step::Lint, Outcome::Failed, time),
        ];
        let error = summary(&results).expect_err("a step failed").to_string();
        assert!(error.starts_with("1 of 2 steps failed"), "{error}");
        assert!(summary(&[(Step::Page, Outcome::NotRun, time)]).is_err());
    }
}
