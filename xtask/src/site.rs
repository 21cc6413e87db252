//! Builds the site: trunk bundles it, then each module of `site` finishes one part of it.

pub(crate) mod development;
mod link_preview;
mod offline;
mod sizes;

use crate::{
    paths, run,
    tools::{rust, terser, wasm_opt},
};
use anyhow::{Context, Result};
use std::process::Command;

/// Builds the site in release mode into dist/. Installs the tools for that first.
///
/// Links start with `public_url`; without it they are relative and work everywhere. `address` is
/// where the site is going to be, for the picture of shared links.
pub(crate) fn build(public_url: Option<&str>, address: Option<&str>) -> Result<()> {
    rust::ensure_wasm_target()?;
    let wasm_bindgen = rust::ensure_wasm_bindgen()?;
    let trunk = rust::ensure_trunk()?;
    rust::tidy()?;
    let wasm_opt = wasm_opt::ensure()?;

    // Trunk takes the first program of each name on PATH. wasm-bindgen must have an exact version,
    // so its folder comes first.
    let folders = [&wasm_bindgen, &wasm_opt.path, &trunk].map(|path| path.parent());
    let mut command = Command::new(&trunk);
    command
        .current_dir(paths::root())
        // The compiler's message says what is wrong; a backtrace of trunk would hide it.
        .env("RUST_BACKTRACE", "0")
        // Trunk would download the version in Trunk.toml. The one that was found will do.
        .env("TRUNK_TOOLS_WASM_OPT", &wasm_opt.version)
        .env("PATH", run::path_with(folders.into_iter().flatten())?)
        .args(["build", "--release", "--locked", "--skip-version-check"])
        .args(public_url.iter().flat_map(|url| ["--public-url", url]));
    // By convention any value of NO_COLOR means no colour. Trunk reads true or false only.
    if std::env::var_os("NO_COLOR").is_some() {
        command.env("NO_COLOR", "true");
    }
    println!("Building the site. The first time compiles everything, which takes some minutes.");
    run::run(&mut command).context("the site was not built")?;
    let terser = terser::ensure()?;
    if let Some(terser) = &terser {
        terser::minify(terser, &paths::dist())?;
    }
    if let Some(address) = address {
        link_preview::add(&paths::dist().join("index.html"), address)?;
    }
    offline::list(&paths::dist())?;
    sizes::report(&paths::dist(), wasm_opt.optimises && terser.is_some())
}
