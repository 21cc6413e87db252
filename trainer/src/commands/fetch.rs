use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, ensure};
use clap::ValueEnum;
use indicatif::HumanBytes;
use jiff::civil::Date;
use marquee_trainer::fetch::{
    self, ATTRIBUTION, Access, Filters, Options, PosterSize, RequestOptions, Summary,
};

/// Fetch films and their posters from TMDB, with a key of your own.
///
/// Makes movies.csv and the folder posters/, from which `marquee build` builds a dataset. Films and
/// posters that cannot be fetched are listed in lost.csv with the reason. Ctrl-C or a crash loses
/// nothing: start the same command again, and it fetches what is missing.
///
/// Get a key at <https://www.themoviedb.org/settings/api> and set it in the environment: TMDB_API_KEY
/// (the "API Key") or TMDB_TOKEN (the "API Read Access Token").
///
/// Films without a release date are not found, because films are searched by date.
#[derive(clap::Args)]
#[command(after_long_help = format!("{ENVIRONMENT}\n\n{TERMS}\n{ATTRIBUTION}"))]
pub(crate) struct Args {
    /// Folder for the films; an earlier run may have begun to fill it
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Only films released in this year or on this day, or later [default: 1874, when the oldest
    /// film was made]
    #[arg(long, value_name = "DATE", value_parser = first_day)]
    since: Option<Date>,

    /// Only films released in this year or on this day, or earlier [default: the day of the first
    /// run]
    #[arg(long, value_name = "DATE", value_parser = last_day)]
    until: Option<Date>,

    /// Only films with at least this many votes [default: all films]
    #[arg(long, value_name = "N")]
    min_votes: Option<u64>,

    /// Only films with this original language, such as en [default: all languages]
    #[arg(long, value_name = "CODE", value_parser = language)]
    language: Option<String>,

    /// Only the N films with the most votes [default: all films]
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    limit: Option<usize>,

    /// Size of the posters
    #[arg(long, value_enum, default_value_t)]
    size: PosterSize,

    /// Format of the table of films
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// The most requests per second, for films and posters together
    #[arg(long, default_value_t = RequestOptions::default().rate, value_name = "N",
        value_parser = rate)]
    rate: f64,

    /// How often a film or a poster is requested before it is given up
    #[arg(long, default_value_t = RequestOptions::default().tries, value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..=100))]
    tries: u32,

    /// A request has failed if the server sends nothing for this many seconds
    #[arg(long, default_value_t = RequestOptions::default().timeout.as_secs_f64(),
        value_name = "SECONDS", value_parser = timeout)]
    timeout: f64,

    /// The longest wait before a second try, in milliseconds; it doubles before each further try
    #[arg(long, default_value_t = 500, value_name = "MS",
        value_parser = clap::value_parser!(u64).range(0..=60_000))]
    backoff: u64,

    /// Begin even if the disk seems to have too little free space [default: stop with an error]
    #[arg(long)]
    ignore_space: bool,
}

const TERMS: &str = "\
TMDB's terms of use (https://www.themoviedb.org/api-terms-of-use) are between you and TMDB. Among
other things they ask for:
  - a key of your own
  - no redistribution: do not publish the films' data or posters that you fetch
  - attribution, with TMDB's logo, wherever you show what you fetched
  - machine learning only without commercial purpose, unless you have an agreement with TMDB";

const ENVIRONMENT: &str = "\
Environment:
  TMDB_API_KEY          your API key (v3)
  TMDB_TOKEN            your API read access token (v4); if both are set, the token is used
  MARQUEE_TMDB_API      address of a mirror of the API [default: https://api.themoviedb.org/3]
  MARQUEE_TMDB_IMAGES   address of a mirror of the posters [default: https://image.tmdb.org/t/p]";

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// movies.csv
    #[default]
    Csv,
    /// movies.parquet
    Parquet,
    /// Both movies.csv and movies.parquet
    Both,
}

fn first_day(text: &str) -> Result<Date, &'static str> {
    day(text, "-01-01")
}

fn last_day(text: &str) -> Result<Date, &'static str> {
    day(text, "-12-31")
}

/// Reads a day such as `1999-12-31`, or a year, to which the ending `of_year` is added.
fn day(text: &str, of_year: &str) -> Result<Date, &'static str> {
    let day = match text.len() {
        4 => format!("{text}{of_year}").parse(),
        _ => text.parse(),
    };
    day.map_err(|_| "write a year such as 1999 or a day such as 1999-12-31")
}

fn language(text: &str) -> Result<String, &'static str> {
    match text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_lowercase()) {
        true => Ok(text.to_owned()),
        false => Err("write the two letters of ISO 639-1, such as en"),
    }
}

fn at_least_one(text: &str) -> Result<usize, &'static str> {
    let number = text.parse().ok();
    number
        .filter(|number| *number > 0)
        .ok_or("write a number above 0")
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
        requests: RequestOptions {
            rate: args.rate,
            tries: args.tries,
            backoff: Duration::from_millis(args.backoff),
            timeout: Duration::from_secs_f64(args.timeout),
            ..RequestOptions::default()
        },
        ignore_space: args.ignore_space,
    };
    let stop = super::stop_on_ctrl_c()?;
    let summary = fetch::fetch(&options, access, &stop)?;
    if summary.films > 0 || !summary.stopped {
        print(&summary, args);
    }
    if summary.stopped {
        println!("Stopped. Start the same command again to go on.");
        return Ok(ExitCode::from(super::INTERRUPTED));
    }
    ensure!(
        summary.films > 0,
        "nothing could be fetched; {} lists the reasons",
        args.out.join("lost.csv").display()
    );
    println!("\n{TERMS}\n{ATTRIBUTION}");
    Ok(ExitCode::SUCCESS)
}

fn print(summary: &Summary, args: &Args) {
    let inside = |name| args.out.join(name).display().to_string();
    println!("{:>9} films in {}", summary.films, args.out.display());
    println!("{:>9} posters in {}", summary.posters, inside("posters"));
    println!("{:>9} received", HumanBytes(summary.bytes).to_string());
    for (day, films) in &summary.overfull {
        println!("{films} films have the date {day}; TMDB lists only the first 10000 of them.");
    }
    if summary.lost.is_empty() {
        return;
    }
    println!(
        "{:>9} could not be fetched, listed in {}:",
        summary.lost.len(),
        inside("lost.csv")
    );
    let mut reasons: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for lost in &summary.lost {
        let what = lost.tmdb_id.map_or("page of films", |_| &lost.what);
        *reasons.entry((what, &lost.reason)).or_default() += 1;
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, count)| Reverse(*count));
    for ((what, reason), count) in reasons.iter().take(5) {
        println!("{count:>9}  {what}: {reason}");
    }
    if reasons.len() > 5 {
        println!("           and {} other reasons", reasons.len() - 5);
    }
}
