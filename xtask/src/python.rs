//! The Python package: built and tested in a virtual environment of its own, in which the native tests find the
//! packages that they compare Marquee with.

use crate::{paths, run, tools::python};
use anyhow::{Context, Result};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Installs the package as users do, into a fresh environment, and runs its tests. Where Python or a package that the
/// tests need can't be had, a sentence says so.
pub(crate) fn test() -> Result<()> {
    let folder = paths::root().join("python");
    let Some(environment) = environment(&folder.join("tests/requirements.txt"))? else {
        return Ok(());
    };
    let python = program(&environment, "python");
    // Without isolation: maturin is there already. The profile compiles fast, and leaves the networks' loops fast.
    let mut install = pip(&python)?;
    install
        .args(["install", "--no-build-isolation", "--no-deps"])
        .arg(&folder)
        .env("MATURIN_PEP517_ARGS", "--profile xtask");
    run::run(&mut install).context("the Python package could not be installed")?;
    let engines = folder.join("tests/engines.txt");
    if let Err(error) = run::run(pip(&python)?.args(["install", "-r"]).arg(engines)) {
        println!("The tests of Ray and Spark are skipped: {error:#}");
    }
    let mut tests = Command::new(&python);
    tests
        .args(["-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider"])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(folder.join("tests"));
    // The native step has built it.
    let native = paths::target()?.join(format!("debug/marquee{}", std::env::consts::EXE_SUFFIX));
    if native.is_file() {
        tests.env("MARQUEE_PROGRAM", native);
    }
    run::run(&mut tests)?;
    compare(&python)
}

/// Runs the native tests that compare Marquee with Pillow and ONNX Runtime: without these they pass over it.
fn compare(python: &Path) -> Result<()> {
    let packages = paths::root().join("trainer/tests/python/requirements.txt");
    if let Err(error) = run::run(pip(python)?.args(["install", "-r"]).arg(packages)) {
        println!("The comparisons with ONNX Runtime are skipped: {error:#}");
        return Ok(());
    }
    let mut tests = run::cargo("test --workspace --no-default-features --test onnx --test pillow");
    run::run(tests.env("MARQUEE_PYTHON", python))
}

/// A fresh virtual environment with the packages of a list; none where it can't be made.
fn environment(packages: &Path) -> Result<Option<PathBuf>> {
    let environment = paths::scratch()?.join("python");
    if environment.is_dir() {
        fs::remove_dir_all(&environment)
            .with_context(|| format!("cannot remove {}", environment.display()))?;
    }
    let made = python::find(&["venv", "ensurepip"], "Python's own venv").and_then(|python| {
        run::output(Command::new(python).args(["-m", "venv"]).arg(&environment))
    });
    let skipped = "The tests of the Python package are skipped";
    if let Err(error) = made {
        println!("{skipped}: {error:#}");
        return Ok(None);
    }
    let python = program(&environment, "python");
    match run::run(pip(&python)?.args(["install", "-r"]).arg(packages)) {
        Ok(()) => Ok(Some(environment)),
        Err(error) => {
            println!("{skipped}: {error:#}");
            Ok(None)
        }
    }
}

/// A program of a virtual environment.
fn program(environment: &Path, name: &str) -> PathBuf {
    match cfg!(windows) {
        true => environment.join("Scripts").join(format!("{name}.exe")),
        false => environment.join("bin").join(name),
    }
}

/// pip of this Python, which finds the environment's programs: without isolation it starts maturin by its name.
fn pip(python: &Path) -> Result<Command> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = python.parent().map(Path::to_owned).into_iter();
    let path = env::join_paths(folders.chain(env::split_paths(&path)))
        .context("the environment's folder can't stand in PATH")?;
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "--disable-pip-version-check", "-q"])
        .env("PATH", path);
    Ok(pip)
}
