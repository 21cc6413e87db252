//! `cargo xtask build`: the site, ready for a host.

use crate::{paths, site};
use anyhow::Result;
use clap::Args;

/// Build the page into dist/, ready for any static host.
///
/// Its links are relative: it works in any folder of a host.
#[derive(Args)]
pub(crate) struct Build {
    /// Where the site is going to be, such as https://example.org/marquee/. Links to it are then
    /// shown with a picture where they are shared
    #[arg(long, value_name = "URL")]
    address: Option<String>,
}

impl Build {
    pub(crate) fn run(self) -> Result<()> {
        site::build(self.address.as_deref())?;
        println!();
        println!("The site is in {}", paths::dist().display());
        Ok(())
    }
}
