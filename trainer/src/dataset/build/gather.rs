//! Reads the rows of manifests, or the folders of classes, into the ledger.

mod duplicates;
mod folders;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use marquee_models::file::MAX_CLASSES;
use rusqlite::{Connection, params};

use super::assign_splits::are_named;
use super::input_error::InputError;
use super::ledger::keep;
use super::options::Options;
use super::reason::Reason;
use super::sources::Sources;
use crate::dataset::manifest::{Film, Manifest, genres};
use crate::dataset::protocol::Protocol;
use crate::dataset::rule::{Rule, folded};
use crate::dataset::split::Split;

/// The class of a row as an index among the labels, or why it has none.
type Class = Result<usize, (Reason, String)>;

/// Reads all inputs, and finds the names of the classes.
pub(super) fn gather(db: &Connection, options: &Options, sources: &Sources) -> Result<()> {
    let labels = if options.manifests.is_empty() {
        folders::gather(db, options, sources)?
    } else {
        from_manifests(db, options)?
    };
    keep(db, "labels", &serde_json::to_string(&labels)?)?;
    if options.protocol == Protocol::Student && are_named(db)? {
        return Err(InputError(
            "the lists or folders name each film's split, but --protocol student splits copies by chance; name the \
             percentages with --split"
                .to_owned(),
        )
        .into());
    }
    duplicates::reject(db, options)
}

/// If more than one row in this many names genres or a class that the rule does not know, its classes would be
/// nonsense.
const MOST_UNKNOWN: usize = 10;

/// In this many rows, an unknown genre may be a slip.
const SLIPS: usize = 2;

/// The rows of manifests that have genres, and those of them with genres that the rule does not know.
#[derive(Default)]
struct Known {
    rows: usize,
    with_unknown: usize,
    /// How often each unknown genre is named.
    unknown: BTreeMap<String, usize>,
}

impl Known {
    fn count(&mut self, film: &Film, rule: &Rule) {
        let named: Vec<&str> = genres(&film.genres).map(|name| rule.genre(name)).collect();
        // a genre that nobody knows changes nothing where another one makes the class
        let decided = rule
            .claims
            .iter()
            .flat_map(|claim| &claim.genres)
            .any(|name| named.contains(&name.as_str()));
        let unknown: Vec<&str> = named
            .into_iter()
            .filter(|genre| !rule.knows(genre))
            .collect();
        self.rows += usize::from(!film.genres.is_empty());
        self.with_unknown += usize::from(!unknown.is_empty() && !decided);
        for genre in unknown {
            *self.unknown.entry(genre.to_owned()).or_default() += 1;
        }
    }

    /// Refuses lists whose genres the rule mostly cannot read: "anything else" is not what cannot be read.
    fn check(&self) -> Result<()> {
        const SHOWN: usize = 12;
        let mut names: Vec<_> = self.unknown.iter().collect();
        names.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let shown = names.iter().take(SHOWN);
        let mut shown: Vec<String> = shown
            .map(|(name, count)| format!("{name:?} ({count})"))
            .collect();
        if names.len() > SHOWN {
            shown.push(format!("and {} more", names.len() - SHOWN));
        }
        if self.with_unknown > SLIPS && self.with_unknown * MOST_UNKNOWN > self.rows {
            return Err(InputError(format!(
                "{} of {} films have genres that the rule does not know: {}. Give them a class or an alias in a \
                 rule of your own: `marquee build --print-rule` prints one to begin with, and --rule reads it",
                self.with_unknown,
                self.rows,
                shown.join(", ")
            ))
            .into());
        }
        Ok(())
    }
}

/// Reads the rows of manifests, and returns the classes: those of the rule, or those that the manifests name.
fn from_manifests(db: &Connection, options: &Options) -> Result<Vec<String>> {
    let mut known = Known::default();
    let of_files = of_paths(&options.manifests, options);
    for (place, (path, of_file)) in options.manifests.iter().zip(of_files).enumerate() {
        let mut manifest = Manifest::open(path, &options.columns)?;
        let unused = manifest.unused();
        if !unused.is_empty() {
            let (shown, unused) = (path.display(), unused.join(", "));
            eprintln!(
                "{shown}: these columns are not used: {unused} (--columns names those that are)"
            );
        }
        while let Some((line, row)) = manifest.next_row()? {
            match row {
                Ok(mut film) => {
                    let spelled = genres(&film.genres).map(|name| options.rule.spelled(name));
                    film.genres = spelled.collect::<Vec<_>>().join("|");
                    film.label = options.rule.label(&film.label).to_owned();
                    known.count(&film, &options.rule);
                    let class = class(&film, &options.rule);
                    let split = split(&film, options).map_err(|error| {
                        InputError(format!("{}, line {line}: {error}", path.display()))
                    })?;
                    insert(db, place, line, &film, split.or(of_file), class)?;
                }
                Err(detail) => {
                    let film = Film::default();
                    insert(
                        db,
                        place,
                        line,
                        &film,
                        None,
                        Err((Reason::Unreadable, detail)),
                    )?;
                }
            }
        }
    }
    if !options.rule_decides
        && let Some(labels) = own_classes(db, &options.rule)?
    {
        keep(db, "unknown genres", "{}")?;
        return Ok(labels);
    }
    known.check()?;
    keep(
        db,
        "unknown genres",
        &serde_json::to_string(&known.unknown)?,
    )?;
    Ok(options.rule.labels.clone())
}

