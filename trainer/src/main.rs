//! The command `marquee`.

mod commands;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Every training step frees and allocates the same large buffers. The system's allocator would return
/// them to the kernel each time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Tells the genre of a movie from its poster: fetches posters, builds datasets, trains and evaluates
/// networks, and predicts.
///
/// Your first own network takes three steps. If you have no films and posters for the first step,
/// `marquee fetch` gets them from TMDB:
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
    Fetch(commands::fetch::Args),
    Build(commands::build::Args),
    Train(commands::train::Args),
    Evaluate(commands::evaluate::Args),
    Export(commands::export::Args),
    Import(commands::import::Args),
    Onnx(commands::onnx::Args),
    Card(commands::card::Args),
    Predict(marquee_predict::command::Args),
    Probe(commands::probe::Args),
}

fn main() -> ExitCode {
    use_the_cpu_by_default();
    // so that `marquee evaluate … | head` ends quietly, as other commands do
    sigpipe::reset();
    let result = match Cli::parse().command {
        Command::Fetch(args) => commands::fetch::run(&args),
        Command::Build(args) => commands::build::run(&args),
        Command::Train(args) => commands::train::run(&args),
        Command::Evaluate(args) => commands::evaluate::run(&args),
        Command::Export(args) => commands::export::run(&args),
        Command::Import(args) => commands::import::run(&args),
        Command::Onnx(args) => commands::onnx::run(&args),
        Command::Card(args) => commands::card::run(&args),
        Command::Predict(args) => marquee_predict::command::run(&args).map(|read| match read {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        }),
        Command::Probe(args) => commands::probe::run(&args),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("marquee: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Makes the CPU Burn's default device.
///
/// Burn loads an optimiser's checkpoint onto the default device before it moves it to the right one.
/// If wgpu is compiled in, the default would be a GPU, which may not be there.
fn use_the_cpu_by_default() {
    // SAFETY: `main` calls this first, before the process starts a second thread, so nothing reads
    // the environment meanwhile.
    #[allow(unsafe_code)]
    unsafe {
        std::env::set_var("BURN_DEVICE", "flex");
    }
}
