//! Runs other programs. Each command is printed, and an error names the one that failed.

use anyhow::{Context, Result, bail};
use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
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

/// PATH with `folders` before all others, in their order.
pub(crate) fn path_with<'a>(
    folders: impl IntoIterator<Item = &'a Path>,
) -> Result<std::ffi::OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = folders.into_iter().map(Path::to_owned);
    env::join_paths(folders.chain(env::split_paths(&path)))
        .context("a folder's name cannot be part of PATH")
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
    fn new_folders_come_first_on_path() {
        let path = path_with([Path::new("a"), Path::new("b")]).expect("two plain folders");
        let folders: Vec<_> = env::split_paths(&path).take(2).collect();
        assert_eq!(folders, [PathBuf::from("a"), PathBuf::from("b")]);
    }
}
