use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use encoding_rs::Encoding;
use marquee_models::network::Size;
use marquee_trainer::dataset::manifest::{Columns, Preset, Renamed};
use marquee_trainer::dataset::rule::Rule;
use marquee_trainer::dataset::{self, Fractions, Options, Protocol, Split, Summary};
use marquee_trainer::fetch::RequestOptions;
use marquee_trainer::files;

/// Build a dataset from a list of films and their posters, or from folders of posters.
///
/// Each film gets a class from its genres. The films of each class are split into three parts: one to
/// train on, one to decide when training stops, and one to measure how good the network is. Films
/// whose posters look alike are in the same part. Rows that cannot be used are listed in rejected.csv
/// with the reason. If a build is interrupted, start the same command again: it goes on where it
/// stopped.
///
///   marquee build --manifest movies.csv --posters posters/ --out dataset
///   marquee build --posters sorted/ --out dataset        (sorted/Horror/alien.jpg, ...)
///   marquee build --manifest MovieGenre.csv --preset kaggle --out dataset
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// Lists of the films: CSV files, JSON Lines, Parquet files with the posters' names or bytes, or tars of
    /// WebDataset's; may be given several times [default: none, each poster lies in a folder of its class]
    #[arg(long, num_args = 1.., value_name = "CSV|JSONL|PARQUET|TAR")]
    manifest: Vec<PathBuf>,

    /// Folder, tar, tar.gz or ZIP file with the posters; may be given several times. If there are as many as
    /// manifests, the first belongs to the first manifest, and so on; otherwise each poster is looked
    /// for in all of them [default: posters are in the manifest itself, web addresses, or paths relative to the folder
    /// of the manifest]
    #[arg(long, num_args = 1.., value_name = "DIR|ARCHIVE")]
    posters: Vec<PathBuf>,

    /// Folder to make for the dataset; not needed with --print-rule
    #[arg(long, value_name = "DATASET", required_unless_present = "print_rule")]
    out: Option<PathBuf>,

    /// List that the manifests are like: it sets the names of their columns and their encoding
    #[arg(long, value_enum, default_value_t, requires = "manifest")]
    preset: Preset,

    /// Other names of single columns, as in id=imdbId,poster=Poster. The columns are id, poster,
    /// title, year, genres, label, score, votes, split and tmdb_id [default: the names of the preset]
    #[arg(long, value_name = "NAME=COLUMN,...", requires = "manifest")]
    columns: Option<Renamed>,

    /// Encoding of the manifests, such as windows-1252 or euc-kr [default: the encoding of the
    /// preset]
    #[arg(long, value_name = "NAME", value_parser = encoding, requires = "manifest")]
    encoding: Option<&'static Encoding>,

    /// TOML file that says which genres make which class; it decides even if the manifests name other classes
    /// [default: the rule that --print-rule prints]
    #[arg(long, value_name = "TOML")]
    rule: Option<PathBuf>,

    /// Print the rule as a file that you can change, and stop [default: build a dataset]
    #[arg(long)]
    print_rule: bool,

    /// Folder for posters that are web addresses. A poster that is there is not downloaded again
    /// [default: DATASET.posters]
    #[arg(long, value_name = "DIR")]
    downloads: Option<PathBuf>,

    /// The most downloads per second
    #[arg(long, default_value_t = RequestOptions::default().rate, value_name = "N")]
    rate: f64,

    /// Train also on other designs of a poster: further rows with the same id [default: leave them
    /// out]
    #[arg(long)]
    alternates: bool,

    /// Keep posters without colours [default: leave them out]
    #[arg(long)]
    keep_gray: bool,

    /// Leave out posters whose shorter side has fewer pixels
    #[arg(long, default_value_t = 32, value_name = "PIXELS")]
    min_side: usize,

    /// Add rotated copies of the posters of small classes to the films to train on [default: add none]
    #[arg(long)]
    balance: bool,

    /// How films and copies are split
    #[arg(long, value_enum, default_value_t)]
    protocol: Protocol,

    /// Percentages of training/validation/test, or of training/test [default: the split that the column
    /// `split`, folders such as train/Horror or files such as train.csv name; otherwise 70/15/15]
    #[arg(long, value_name = "A/B/C")]
    split: Option<Fractions>,

    /// Dataset whose films are only trained on here, but for its test films; may be given several times. A network
    /// that was trained on it can then be tuned on this one with `marquee train --start`, and be judged by films that
    /// it does not know. A film is the same if its id is, or its title and year [default: none]
    #[arg(long, value_name = "DATASET")]
    apart_from: Vec<PathBuf>,

    /// Random seed of the split: another number gives another split
    #[arg(long, default_value_t = 0)]
    seed: u64,

    /// Width and height in pixels to which posters are resized during the build; `marquee train` makes
    /// other sizes when it needs them
    #[arg(long, default_value_t = 32, value_name = "PIXELS",
        value_parser = clap::value_parser!(u16).range(8..=1024))]
    size: u16,

    /// Replace the dataset if there is one already [default: stop with an error]
    #[arg(long)]
    force: bool,
}

