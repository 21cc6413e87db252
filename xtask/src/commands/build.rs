//! `cargo xtask build`: the site, ready for a host.

use crate::{
    paths,
    site::{self, Content},
};
use anyhow::Result;
use clap::Args;
use std::path::PathBuf;

/// Build the page into a folder, ready for any static host.
///
/// Its links are relative: it works in any folder of a host.
#[derive(Args)]
pub(crate) struct Build {
    /// Where the site is going to be, such as https://example.org/marquee/. Links to it are then
    /// shown with a picture where they are shared
    #[arg(long, value_name = "URL")]
    address: Option<String>,
    /// The folder to write it to [default: dist in the checkout]
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    #[command(flatten)]
    content: Content,
}

impl Build {
    pub(crate) fn run(self) -> Result<()> {
        let out = self.out.unwrap_or_else(paths::dist);
        site::build(&self.content, self.address.as_deref(), &out)?;
        println!();
        println!("The site is in {}", out.display());
        Ok(())
    }
}
