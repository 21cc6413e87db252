//! The command `marquee` of the Python package.

use std::ffi::OsString;

use clap::{Parser, Subcommand};
use pyo3::prelude::*;

/// Exit status of a command that was called wrongly, as clap's.
const USAGE: i32 = 2;

/// Tells the genre of a movie from its poster.
///
/// This is the part of the command `marquee` that runs networks, as it comes with the Python package. Building datasets
/// and training are in the native program of the same name, which `cargo install` makes of Marquee's source.
#[derive(Parser)]
#[command(name = "marquee", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Predict(marquee_predict::command::Args),
    #[command(external_subcommand)]
    Other(Vec<OsString>),
}

/// Runs the command, and returns its exit status. The first argument is the command's own name.
#[pyfunction]
pub(crate) fn command(py: Python<'_>, arguments: Vec<OsString>) -> i32 {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // --help and --version arrive here, too; where nobody can read the text, the status says it
            let _ = error.print();
            return error.exit_code();
        }
    };
    let args = match cli.command {
        Command::Predict(args) => args,
        Command::Other(words) => {
            let name = words.first().cloned().unwrap_or_default();
            eprintln!(
                "marquee: the Python package has the subcommand predict alone, and no {}. Building datasets, training and \
                 exports are in the native program `marquee`, which `cargo install --path trainer` makes of Marquee's \
                 source.",
                name.display()
            );
            return USAGE;
        }
    };
    match py.detach(|| marquee_predict::command::run(&args)) {
        Ok(true) => 0,
        Ok(false) => 1,
        Err(error) => {
            eprintln!("marquee: {error:#}");
            1
        }
    }
}
