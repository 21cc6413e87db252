//! The command `marquee`.

mod cmd;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Training frees and allocates the same large buffers at every step; the system's allocator gives
/// them back to the kernel and asks for them again.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Reads a movie poster's genre: fetches posters, builds datasets of them, trains networks, says how
/// good they are, and predicts.
///
/// A first network of your own takes three steps; `marquee fetch` gets the films and posters for the
/// first of them from TMDB:
///
///   marquee build --manifest movies.csv --posters posters/ --out dataset
///   marquee train --data dataset --network cnn32 --out run
///   marquee predict poster.jpg --model run/best.safetensors
#[derive(Parser)]
#[command(name = "marquee", version, verbatim_doc_comment)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Fetch(cmd::fetch::Args),
    Build(cmd::build::Args),
    Train(cmd::train::Args),
    Evaluate(cmd::evaluate::Args),
    Export(cmd::export::Args),
    Import(cmd::import::Args),
    Onnx(cmd::onnx::Args),
    Predict(cmd::predict::Args),
}

fn main() -> ExitCode {
    // `marquee evaluate … | head` ends quietly, as other commands do
    sigpipe::reset();
    let result = match Cli::parse().command {
        Command::Fetch(args) => cmd::fetch::run(&args),
        Command::Build(args) => cmd::build::run(&args),
        Command::Train(args) => cmd::train::run(&args),
        Command::Evaluate(args) => cmd::evaluate::run(&args),
        Command::Export(args) => cmd::export::run(&args),
        Command::Import(args) => cmd::import::run(&args),
        Command::Onnx(args) => cmd::onnx::run(&args),
        Command::Predict(args) => cmd::predict::run(&args),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("marquee: {error:#}");
            ExitCode::FAILURE
        }
    }
}
