//! Builds a dataset, step by step.
//!
//! A ledger records each step, so that a build that was killed goes on where it stopped. The steps,
//! each in a module of its name:
//!
//! 1. `gather`: read the rows of all manifests, or the folders of classes
//! 2. `inspect`: decode and resize every poster once
//! 3. `clean`: leave out what is useless, and find posters that look alike
//! 4. `apart`: find the films that other datasets train on
//! 5. `assign_splits`: put each film into a split, and decide on copies
//! 6. `write`, `show`: write the dataset's files, and the page that shows it

mod apart;
mod assign_splits;
mod clean;
mod gather;
mod input_error;
mod inspect;
mod ledger;
mod options;
mod packed;
mod reason;
mod same_titles;
mod show;
mod sources;
mod staging;
mod under_way;
mod write;

pub use options::Options;

use std::path::PathBuf;

use anyhow::{Result, bail, ensure};

use super::protocol::Protocol;
use super::summary::Summary;
use input_error::InputError;
use ledger::{Ledger, Step};
use sources::Sources;
use staging::StagingFolder;
use under_way::UnderWay;

/// Builds a dataset.
///
/// Nothing is at `options.out` before the dataset is complete. Until then it lies in the folder
/// beside it whose name ends in `.building`.
///
/// # Errors
///
/// If a file cannot be read or written, if `options.out` exists and `options.force` is not set, if
/// another build is making it, or if no film is left.
pub fn build(options: &Options) -> Result<Summary> {
    let out = options.out.display();
    ensure!(
        options.out.file_name().is_some(),
        "{out} does not end in a name for a folder"
    );
    ensure!(
        options.protocol == Protocol::Honest || !options.alternates,
        "--protocol student and --alternates cannot be used together"
    );
    ensure!(
        options.protocol == Protocol::Honest || options.apart_from.is_empty(),
        "--protocol student splits copies, not films, so it cannot be used with --apart-from"
    );
    let staging = StagingFolder::new(&options.out);
    if options.out.exists() {
        staging.remove_if_delivered();
        if !options.force {
            bail!("{out} exists already; name another --out, or replace it with --force");
        }
        ensure!(
            options.out.join("dataset.json").is_file(),
            "{out} is not a dataset, so --force does not replace it; name another --out"
        );
    }
    apart::check(options)?;
    let sources = Sources::open(options)?;
    let lock = staging.lock()?;
    let mut ledger = Ledger::open(&staging.ledger(), &options.fingerprint())?;
    let built = build_in(&staging, &mut ledger, options, &sources);
    let begun = ledger.step().is_ok_and(|step| step > Step::Started);
    drop((ledger, lock));
    match built {
        Err(error) if begun && !error.is::<InputError>() => Err(error.context(format!(
            "the build stopped; the same command goes on with the files in {}",
            staging.path().display()
        ))),
        built => staging.remove().and(built),
    }
}

fn build_in(
    staging: &StagingFolder,
    ledger: &mut Ledger,
    options: &Options,
    sources: &Sources,
) -> Result<Summary> {
    let (under_way, left) = UnderWay::open(staging.under_way())?;
    if ledger.step()? > Step::Started {
        eprintln!("{}", going_on(&left));
    }
    if ledger.step()? < Step::Gathered {
        ledger.take(Step::Gathered, |db| gather::gather(db, options, sources))?;
    }
    let packed = staging.packed();
    if ledger.step()? < Step::Inspected {
        sources.download(ledger)?;
        inspect::inspect(ledger, &packed, options, sources, &under_way)?;
        ledger.take(Step::Inspected, |_| Ok(()))?;
    }
    if ledger.step()? < Step::Split {
        ledger.take(Step::Split, |db| {
            clean::clean(db, &packed)?;
            apart::mark(db, options)?;
            assign_splits::assign_splits(db, options)
        })?;
    }
    require_films(ledger, options)?;
    let folder = staging.dataset();
    let summary = write::write(ledger, &packed, &folder, options, sources)?;
    let page = folder.join("dataset.html");
    show::show(&ledger.db, &summary, &page, sources)?;
    ledger.take(Step::Written, |_| Ok(()))?;
    staging.deliver(&options.out)?;
    Ok(summary)
}

/// Says what an interrupted build was doing, as far as that may be what stopped it.
fn going_on(left: &[String]) -> String {
    let begun = "going on with a build that was interrupted";
    match left {
        [] => begun.to_owned(),
        names => format!(
            "{begun} while it read {}; if it stops there again, take them out of its input",
            names.join(" and ")
        ),
    }
}

fn require_films(ledger: &Ledger, options: &Options) -> Result<()> {
    let films: u64 = ledger.db.query_row(
        "SELECT COUNT(*) FROM film WHERE reason IS NULL",
        [],
        |row| row.get(0),
    )?;
    if films > 0 {
        return Ok(());
    }
    let example = ledger.db.query_row(
        "SELECT manifest, line, poster, reason || ': ' || detail FROM film ORDER BY row LIMIT 1",
        [],
        |row| {
            let (manifest, line, poster): (usize, u64, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let reason: String = row.get(3)?;
            let place = match options.manifests.get(manifest) {
                Some(manifest) => format!("{}, line {line}", manifest.display()),
                None => poster,
            };
            Ok(format!("; for example, {place}: {reason}"))
        },
    );
    let what = match (&options.manifests[..], &options.posters[..]) {
        ([], posters) => format!("no poster in {} is usable", shown(posters)),
        (lists, []) => format!(
            "no film in {} has a class and a usable poster",
            shown(lists)
        ),
        (lists, posters) => format!(
            "no film in {} has a class and a usable poster in {}",
            shown(lists),
            shown(posters)
        ),
    };
    Err(InputError(what + &example.unwrap_or_default()).into())
}

/// The paths of inputs, for an error.
fn shown(paths: &[PathBuf]) -> String {
    let paths = paths.iter().map(|path| path.display().to_string());
    paths.collect::<Vec<_>>().join(", ")
}
