//! Damages input as long as one likes.

use std::fs;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use clap::Parser;
use marquee_fuzz::{Target, run};

/// Hand damaged input to Marquee, and write what it panics at into a folder.
#[derive(Parser)]
struct Args {
    /// What to damage [default: everything in turn]
    #[arg(long, value_enum)]
    target: Option<Target>,

    /// How many mutations to try of each
    #[arg(long, default_value_t = 100_000)]
    runs: u64,

    /// The number of the first mutation
    #[arg(long, default_value_t = 0)]
    first: u64,

    /// The folder for findings
    #[arg(long, default_value = "findings")]
    out: std::path::PathBuf,
}

fn main() -> Result<ExitCode> {
    let args = Args::parse();
    let targets = args
        .target
        .map_or(Target::ALL.to_vec(), |target| vec![target]);
    let mut clean = true;
    for target in targets {
        let begun = Instant::now();
        let mut findings = 0;
        run(target, args.first..args.first + args.runs, |finding| {
            findings += 1;
            fs::create_dir_all(&args.out)?;
            let name = finding.name.replace(['/', ' '], "-");
            let path = args.out.join(format!("{}-{name}", target.name()));
            fs::write(&path, finding.bytes)?;
            println!("  {}", path.display());
            Ok(())
        })?;
        let seconds = begun.elapsed().as_secs();
        let (name, runs) = (target.name(), args.runs);
        println!("{name}: {runs} runs in {seconds} s, {findings} findings");
        clean &= findings == 0;
    }
    Ok(if clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
