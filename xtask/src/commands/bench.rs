//! `cargo xtask bench`: how fast Marquee is, beside others.

mod cargo;
mod docs;
mod native;
mod train;
mod web;
mod whole;

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
    Train(train::Train),
    Web(web::Web),
    Native(native::Native),
}

impl Bench {
    pub(crate) fn run(self) -> Result<()> {
        match self.subject {
            Subject::Train(train) => train.run(),
            Subject::Web(web) => web.run(),
            Subject::Native(native) => native.run(),
        }
    }
}
