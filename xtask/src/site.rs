//! Building the site.

use crate::{
    paths, run, sizes,
    tools::{rust, wasm_opt},
};
use anyhow::{Context, Result};
use std::process::Command;

/// Builds the site in release mode into dist/, after installing what that takes.
pub(crate) fn build(public_url: Option<&str>) -> Result<()> {
    rust::ensure_wasm_target()?;
    let wasm_bindgen = rust::ensure_wasm_bindgen()?;
    let trunk = rust::ensure_trunk()?;
    rust::tidy()?;
    let wasm_opt = wasm_opt::ensure()?;

    // Trunk takes the first of each on PATH. It holds wasm-bindgen to its exact version, so that
    // one's folder comes first.
    let folders = [&wasm_bindgen, &wasm_opt.path, &trunk].map(|path| path.parent());
    let mut command = Command::new(&trunk);
    command
        .current_dir(paths::root())
        // A compiler's message says more than where in trunk it arrived.
        .env("RUST_BACKTRACE", "0")
        // Whatever version Trunk.toml would have it fetch, the one that was found will do.
        .env("TRUNK_TOOLS_WASM_OPT", &wasm_opt.version)
        .env("PATH", run::path_with(folders.into_iter().flatten())?)
        .args(["build", "--release", "--locked", "--skip-version-check"])
        .args(public_url.iter().flat_map(|url| ["--public-url", url]));
    // Trunk reads NO_COLOR as true or false, while the convention is that any value means no colour.
    if std::env::var_os("NO_COLOR").is_some() {
        command.env("NO_COLOR", "true");
    }
    println!("Building the site. The first time compiles everything, which takes some minutes.");
    run::run(&mut command).context("the site was not built")?;
    sizes::report(&paths::dist())
}
