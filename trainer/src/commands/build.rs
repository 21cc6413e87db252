use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use encoding_rs::Encoding;
use marquee_models::network::Size;
use marquee_trainer::dataset::manifest::{Columns, Preset, Renamed};
use marquee_trainer::dataset::rule::Rule;
use marquee_trainer::dataset::{self, Fractions, Options, Protocol, Split, Summary};
use marquee_trainer::fetch::Polite;

/// Build a dataset from a list of films and their posters, or from folders of posters.
///
/// Films get a class from their genres and are split by film, class by class, into what is trained
/// on, what decides when to stop, and what says how good the network is. Films whose posters look
/// alike stay on one side. What cannot be used is listed in rejected.csv with a reason; the rest
/// goes on. A build that was interrupted goes on where it stopped when it is started again.
///
///   marquee build --manifest movies.csv --posters posters/ --out dataset
///   marquee build --posters sorted/ --out dataset        (sorted/Horror/alien.jpg, ...)
///   marquee build --manifest MovieGenre.csv --preset kaggle --out dataset
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// CSV file with the films; may be repeated. Without any, every poster lies in a folder of its
    /// class
    #[arg(long, value_name = "CSV")]
    manifest: Vec<PathBuf>,

    /// Folder or tar with the posters; may be repeated. As many as manifests belong to one each;
    /// otherwise a poster is looked for in all of them. Without any, posters are web addresses, or
    /// paths from where the manifest lies
    #[arg(long, value_name = "DIR|TAR")]
    posters: Vec<PathBuf>,

    /// Folder to make the dataset in
    #[arg(long, value_name = "DATASET", required_unless_present = "print_rule")]
    out: Option<PathBuf>,

    /// The manifests' columns are those of a well-known list
    #[arg(long, value_enum, default_value_t)]
    preset: Preset,

    /// What single columns are called, of id, poster, title, year, genres, label, score, votes and
    /// tmdb_id: id=imdbId,poster=Poster
    #[arg(long, value_name = "NAME=COLUMN,...")]
    columns: Option<Renamed>,

    /// The manifests' encoding, such as windows-1252 or euc-kr
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    encoding: Option<&'static Encoding>,

    /// TOML file that says which genres make which class
    #[arg(long, value_name = "TOML")]
    rule: Option<PathBuf>,

    /// Print the rule, as a file to change, and stop
    #[arg(long)]
    print_rule: bool,

    /// Folder for posters whose column is a web address; what is there is not downloaded again
    /// [default: DATASET.posters]
    #[arg(long, value_name = "DIR")]
    downloads: Option<PathBuf>,

    /// The most downloads a second
    #[arg(long, default_value_t = Polite::default().rate)]
    rate: f64,

    /// Rows with the id of an earlier one are other designs of its poster: train on them, too
    #[arg(long)]
    alternates: bool,

    /// Keep posters without colours
    #[arg(long)]
    keep_gray: bool,

    /// Pixels on a poster's shorter side, below which it is left out
    #[arg(long, default_value_t = 32, value_name = "PIXELS")]
    min_side: usize,

    /// Add rotated copies of small classes' posters to what is trained on
    #[arg(long)]
    balance: bool,

    /// How films and copies are split
    #[arg(long, value_enum, default_value_t)]
    protocol: Protocol,

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

fn encoding(name: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label(name.as_bytes())
        .ok_or_else(|| "no encoding of that name; try utf-8, windows-1252 or euc-kr".to_owned())
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
        bail!("there is nothing to build from; name a --manifest, --posters, or both");
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
        downloads: args
            .downloads
            .clone()
            .unwrap_or_else(|| dataset::beside(out, ".posters")),
        polite: Polite {
            rate: args.rate,
            ..Polite::default()
        },
        alternates: args.alternates,
        keep_gray: args.keep_gray,
        min_side: args.min_side,
        balance: args.balance,
        protocol: args.protocol,
        split: args.split,
        seed: args.seed,
        size: Size::square(usize::from(args.size)),
        out: out.clone(),
        force: args.force,
    })?;
    print(&summary);
    println!(
        "\nThe dataset is in {}; dataset.html there shows it.",
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
            "{:>8}  films look like another; the {} groups stay on one side each",
            cleaning.alike, cleaning.groups
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
