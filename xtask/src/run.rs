//! Runs other programs. Each command is printed, and an error names the one that failed.

use anyhow::{Context, Result, bail};
use std::{
    env,
    ffi::OsStr,
    fs::File,
    io::{BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Runs a command and shows its output.
///
/// # Errors
///
/// If it does not start or does not succeed.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = show(command);
    println!("  $ {shown}");
    let status = command
        .status()
        .with_context(|| format!("cannot start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(())
}

/// Runs a command and returns what it writes to standard output.
///
/// # Errors
///
/// If it does not start or does not succeed; then with all that it wrote.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let shown = show(command);
    let output = command
        .output()
        .with_context(|| format!("cannot start `{shown}`"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!("`{shown}` failed ({})\n{text}{errors}", output.status);
    }
    Ok(text)
}

/// Runs a command of cargo without showing its output, which goes to the file `log`. `progress` is told how
/// far it is, such as `12/300: serde`.
///
/// # Errors
///
/// If it does not start or does not succeed; then with what the compiler said, and the name of the file.
pub(crate) fn cargo_quietly(
    command: &mut Command,
    log: &Path,
    progress: impl Fn(String),
) -> Result<()> {
    let shown = show(command);
    command
        // Cargo knows how much there is to do, and tells it only in this form.
        .env("CARGO_TERM_PROGRESS_WHEN", "always")
        .env("CARGO_TERM_PROGRESS_WIDTH", "100")
        .env("CARGO_TERM_COLOR", "never")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let cannot_write = || format!("cannot write {}", log.display());
    let mut written = File::create(log).with_context(cannot_write)?;
    writeln!(written, "$ {shown}").with_context(cannot_write)?;
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start `{shown}`"))?;
    let mut said = Vec::new();
    let stderr = child.stderr.take().context("cargo has no output")?;
    let mut line = Vec::new();
    for byte in BufReader::new(stderr).bytes() {
        let byte = byte?;
        // The progress bar ends with a carriage return.
        if byte != b'\r' && byte != b'\n' {
            line.push(byte);
            continue;
        }
        let text = String::from_utf8_lossy(&line).into_owned();
        line.clear();
        if let Some(units) = units(&text) {
            progress(units);
        } else if !text.trim().is_empty() {
            if text.trim_start().starts_with("Blocking ") {
                progress(text.trim().to_owned());
            }
            writeln!(written, "{text}").with_context(cannot_write)?;
            said.push(text);
        }
    }
    let status = child.wait()?;
    if !status.success() {
        said.retain(|line| !is_status(line));
        bail!(
            "{}\n`{shown}` failed ({status}); {} has all that it said",
            said.join("\n"),
            log.display()
        );
    }
    Ok(())
}

/// What cargo's progress bar says behind its picture, such as `12/300: serde`; none for another line.
fn units(line: &str) -> Option<String> {
    let (bar, units) = line.trim_start().split_once("] ")?;
    let ours = bar.starts_with("Building [") || bar.starts_with("Downloading [");
    ours.then(|| units.trim().to_owned())
}

/// Whether a line of cargo's only says what it does: a verb in the first twelve columns.
fn is_status(line: &str) -> bool {
    let verb = line.get(..12).unwrap_or_default().trim_start();
    line.starts_with("  ")
        && line.get(12..13) == Some(" ")
        && verb.starts_with(|first: char| first.is_ascii_uppercase())
}

/// A command of cargo in the checkout: the same cargo that runs this program. `arguments` are split
/// at spaces.
pub(crate) fn cargo(arguments: &str) -> Command {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(crate::paths::root())
        .args(arguments.split_whitespace());
    command
}

/// The path of a program on PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).find_map(|folder| find_in(&folder, program))
}

/// The path of a program in `folder`, whose name may end in `.exe` or `.cmd` on Windows.
pub(crate) fn find_in(folder: &Path, program: &str) -> Option<PathBuf> {
    let endings: &[&str] = if cfg!(windows) {
        &[".exe", ".cmd"]
    } else {
        &[""]
    };
    endings
        .iter()
        .map(|ending| folder.join(format!("{program}{ending}")))
        .find(|path| path.is_file())
}

/// A command as it would be typed in a shell.
fn show(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_stem().unwrap_or(program.as_os_str());
    std::iter::once(name)
        .chain(command.get_args())
        .map(quote)
        .collect::<Vec<_>>()
        .join(" ")
}

fn quote(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    if word.is_empty() || word.contains([' ', '"', '\'', '$', '&', '|', ';', '(', '*']) {
        format!("'{}'", word.replace('\'', r"'\''"))
    } else {
        word.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_shown_as_typed() {
        let mut command = Command::new("/usr/bin/cargo");
        command.args(["test", "--", "--name", "two words", ""]);
        assert_eq!(show(&command), "cargo test -- --name 'two words' ''");
    }

    #[test]
    #[cfg(unix)]
    fn failures_name_the_command_and_the_reason() {
        let error = run(&mut Command::new("false")).expect_err("`false` fails");
        assert!(
            error
                .to_string()
                .contains("`false` failed (exit status: 1)"),
            "{error}"
        );
        let error = run(&mut Command::new("no-such-program")).expect_err("it does not exist");
        assert!(
            error.to_string().contains("cannot start `no-such-program`"),
            "{error}"
        );
        let mut shell = Command::new("sh");
        let error = output(shell.args(["-c", "echo said; echo why >&2; exit 3"]));
        let error = error.expect_err("exit 3 is a failure").to_string();
        assert!(
            error.contains("said") && error.contains("why") && error.contains('3'),
            "{error}"
        );
    }

    #[test]
    fn cargos_progress_is_told_from_what_it_says() {
        let bar = "    Building [=====>      ] 45/151: leptos, web-sys(build)   ";
        assert_eq!(
            units(bar).as_deref(),
            Some("45/151: leptos, web-sys(build)")
        );
        assert_eq!(units("error[E0308]: mismatched types"), None);
        assert_eq!(units("  [1] 2"), None);
        for line in [
            "   Compiling serde v1.0.0",
            "    Blocking waiting for file lock",
        ] {
            assert!(is_status(line), "{line}");
        }
        for line in [
            "error: could not compile",
            "  --> app/src/lib.rs:1:1",
            "            Expected a type",
            "   |         ^ here",
        ] {
            assert!(!is_status(line), "{line}");
        }
    }

    #[test]
    fn a_failed_compilation_shows_what_the_compiler_said_and_where_the_rest_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("log");
        let mut command = cargo("build --package no-such-package");
        let error = cargo_quietly(&mut command, &log, |_| {}).expect_err("there is none");
        let error = error.to_string();
        assert!(error.contains("error: "), "{error}");
        assert!(error.contains("no-such-package"), "{error}");
        assert!(error.contains(&log.display().to_string()), "{error}");
        let logged = std::fs::read_to_string(log).expect("the log");
        assert!(logged.starts_with("$ cargo build"), "{logged}");
    }
}
