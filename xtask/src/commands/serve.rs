//! `cargo xtask serve`

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
/// The first time, what is missing is installed (the wasm target, trunk, wasm-bindgen, wasm-opt) and
/// everything is compiled, which takes some minutes. Later only what changed is built again.
#[derive(Args)]
pub(crate) struct Serve {
    /// The port to serve on
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The address to serve on; 0.0.0.0 lets other machines in
    #[arg(long, default_value = "127.0.0.1")]
    address: IpAddr,
}

impl Serve {
    pub(crate) fn run(self) -> Result<()> {
        // Before the build: nobody should wait minutes to hear that the port is taken.
        let listener = server::listen(self.address, self.port)?;
        site::build(None, None)?;
        let site = Site::start(listener, &paths::dist(), "/")?;
        println!();
        println!("Marquee is at {} — Ctrl-C stops it", site.url());
        site.wait();
        Ok(())
    }
}
