//! `cargo xtask`: the project's own commands.
//!
//! Everything a fresh machine lacks is installed on the way, into a cache folder outside the
//! checkout, or is named with the command that installs it.

use clap::{Parser, Subcommand};
use std::process::ExitCode;

mod commands;
mod offline;
mod page;
mod paths;
mod run;
mod server;
mod site;
mod sizes;
mod tools;

/// Builds, serves and tests Marquee.
///
/// Only Rust has to be there. What else is needed is installed the first time, which takes some
/// minutes, and is kept in a cache folder outside this checkout ($MARQUEE_CACHE names another).
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
    Build(commands::build::Build),
    Package(commands::package::Package),
    Test(commands::test::Test),
    Pictures(commands::pictures::Pictures),
}

fn main() -> ExitCode {
    let result = if tools::wasm_opt::called_as_stand_in() {
        tools::wasm_opt::stand_in()
    } else {
        match Xtask::parse().command {
            Command::Serve(serve) => serve.run(),
            Command::Build(build) => build.run(),
            Command::Package(package) => package.run(),
            Command::Test(test) => test.run(),
            Command::Pictures(pictures) => pictures.run(),
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Not returned from main, which would add a backtrace where RUST_BACKTRACE is set: these
        // errors are for people who want to see a page.
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