/// If more than a tenth of the rows that name a class name none of the rule's, the rule does not apply: then the classes are what
/// the rows name, in alphabetical order, and each row has its own.
fn own_classes(db: &Connection, rule: &Rule) -> Result<Option<Vec<String>>> {
    let counts = named_classes(db)?;
    let named: usize = counts.iter().map(|(_, rows)| rows).sum();
    let foreign = counts
        .iter()
        .filter(|(label, _)| rule.index(label).is_none());
    let foreign: usize = foreign.map(|(_, rows)| rows).sum();
    if foreign * MOST_UNKNOWN <= named {
        return Ok(None);
    }
    let labels = one_spelling(db, counts)?;
    if !(2..=MAX_CLASSES).contains(&labels.len()) {
        let count = labels.len();
        return Err(InputError(format!(
            "the rows name {count} classes in their label column; there must be 2 to {MAX_CLASSES}"
        ))
        .into());
    }
    let no_class = Reason::NoClass.to_string();
    for (index, label) in labels.iter().enumerate() {
        db.execute(
            "UPDATE film SET label = ?, reason = NULL, detail = NULL
             WHERE named = ? AND poster <> '' AND (reason IS NULL OR reason = ?)",
            params![index, label, no_class],
        )?;
    }
    db.execute(
        "UPDATE film SET label = NULL, reason = ?1, detail = 'the row names no class'
         WHERE named = '' AND (reason IS NULL OR reason = ?1)",
        [no_class],
    )?;
    Ok(Some(labels))
}

/// The classes that rows name, each with the number of its rows, in alphabetical order.
fn named_classes(db: &Connection) -> Result<Vec<(String, usize)>> {
    let mut query = db.prepare(
        "SELECT named, COUNT(*) FROM film WHERE named <> '' GROUP BY named ORDER BY named",
    )?;
    let counts = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(counts.collect::<Result<_, _>>()?)
}

/// Gives classes that differ only in spaces and capital letters the spelling that most of their rows have, and returns
/// all in alphabetical order.
fn one_spelling(db: &Connection, counts: Vec<(String, usize)>) -> Result<Vec<String>> {
    let mut spellings: BTreeMap<String, Vec<(String, usize)>> = BTreeMap::new();
    for (label, rows) in counts {
        let same = spellings.entry(folded(&label)).or_default();
        same.push((label, rows));
    }
    let mut labels = Vec::with_capacity(spellings.len());
    for mut same in spellings.into_values() {
        // the first of those that are equally frequent
        same.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
        let mut same = same.into_iter().map(|(label, _)| label);
        let Some(usual) = same.next() else { continue };
        for other in same {
            db.execute(
                "UPDATE film SET named = ? WHERE named = ?",
                [&usual, &other],
            )?;
        }
        labels.push(usual);
    }
    labels.sort();
    Ok(labels)
}

fn class(film: &Film, rule: &Rule) -> Class {
    let genres: Vec<&str> = genres(&film.genres).collect();
    if let Some(class) = rule.class(&genres) {
        return Ok(class);
    }
    let missing = |detail: String| (Reason::NoClass, detail);
    match film.label.as_str() {
        "" if genres.is_empty() => Err(missing(
            "the row names neither genres nor a class".to_owned(),
        )),
        "" => Err(missing(format!(
            "no claim of the rule names {}",
            film.genres
        ))),
        label => rule
            .index(label)
            .ok_or_else(|| missing(format!("{label:?} is not one of the classes"))),
    }
}

/// The split that a row names, unless `options` ask for another.
fn split(film: &Film, options: &Options) -> Result<Option<Split>, String> {
    if film.split.is_empty() || options.split.is_some() {
        return Ok(None);
    }
    let known = Split::named(&film.split).map(Some);
    known.ok_or_else(|| {
        format!(
            "the split {:?} is none of train, validation and test; correct it, or name percentages with --split to \
             split the films anew",
            film.split
        )
    })
}

/// The split that the name of each file or folder says, such as `train.csv`, if all of them say one, and not all
/// the same.
fn of_paths(paths: &[PathBuf], options: &Options) -> Vec<Option<Split>> {
    let splits: Vec<Option<Split>> = paths.iter().map(|path| Split::of_path(path)).collect();
    let several = splits.iter().all(Option::is_some)
        && splits.contains(&Some(Split::Train))
        && splits.iter().any(|split| *split != Some(Split::Train));
    match several && options.split.is_none() {
        true => splits,
        false => vec![None; paths.len()],
    }
}

fn insert(
    db: &Connection,
    manifest: usize,
    line: u64,
    film: &Film,
    split: Option<Split>,
    class: Class,
) -> Result<()> {
    let (label, rejected) = match class {
        Ok(class) if film.poster.is_empty() => {
            let detail = "the row names no poster".to_owned();
            (Some(class), Some((Reason::NoPoster, detail)))
        }
        Ok(class) => (Some(class), None),
        Err(rejected) => (None, Some(rejected)),
    };
    let (reason, detail) = rejected.unzip();
    let reason = reason.map(|reason| reason.to_string());
    db.prepare_cached("INSERT OR IGNORE INTO spelling (key, id) VALUES (?, ?)")?
        .execute([&film.key, &film.id])?;
    db.prepare_cached(
        "INSERT INTO film (manifest, line, id, poster, title, year, genres, score, votes, tmdb_id,
                           label, named, held, reason, detail)
         VALUES (?, ?, (SELECT id FROM spelling WHERE key = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        manifest,
        line,
        film.key,
        film.poster,
        film.title,
        film.year,
        film.genres,
        film.score,
        film.votes,
        film.tmdb_id,
        label,
        film.label,
        split.map_or(0, Split::rank),
        reason,
        detail,
    ])?;
    Ok(())
}
