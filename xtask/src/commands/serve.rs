//! `cargo xtask serve`: the page, on this machine.

use crate::{
    paths,
    server::{self, Site},
    site::{self, Content},
};
use anyhow::Result;
use clap::Args;
use std::net::IpAddr;

/// Build the page and serve it on this machine, at http://127.0.0.1:8080
///
/// The first time this installs the tools that are missing (the wasm target, wasm-opt, esbuild) and compiles
/// everything, which takes some minutes. The page is served as soon as it answers on the CPU. The program for
/// WebGPU, which takes longest to compile, and faster programs for browsers with relaxed SIMD follow: then reload the
/// page. Later runs build what has changed.
#[derive(Args)]
pub(crate) struct Serve {
    /// The port to serve on
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The address to serve on; with 0.0.0.0 other machines can open the page, too
    #[arg(long, default_value = "127.0.0.1")]
    address: IpAddr,
    #[command(flatten)]
    content: Content,
}

impl Serve {
    pub(crate) fn run(self) -> Result<()> {
        // Before the build, so that nobody waits minutes to hear of a mistake, or that the port is in use.
        self.content.check()?;
        let listener = server::listen(self.address, self.port, "serve")?;
        let mut builder = site::Builder::new()?;
        builder.make(|program| !program.later)?;
        builder.assemble(&self.content, None, &paths::dist())?;
        let site = Site::start(listener, &paths::dist(), "/")?;
        println!("\nMarquee is at {} — Ctrl-C stops it", site.url());
        println!(
            "It answers on the CPU. The program for WebGPU and faster ones for the CPU are still being compiled."
        );
        let rest = builder
            .make(|program| program.later)
            .and_then(|()| builder.assemble(&self.content, None, &paths::dist()));
        match rest {
            Ok(()) => println!("All programs are there: the page uses them after a reload."),
            Err(error) => eprintln!("error: the page goes on without these programs: {error:#}"),
        }
        site.wait()
    }
}
