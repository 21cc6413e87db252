//! `cargo xtask pictures`: screenshots for README.md.

use crate::{end2end, paths, site};
use anyhow::{Context, Result};
use clap::Args;
use std::path::PathBuf;

/// Take pictures of the page: in the sizes of a phone, a tablet and a desktop, light and dark,
/// before and after an answer.
#[derive(Args)]
pub(crate) struct Pictures {
    /// The folder to write them to [default: docs/pictures in the checkout]
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Use the site in dist/ as it is
    #[arg(long)]
    no_build: bool,
}

impl Pictures {
    pub(crate) fn run(self) -> Result<()> {
        let folder = self
            .out
            .unwrap_or_else(|| paths::root().join("docs/pictures"));
        let folder = std::path::absolute(&folder)
            .with_context(|| format!("{} names no folder", folder.display()))?;
        if !self.no_build {
            site::build(None)?;
        }
        end2end::pictures(&folder)
    }
}
