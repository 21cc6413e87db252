//! `cargo xtask test`: all checks of the project.

mod step;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use std::time::{Duration, Instant};
use step::Step;

/// Check everything: formatting, lints, all tests natively and in a browser.
///
/// This installs what is missing where it can: Chromium by apt-get as root on Debian, Node packages by
/// npm. Elsewhere an error says what to install. After a step that fails the others still run. A table
/// at the end shows how each step went.
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

/// How a step went.
enum Outcome {
    Passed,
    /// Why.
    Failed(String),
    /// A step that it depends on failed.
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
            } else if let Err(error) = step.run(&self.playwright) {
                println!("failed: {error:#}");
                Outcome::Failed(format!("{error:#}"))
            } else {
                Outcome::Passed
            };
            results.push((step, outcome, start.elapsed()));
        }
        summary(&results)
    }
}

/// The steps to run, always in the order of [`Step`].
fn choose(only: &[Step], skip: &[Step]) -> Vec<Step> {
    // Tests of the page alone must not run against an old site.
    let site = only.iter().any(|step| step.needs_site());
    let named = |step: &Step| only.contains(step) || (site && *step == Step::Site);
    let chosen = |step: &Step| (only.is_empty() || named(step)) && !skip.contains(step);
    Step::value_variants()
        .iter()
        .copied()
        .filter(chosen)
        .collect()
}

/// Prints how each step went.
///
/// # Errors
///
/// Unless all steps passed.
fn summary(results: &[(Step, Outcome, Duration)]) -> Result<()> {
    println!("\n=== summary");
    for (step, outcome, time) in results {
        let outcome = match outcome {
            Outcome::Passed => "passed",
            Outcome::Failed(_) => "FAILED",
            Outcome::NotRun => "NOT RUN",
        };
        println!(
            "{outcome:<8} {:>7.1} s  {:<10} {}",
            time.as_secs_f32(),
            step.name(),
            step.title()
        );
    }
    // Their output may be far above.
    for (step, outcome, _) in results {
        if let Outcome::Failed(why) = outcome {
            println!("{}: {}", step.name(), why.trim_end());
        }
    }
    let count = |wanted: fn(&Outcome) -> bool| {
        let outcomes = results.iter().map(|(_, outcome, _)| outcome);
        outcomes.filter(|outcome| wanted(outcome)).count()
    };
    let passed = count(|outcome| matches!(outcome, Outcome::Passed));
    let failed = count(|outcome| matches!(outcome, Outcome::Failed(_)));
    let not_run = count(|outcome| matches!(outcome, Outcome::NotRun));
    let mut counts = format!("{passed} passed, {failed} failed");
    if not_run > 0 {
        counts += &format!(", {not_run} not run");
    }
    println!("steps: {counts}");
    if passed < results.len() {
        bail!(
            "of {} steps, {counts}; see their output above",
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
        assert_eq!(all.last(), Some(&Step::Speed));
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
    fn steps_can_be_chosen_and_left_out_and_keep_their_order() {
        let two = [Step::Format, Step::Native];
        assert_eq!(choose(&[Step::Native, Step::Format], &[]), two);
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
            (Step::Lint, Outcome::Failed("a warning".to_owned()), time),
            (Step::Page, Outcome::NotRun, time),
        ];
        let error = summary(&results).expect_err("a step failed").to_string();
        assert!(
            error.starts_with("of 3 steps, 1 passed, 1 failed, 1 not run"),
            "{error}"
        );
        assert!(summary(&[(Step::Page, Outcome::NotRun, time)]).is_err());
    }
}
