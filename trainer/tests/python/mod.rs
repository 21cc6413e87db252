//! Comparisons with Python packages, if they are installed.

use std::io::Write;
use std::path::Path;
use std::process::Command;

/// The interpreter that `MARQUEE_PYTHON` names, or `python3`.
fn python() -> Command {
    Command::new(std::env::var_os("MARQUEE_PYTHON").unwrap_or("python3".into()))
}

/// Runs a script of this folder, which must succeed, on `folder`. If Python lacks one of the packages,
/// this only prints that the script was skipped.
pub(crate) fn check(script: &str, packages: &[&str], folder: &Path) {
    check_with(script, packages, folder, &[]);
}

/// As [`check`], with further arguments for the script. Not every test program needs them.
#[allow(dead_code)]
pub(crate) fn check_with(script: &str, packages: &[&str], folder: &Path, arguments: &[&str]) {
    let import = format!("import {}", packages.join(", "));
    let installed = python().args(["-c", &import]).output();
    if !installed.is_ok_and(|output| output.status.success()) {
        // not `eprintln!`, whose output is only shown for tests that fail
        let _ = writeln!(
            std::io::stderr(),
            "{script} was skipped: there is no Python with {}; name one with MARQUEE_PYTHON",
            packages.join(", ")
        );
        return;
    }
    let output = python()
        .arg(Path::new("tests/python").join(script))
        .arg(folder)
        .args(arguments)
        .env("PYTHONPATH", "python")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("it just started");
    assert!(
        output.status.success(),
        "{script}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
