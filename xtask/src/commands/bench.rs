//! `cargo xtask bench`: how fast Marquee is, beside others.

mod web;

use anyhow::Result;
use clap::{Args, Subcommand};

/// Measure how fast Marquee is, beside its peers.
#[derive(Args)]
pub(crate) struct Bench {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(Subcommand)]
enum Subject {
    Web(web::Web),
}

impl Bench {
    pub(crate) fn run(self) -> Result<()> {
        match self.subject {
            Subject::Web(web) => web.run(),
        }
    }
}