fn encoding(name: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label(name.as_bytes()).ok_or_else(|| {
        "there is no encoding of this name; try utf-8, windows-1252 or euc-kr".to_owned()
    })
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let rule = match &args.rule {
        Some(path) => Rule::read(path)?,
        None => Rule::default(),
    };
    let Some(out) = args.out.as_ref().filter(|_| !args.print_rule) else {
        print!("{}", rule.to_toml());
        return Ok(ExitCode::SUCCESS);
    };
    if args.manifest.is_empty() && args.posters.is_empty() {
        bail!("there is nothing to build from; name --manifest, --posters, or both");
    }
    let mut columns = Columns::from(args.preset).with(&args.columns.clone().unwrap_or_default());
    if let Some(encoding) = args.encoding {
        columns.encoding = encoding;
    }
    let summary = dataset::build(&Options {
        manifests: args.manifest.clone(),
        columns,
        posters: args.posters.clone(),
        rule,
        rule_decides: args.rule.is_some(),
        downloads: args
            .downloads
            .clone()
            .unwrap_or_else(|| files::beside(out, ".posters")),
        requests: RequestOptions {
            rate: args.rate,
            ..RequestOptions::default()
        },
        alternates: args.alternates,
        keep_gray: args.keep_gray,
        min_side: args.min_side,
        balance: args.balance,
        protocol: args.protocol,
        split: args.split,
        apart_from: args.apart_from.clone(),
        seed: args.seed,
        size: Size::square(usize::from(args.size)),
        out: out.clone(),
        force: args.force,
    })?;
    print(&summary);
    println!(
        "\nThe dataset is in {}; open dataset.html there to see it.",
        out.display()
    );
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

    let cleaning = &summary.cleaning;
    println!();
    if cleaning.alternates > 0 {
        println!("{:>8}  other designs to train on", cleaning.alternates);
    }
    let rotated: usize = cleaning.rotated.values().sum();
    if rotated > 0 {
        println!("{rotated:>8}  rotated copies");
    }
    if cleaning.groups > 0 {
        println!(
            "{:>8}  films look like another; each of these {} groups is in one split",
            cleaning.alike, cleaning.groups
        );
    }
    if cleaning.same_titles > 0 {
        println!(
            "{:>8}  pairs of films have the same title within a year, {} of them in two splits (same-titles.csv)",
            cleaning.same_titles, cleaning.same_titles_apart
        );
    }
    for (genre, films) in &cleaning.unknown_genres {
        println!("{films:>8}  rows have the genre {genre:?}, which the rule does not know");
    }
    let left_out: usize = cleaning.rejected.values().sum();
    println!("{left_out:>8}  rows were left out (rejected.csv)");
    for (reason, count) in &cleaning.rejected {
        println!("{count:>14}  {reason}");
    }
    println!("\ncontent hash {}", summary.hash);
}
