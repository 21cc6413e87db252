use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use marquee_models::network::Size;
use marquee_trainer::dataset::{self, Fractions, Options, Split, Summary};

/// Build a dataset from a list of films and their posters.
///
/// Films get a class from their genres and are split by film, class by class, into what is trained
/// on, what decides when to stop, and what says how good the network is. What cannot be used is
/// listed in rejected.csv with a reason; the rest goes on.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// CSV file with the columns id, poster and genres (or label); title, year, score and votes
    /// are kept where they are there
    #[arg(long, value_name = "CSV")]
    manifest: PathBuf,

    /// Folder or tar with the posters that the manifest names
    #[arg(long, value_name = "DIR|TAR")]
    posters: PathBuf,

    /// Folder to make the dataset in
    #[arg(long, value_name = "DATASET")]
    out: PathBuf,

    /// Percentages of training/validation/test, or of training/test
    #[arg(long, default_value_t, value_name = "A/B/C")]
    split: Fractions,

    /// Another number gives another split
    #[arg(long, default_value_t = 0)]
    seed: u64,

    /// Side in pixels to which posters are resized right away; `train` makes other sizes when it
    /// needs them
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u16).range(8..=1024))]
    size: u16,

    /// Replace the dataset where there is one already
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let summary = dataset::build(&Options {
        manifest: args.manifest.clone(),
        posters: args.posters.clone(),
        out: args.out.clone(),
        split: args.split,
        seed: args.seed,
        size: Size::square(usize::from(args.size)),
        force: args.force,
    })?;
    print(&summary);
    println!("\nThe dataset is in {}.", args.out.display());
    Ok(ExitCode::SUCCESS)
}

fn print(summary: &Summary) {
    print!("{:<14}", "films");
    for split in Split::ALL {
        print!("{:>12}", split.to_string());
    }
    println!("{:>12}", "all");
    let count = |split: Split, label: &str| {
        let split = summary.counts.get(&split);
        split
            .and_then(|counts| counts.get(label))
            .copied()
            .unwrap_or(0)
    };
    let row = |name: &str, counts: [usize; 3]| {
        print!("{name:<14}");
        for count in counts {
            print!("{count:>12}");
        }
        println!("{:>12}", counts.iter().sum::<usize>());
    };
    for label in &summary.labels {
        row(label, Split::ALL.map(|split| count(split, label)));
    }
    let total = |split| summary.labels.iter().map(|label| count(split, label)).sum();
    row("all", Split::ALL.map(total));

    let left_out: usize = summary.rejected.values().sum();
    println!(
        "\n{left_out} rows were left out{}",
        if left_out == 0 {
            "."
        } else {
            " (rejected.csv):"
        }
    );
    let mut reasons: Vec<_> = summary.rejected.iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    for (reason, count) in reasons.iter().take(10) {
        println!("{count:>8}  {reason}");
    }
    if reasons.len() > 10 {
        println!("          and {} other reasons", reasons.len() - 10);
    }
    println!("\ncontent hash {}", summary.hash);
}
