//! `cargo xtask`: the project's own commands.
//!
//! They install what a fresh machine lacks into a cache folder outside the checkout. Where they
//! can't, the error names the command that installs it.

use clap::{Parser, Subcommand};
use std::process::ExitCode;

mod commands;
mod end2end;
mod paths;
mod progress;
mod python;
mod release;
mod run;
mod server;
mod site;
mod tools;

/// Builds, serves and tests Marquee.
///
/// serve, dev and build need Rust only; with Node the pages of serve and build get smaller. package also needs
/// Node 20 or newer, and test, pictures and bench web need Chromium, too: on Debian and its relatives these are
/// installed for root, elsewhere an error says what to install. The first run compiles for some minutes. Smaller
/// tools are kept in a cache folder outside this checkout; $MARQUEE_CACHE chooses another folder.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_help_subcommand = true
)]
struct Xtask {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(commands::serve::Serve),
    Dev(commands::dev::Dev),
    Build(commands::build::Build),
    Package(commands::package::Package),
    Test(commands::test::Test),
    Bench(commands::bench::Bench),
    Conformance(commands::conformance::Conformance),
    Pictures(commands::pictures::Pictures),
}

fn main() -> ExitCode {
    let result = match Xtask::parse().command {
        Command::Serve(serve) => serve.run(),
        Command::Dev(dev) => dev.run(),
        Command::Build(build) => build.run(),
        Command::Package(package) => package.run(),
        Command::Test(test) => test.run(),
        Command::Bench(bench) => bench.run(),
        Command::Conformance(conformance) => conformance.run(),
        Command::Pictures(pictures) => pictures.run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Returned from main, the error would come with a backtrace where RUST_BACKTRACE is set. That
        // is of no use to people who want to see a page.
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
