//! `cargo xtask package`: the npm package.

use crate::{
    paths, run,
    site::{self, Content},
    tools::{esbuild, node},
};
use anyhow::{Context, Result, ensure};
use clap::Args;
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Build the npm package: the classifier without the page, for other people's pages.
///
/// The folder is ready for `npm pack` and `npm publish`.
#[derive(Args)]
pub(crate) struct Package {
    /// The folder to write it to, in place of what is there [default: package in the target folder]
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Use the site in dist/ as it is
    #[arg(long)]
    no_build: bool,
}

impl Package {
    pub(crate) fn run(self) -> Result<()> {
        if !self.no_build {
            site::build(&Content::default(), None, &paths::dist())?;
        }
        let folder = match self.out {
            Some(folder) => std::path::absolute(folder)?,
            None => paths::target()?.join("package"),
        };
        assemble(&folder)?;
        println!("The package is in {}", folder.display());
        Ok(())
    }
}

/// Makes the package of the site in dist/, in `folder`.
pub(crate) fn assemble(folder: &Path) -> Result<()> {
    let dist = paths::dist();
    ensure!(
        dist.join("cpu-worker_bg.wasm").is_file(),
        "there is no site in {}; build it with `cargo xtask build`",
        dist.display()
    );
    let (node, _) = node::ensure()?;
    let esbuild = esbuild::ensure()?.context("the package is not made without esbuild")?;
    run::run(
        Command::new(node)
            .arg(paths::root().join("www/npm/build.mjs"))
            .args([&dist, folder])
            .arg(env!("CARGO_PKG_VERSION"))
            .arg(esbuild),
    )
    .context("the npm package was not made")
}
