use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, ensure};
use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use indicatif::HumanBytes;
use marquee_trainer::fetch::{
    self, ATTRIBUTION, Access, Day, Filters, Options, Polite, PosterSize, Summary,
};

/// Fetch films and their posters from TMDB, with a key of your own.
///
/// Makes movies.csv and the folder posters/, which `marquee build` takes. What could not be fetched
/// is listed in lost.csv with the reason; the rest goes on. Ctrl-C, or a crash, loses nothing: the
/// same command again asks only for what is missing, and once more for what was lost.
///
/// The key comes from https://www.themoviedb.org/settings/api and is read from the environment only:
/// TMDB_API_KEY (the "API Key") or TMDB_TOKEN (the "API Read Access Token").
///
/// Films without a release date are not listed by TMDB's search by date, so they are not found.
#[derive(clap::Args)]
#[command(after_long_help = format!("{ENVIRONMENT}\n\n{TERMS}\n{ATTRIBUTION}"))]
pub(crate) struct Args {
    /// Folder to fill, or to go on filling
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Only films released in this year or on this day, or later
    #[arg(long, value_name = "DATE", value_parser = Day::first)]
    since: Option<Day>,

    /// Only films released in this year or on this day, or earlier [default: the day of the first
    /// run]
    #[arg(long, value_name = "DATE", value_parser = Day::last)]
    until: Option<Day>,

    /// Only films with so many votes
    #[arg(long, value_name = "N")]
    min_votes: Option<u64>,

    /// Only films of this original language, such as en
    #[arg(long, value_name = "CODE", value_parser = language)]
    language: Option<String>,

    /// Only the N films with the most votes
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    limit: Option<usize>,

    /// Width of the posters in pixels
    #[arg(long, default_value = PosterSize::default().as_str(), value_parser = size())]
    size: PosterSize,

    /// What to write the films' table as
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// The most requests a second, of films and posters together
    #[arg(long, default_value_t = Polite::default().rate, value_name = "N", value_parser = rate)]
    rate: f64,

    /// How often one thing is asked for before it counts as lost
    #[arg(long, default_value_t = Polite::default().tries, value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..=100))]
    tries: u32,

    /// Seconds without a byte after which a request has failed
    #[arg(long, default_value_t = Polite::default().timeout.as_secs_f64(), value_name = "SECONDS",
        value_parser = timeout)]
    timeout: f64,

    /// Milliseconds of the longest wait before a second try; each further one may wait twice as long
    #[arg(long, default_value_t = 500, value_name = "MS",
        value_parser = clap::value_parser!(u64).range(0..=60_000))]
    backoff: u64,

    /// Begin even where the free disk space does not look enough
    #[arg(long)]
    ignore_space: bool,
}

const TERMS: &str = "\
TMDB's terms of use (https://www.themoviedb.org/api-terms-of-use) are between you and TMDB. Among
other things they ask for:
  - a key of your own
  - no redistribution: do not publish the films' data or posters that you fetch
  - attribution, with TMDB's logo, wherever what you fetched is shown
  - machine learning only without commercial purpose, unless you have an agreement with TMDB";

const ENVIRONMENT: &str = "\
Environment:
  TMDB_API_KEY          your API key (v3)
  TMDB_TOKEN            or your API read access token (v4), which goes first
  MARQUEE_TMDB_API      a stand-in or mirror [default: https://api.themoviedb.org/3]
  MARQUEE_TMDB_IMAGES   likewise, for posters [default: https://image.tmdb.org/t/p]";

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// movies.csv
    #[default]
    Csv,
    /// movies.parquet
    Parquet,
    /// movies.csv and movies.parquet
    Both,
}

fn size() -> impl TypedValueParser<Value = PosterSize> {
    PossibleValuesParser::new(PosterSize::ALL.map(PosterSize::as_str)).map(|text| {
        let mut sizes = PosterSize::ALL.into_iter();
        sizes.find(|size| size.as_str() == text).unwrap_or_default()
    })
}

fn language(text: &str) -> Result<String, &'static str> {
    match text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_lowercase()) {
        true => Ok(text.to_owned()),
        false => Err("write two letters of ISO 639-1, such as en"),
    }
}

fn at_least_one(text: &str) -> Result<usize, &'static str> {
    let number = text.parse().ok();
    number
        .filter(|number| *number > 0)
        .ok_or("write a number over 0")
}

fn rate(text: &str) -> Result<f64, &'static str> {
    within(text, 0.01, 1000.0).ok_or("write a number from 0.01 to 1000")
}

fn timeout(text: &str) -> Result<f64, &'static str> {
    within(text, 0.1, 3600.0).ok_or("write a number from 0.1 to 3600")
}

fn within(text: &str, least: f64, most: f64) -> Option<f64> {
    let number = text.parse().ok();
    number.filter(|number| (least..=most).contains(number))
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let access = Access::from_env()?;
    let options = Options {
        out: args.out.clone(),
        filters: Filters {
            since: args.since,
            until: args.until,
            min_votes: args.min_votes,
            language: args.language.clone(),
            limit: args.limit,
            size: args.size,
        },
        csv: args.format != Format::Parquet,
        parquet: args.format != Format::Csv,
        polite: Polite {
            rate: args.rate,
            tries: args.tries,
            backoff: Duration::from_millis(args.backoff),
            timeout: Duration::from_secs_f64(args.timeout),
            ..Polite::default()
        },
        ignore_space: args.ignore_space,
    };
    let stop = super::stop_on_ctrl_c()?;
    let summary = fetch::fetch(&options, access, &stop)?;
    if summary.films > 0 || !summary.stopped {
        print(&summary, args);
    }
    if summary.stopped {
        println!("Stopped. The same command goes on from here.");
        return Ok(ExitCode::from(super::INTERRUPTED));
    }
    ensure!(
        summary.films > 0,
        "nothing could be fetched; {} says why",
        args.out.join("lost.csv").display()
    );
    println!("\n{TERMS}\n{ATTRIBUTION}");
    Ok(ExitCode::SUCCESS)
}

fn print(summary: &Summary, args: &Args) {
    let out = args.out.display();
    println!("{:>9} films in {out}", summary.films);
    println!(
        "{:>9} posters in {}",
        summary.posters,
        args.out.join("posters").display()
    );
    println!("{:>9} received", HumanBytes(summary.bytes).to_string());
    for (day, films) in &summary.overfull {
        println!("{films} films have the date {day}, of which TMDB lists only the first 10000.");
    }
    if summary.lost.is_empty() {
        return;
    }
    println!(
        "{:>9} lost, listed in {}:",
        summary.lost.len(),
        args.out.join("lost.csv").display()
    );
    let mut reasons: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for lost in &summary.lost {
        let what = if lost.tmdb_id.is_some() {
            &lost.what
        } else {
            "page of films"
        };
        *reasons.entry((what, &lost.reason)).or_default() += 1;
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for ((what, reason), count) in reasons.iter().take(5) {
        println!("{count:>9}  {what}: {reason}");
    }
    if reasons.len() > 5 {
        println!("           and {} other reasons", reasons.len() - 5);
    }
}
