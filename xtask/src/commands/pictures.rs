//! `cargo xtask pictures`: screenshots for README.md.

use crate::{
    end2end, paths,
    site::{self, Content},
};
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
    /// Take only the picture that others show beside a link to the page, for `share` in a site's description
    #[arg(long, value_name = "FILE", conflicts_with = "out")]
    share: Option<PathBuf>,
    /// Only make the icons for home screens and launchers of the folder's favicon.svg, for `icons` in a site's
    /// description. They lie on its background, the first shape's fill
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["out", "share"])]
    icons: Option<PathBuf>,
    /// Use the site in dist/ as it is
    #[arg(long)]
    no_build: bool,
    #[command(flatten)]
    content: Content,
}

impl Pictures {
    pub(crate) fn run(self) -> Result<()> {
        let whole = |path: PathBuf| {
            std::path::absolute(&path).with_context(|| format!("{} is no path", path.display()))
        };
        if let Some(folder) = self.icons {
            return end2end::icons(&whole(folder)?);
        }
        let share = self.share.map(whole).transpose()?;
        let folder = self
            .out
            .unwrap_or_else(|| paths::root().join("docs/pictures"));
        let folder = whole(folder)?;
        if !self.no_build {
            site::build(&self.content, None, &paths::dist())?;
        }
        match share {
            Some(file) => end2end::share_picture(&file),
            None => end2end::pictures(&folder),
        }
    }
}
