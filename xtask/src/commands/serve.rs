//! `cargo xtask serve`: the page, on this machine.

use crate::{
    paths,
    server::{self, Site},
    site,
};
use anyhow::Result;
use clap::Args;
use std::net::IpAddr;

/// Build the page and serve it on this machine, at http://127.0.0.1:8080
///
/// The first time this installs the tools that are missing (the wasm target, trunk, wasm-bindgen,
/// wasm-opt) and compiles everything, which takes some minutes. Later it builds what has changed.
#[derive(Args)]
pub(crate) struct Serve {
    /// The port to serve on
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The address to serve on; with 0.0.0.0 other machines can open the page, too
    #[arg(long, default_value = "127.0.0.1")]
    address: IpAddr,
}

impl Serve {
    pub(crate) fn run(self) -> Result<()> {
        // Before the build, so that nobody waits minutes to hear that the port is in use.
        let listener = server::listen(self.address, self.port)?;
        site::build(None, None)?;
        let site = Site::start(listener, &paths::dist(), "/")?;
        println!();
        println!("Marquee is at {} — Ctrl-C stops it", site.url());
        site.wait()
    }
}
