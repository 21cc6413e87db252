//! Rust's own tools: the wasm target, trunk and wasm-bindgen.

use super::version_of;
use crate::{paths, run};
use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The target of the page's programs.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The version of trunk. 0.22 needs a newer Rust than rust-toolchain.toml names.
const TRUNK: &str = "0.21.14";

/// The folder in which tools are compiled.
fn build_folder() -> Result<PathBuf> {
    Ok(paths::tools()?.join("build"))
}

/// Removes what compiling the tools has left, more than a gigabyte. Call it when all are installed.
pub(crate) fn tidy() -> Result<()> {
    let folder = build_folder()?;
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

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

/// The path of trunk, which bundles the site.
pub(crate) fn ensure_trunk() -> Result<PathBuf> {
    // With the lock file that it was released with.
    ensure("trunk", "trunk", TRUNK, &["--locked"])
}

/// The path of the wasm-bindgen command. It must have exactly the version of the library in
/// Cargo.lock, as the format between them changes with each version.
pub(crate) fn ensure_wasm_bindgen() -> Result<PathBuf> {
    // Without --locked: it does not build with the lock file that it was released with.
    ensure(
        "wasm-bindgen",
        "wasm-bindgen-cli",
        &locked_wasm_bindgen()?,
        &[],
    )
}

/// The path of the program that runs wasm tests in a browser. It comes with wasm-bindgen.
pub(crate) fn ensure_wasm_test_runner() -> Result<PathBuf> {
    ensure(
        "wasm-bindgen-test-runner",
        "wasm-bindgen-cli",
        &locked_wasm_bindgen()?,
        &[],
    )
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

/// The path of a program of exactly this version: on PATH, among the installed tools, or installed
/// now.
fn ensure(program: &str, package: &str, version: &str, options: &[&str]) -> Result<PathBuf> {
    let tools = paths::tools()?;
    let bin = tools.join("bin");
    let fits = |path: &PathBuf| version_of(path).as_deref() == Some(version);
    let found = run::find(program).filter(fits);
    if let Some(path) = found.or_else(|| run::find_in(&bin, program).filter(fits)) {
        return Ok(path);
    }
    println!(
        "Installing {package} {version} into {}. It is compiled, which takes some minutes, once.",
        bin.display()
    );
    fs::create_dir_all(&tools)
        .with_context(|| format!("cannot make the folder {}", tools.display()))?;
    let mut cargo = run::cargo("install");
    cargo
        // Outside of the checkout, as its Cargo settings are not for these programs.
        .current_dir(&tools)
        .args([package, "--version", version, "--force", "--root"])
        .arg(&tools)
        .args(options)
        // Both tools share their common dependencies. They should compile fast rather than run fast.
        .env("CARGO_TARGET_DIR", build_folder()?)
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
        .env_remove("CARGO_BUILD_TARGET")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTFLAGS");
    run::run(&mut cargo).with_context(|| {
        format!(
            "{package} {version} could not be installed; the output above says why. It needs a C \
             compiler (Debian: apt-get install gcc libc6-dev) and access to the package registry"
        )
    })?;
    run::find_in(&bin, program)
        .filter(fits)
        .with_context(|| format!("{program} {version} was installed but does not start"))
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
