//! Finds the programs that building and testing need, and installs those that are missing.
//!
//! A program on PATH is used if its version fits. Others are installed into the cache folder, never
//! into the checkout or over the user's own programs. Only Debian's packages are installed into the
//! system.

pub(crate) mod browser;
mod debian;
pub(crate) mod engines;
pub(crate) mod esbuild;
pub(crate) mod nginx;
pub(crate) mod node;
pub(crate) mod python;
pub(crate) mod rust;
pub(crate) mod wasm_opt;

use crate::run;
use std::{path::Path, process::Command};

/// The version in a program's answer to `--version`: the first word that starts with a digit or `v`
/// and a digit.
fn version_in(text: &str) -> Option<&str> {
    text.split_whitespace()
        .map(|word| word.trim_start_matches('v'))
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()))
}

/// The version that a program answers to `--version`; none if it cannot be run.
fn version_of(program: &Path) -> Option<String> {
    let text = run::output(Command::new(program).arg("--version")).ok()?;
    version_in(&text).map(str::to_owned)
}

/// The first number of a version.
fn major(version: &str) -> Option<u32> {
    let digits = version
        .split(|letter: char| !letter.is_ascii_digit())
        .next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_programs_print_them() {
        for (text, version) in [
            ("0.28.2\n", Some("0.28.2")),
            ("wasm-bindgen-test-runner 0.2.130", Some("0.2.130")),
            ("wasm-opt version 132 (version_132)", Some("132")),
            ("v20.20.2\n", Some("20.20.2")),
            (
                "Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)",
                Some("156.0.8078.79"),
            ),
            ("ChromeDriver 156.0.8078.79 (abc)", Some("156.0.8078.79")),
            ("no version here", None),
            ("", None),
        ] {
            assert_eq!(version_in(text), version, "{text}");
        }
    }

    #[test]
    fn majors_are_the_first_number() {
        assert_eq!(major("156.0.8078.79"), Some(156));
        assert_eq!(major("132"), Some(132));
        assert_eq!(major("latest"), None);
    }
}
