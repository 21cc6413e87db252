//! What Rust's compiler needs for the browser, and the program that runs tests there.

use super::version_of;
use crate::{paths, progress::Progress, run};
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The target of the page's programs.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The program that runs wasm tests in a browser. It comes with wasm-bindgen's command.
const TEST_RUNNER: &str = "wasm-bindgen-test-runner";

/// Makes sure that this toolchain can compile for the browser; installs the target by rustup.
pub(crate) fn ensure_wasm_target() -> Result<()> {
    let mut rustc = Command::new("rustc");
    let asked =
        rustc
            .current_dir(paths::root())
            .args(["--print", "target-libdir", "--target", WASM]);
    let libraries = run::output(asked).context("Rust's compiler does not work")?;
    if Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    if run::find("rustup").is_none() {
        bail!(
            "this Rust has no standard library for {WASM}, and there is no rustup to install it. \
             Install Rust by rustup (https://rustup.rs), or the package of your system with that \
             library (Debian: libstd-rust-dev-wasm32)"
        );
    }
    println!("Installing the Rust target {WASM}.");
    run::run(
        Command::new("rustup")
            .current_dir(paths::root())
            .args(["target", "add", WASM]),
    )
}

/// Folders of this machine whose names the compiler would write into programs, each with what is to stand
/// there instead. Of two that fit, the later one counts.
pub(crate) fn folders_in_code() -> Result<Vec<(PathBuf, &'static str)>> {
    let home = env::home_dir().context("no home folder is known")?;
    let cargo = env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    let sysroot = run::output(
        Command::new("rustc")
            .current_dir(paths::root())
            .args(["--print", "sysroot"]),
    )?;
    let mut folders = vec![
        (home, "home"),
        (paths::root().to_owned(), "marquee"),
        (paths::target()?, "target"),
        (PathBuf::from(sysroot.trim()), "rust"),
        (cargo.clone(), "cargo"),
    ];
    // A folder for each registry, which has the registry's name.
    let registries = fs::read_dir(cargo.join("registry/src"))
        .into_iter()
        .flatten();
    folders.extend(registries.flatten().map(|entry| (entry.path(), "crates")));
    // In some containers the home folder is `/`, which says nothing.
    folders.retain(|(folder, _)| folder.parent().is_some());
    Ok(folders)
}

/// The setting for cargo's `--config` that keeps [`folders_in_code`] out of programs for the browser.
pub(crate) fn remap_flags() -> Result<String> {
    let flags = folders_in_code()?;
    let flags: Vec<String> = flags
        .iter()
        .map(|(folder, name)| format!("--remap-path-prefix={}={name}", folder.display()))
        .collect();
    Ok(with_flags(&flags))
}

/// The setting for cargo's `--config` that gives the compiler these flags, too, for the browser's programs.
pub(crate) fn with_flags(flags: &[String]) -> String {
    // A list of strings looks the same in JSON and in TOML.
    format!("target.{WASM}.rustflags={}", json!(flags))
}

/// The path of the program that runs wasm tests in a browser: the one on PATH or among the installed tools, or
/// installed now. It must have exactly the version of wasm-bindgen, as the format between them changes with
/// each version.
pub(crate) fn ensure_wasm_test_runner() -> Result<PathBuf> {
    let version = locked_wasm_bindgen()?;
    let fits = |path: &PathBuf| version_of(path).as_ref() == Some(&version);
    match run::find(TEST_RUNNER).filter(fits) {
        Some(path) => Ok(path),
        None => ensure_program(TEST_RUNNER, "wasm-bindgen-cli", &version),
    }
}

/// The path of a `program` of a package of crates.io among the installed tools, in this version. It is compiled
/// where it is missing.
pub(super) fn ensure_program(program: &str, package: &str, version: &str) -> Result<PathBuf> {
    let tools = paths::tools()?;
    let bin = tools.join("bin");
    let fits = |path: &PathBuf| version_of(path).as_deref() == Some(version);
    if let Some(path) = run::find_in(&bin, program).filter(fits) {
        return Ok(path);
    }
    fs::create_dir_all(&tools)
        .with_context(|| format!("cannot make the folder {}", tools.display()))?;
    let mut cargo = run::cargo("install --force");
    cargo
        // Outside of the checkout, as its Cargo settings are not for this program.
        .current_dir(&tools)
        .args([package, "--bin", program, "--version", version, "--root"])
        .arg(&tools)
        // It should compile fast rather than run fast.
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    for variable in [
        "CARGO_BUILD_TARGET",
        "CARGO_TARGET_DIR",
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTFLAGS",
    ] {
        cargo.env_remove(variable);
    }
    let progress = Progress::new();
    let task = progress.begin(&format!("Compiling {program} {version}, once"));
    let log = tools.join(format!("{package}.log"));
    run::cargo_quietly(&mut cargo, &log, |units| task.now(units)).with_context(|| {
        format!(
            "{program} {version} could not be installed. It needs a C compiler (Debian: apt-get install \
             gcc libc6-dev) and access to the package registry"
        )
    })?;
    task.done(&format!("Installed {program} into {}", bin.display()));
    run::find_in(&bin, program)
        .filter(fits)
        .with_context(|| format!("{program} {version} was installed but does not start"))
}

/// The version of wasm-bindgen in Cargo.lock.
fn locked_wasm_bindgen() -> Result<String> {
    let path = paths::root().join("Cargo.lock");
    let lock = fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}; is the checkout whole?", path.display()))?;
    let version = version_in_lock(&lock, "wasm-bindgen");
    Ok(version
        .context("Cargo.lock names no version of wasm-bindgen")?
        .to_owned())
}

/// The version of a package in the text of a Cargo.lock.
fn version_in_lock<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines
        .nth(1)?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
[[package]]
name = "wasm-bindgen-futures"
version = "0.4.80"

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "registry"
"#;

    #[test]
    fn the_lock_file_names_the_version() {
        assert_eq!(version_in_lock(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(version_in_lock(LOCK, "trunk"), None);
        assert_eq!(
            version_in_lock("name = \"wasm-bindgen\"", "wasm-bindgen"),
            None
        );
    }

    #[test]
    fn this_checkout_locks_wasm_bindgen() {
        let version = locked_wasm_bindgen().expect("Cargo.lock is there");
        assert_eq!(super::super::version_in(&version), Some(version.as_str()));
    }
}
