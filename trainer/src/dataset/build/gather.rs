//! Reads the rows of manifests, or the folders of classes, into the ledger.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use marquee_models::file::MAX_CLASSES;
use rusqlite::{Connection, params};

use super::input_error::InputError;
use super::ledger::keep;
use super::options::Options;
use super::reason::Reason;
use super::sources::Sources;
use crate::dataset::manifest::{Film, Manifest, genres, whole};
use crate::dataset::rule::Rule;

/// The class of a row as an index among the labels, or why it has none.
type Class = Result<usize, (Reason, String)>;

/// Reads all inputs, and finds the names of the classes.
pub(super) fn gather(db: &Connection, options: &Options, sources: &Sources) -> Result<()> {
    let labels = if options.manifests.is_empty() {
        from_folders(db, options, sources)?
    } else {
        from_manifests(db, options)?
    };
    keep(db, "labels", &serde_json::to_string(&labels)?)?;
    reject_duplicates(db, options)
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
    for (place, path) in options.manifests.iter().enumerate() {
        let mut manifest = Manifest::open(path, &options.columns)?;
        while let Some((line, row)) = manifest.next_row()? {
            match row {
                Ok(mut film) => {
                    let spelled = genres(&film.genres).map(|name| options.rule.spelled(name));
                    film.genres = spelled.collect::<Vec<_>>().join("|");
                    known.count(&film, &options.rule);
                    let class = class(&film, &options.rule);
                    insert(db, place, line, &film, class)?;
                }
                Err(detail) => {
                    let film = Film::default();
                    insert(db, place, line, &film, Err((Reason::Unreadable, detail)))?;
                }
            }
        }
    }
    if let Some(labels) = own_classes(db, &options.rule)? {
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
    let mut query = db.prepare(
        "SELECT named, COUNT(*) FROM film WHERE named <> '' GROUP BY named ORDER BY named",
    )?;
    let counts = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let counts = counts.collect::<Result<Vec<(String, usize)>, _>>()?;
    let named: usize = counts.iter().map(|(_, rows)| rows).sum();
    let foreign = counts
        .iter()
        .filter(|(label, _)| rule.index(label).is_none());
    let foreign: usize = foreign.map(|(_, rows)| rows).sum();
    if foreign * MOST_UNKNOWN <= named {
        return Ok(None);
    }
    let labels: Vec<String> = counts.into_iter().map(|(label, _)| label).collect();
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
        "UPDATE film SET label = NULL, reason = ?, detail = 'the row names no class'
         WHERE named = '' AND reason IS NULL",
        [no_class],
    )?;
    Ok(Some(labels))
}

fn class(film: &Film, rule: &Rule) -> Class {
    let genres: Vec<&str> = genres(&film.genres).collect();
    if let Some(class) = rule.class(&genres) {
        return Ok(class);
    }
    let missing = |detail: String| (Reason::NoClass, detail);
    match film.label.as_str() {
        "" if genres.is_empty() => Err(missing("the film has no genres".to_owned())),
        "" => Err(missing(format!(
            "no claim of the rule names {}",
            film.genres
        ))),
        label => rule
            .index(label)
            .ok_or_else(|| missing(format!("{label:?} is not one of the classes"))),
    }
}

/// Reads pictures that lie in folders of their class, and returns the classes: those of the rule if
/// it has all of them, otherwise the names of the folders.
fn from_folders(db: &Connection, options: &Options, sources: &Sources) -> Result<Vec<String>> {
    let mut found = BTreeSet::new();
    for posters in &sources.posters {
        let mut note = |class: &str| {
            if !found.contains(class) {
                found.insert(class.to_owned());
            }
        };
        posters.by_class(|class, _| note(class), |_, _| ())?;
    }
    ensure!(
        (2..=MAX_CLASSES).contains(&found.len()),
        "without a --manifest, each poster must lie in a folder of its class, such as \
         Horror/alien.jpg, and there must be 2 to {MAX_CLASSES} classes; {} has {}",
        options
            .posters
            .first()
            .map_or(String::new(), |posters| posters.display().to_string()),
        found.len()
    );
    let labels: Vec<String> = if found
        .iter()
        .all(|class| options.rule.index(class).is_some())
    {
        options.rule.labels.clone()
    } else {
        found.into_iter().collect()
    };
    for (place, posters) in sources.posters.iter().enumerate() {
        let problem = RefCell::new(Ok(()));
        let add = |name: &str, label: &str, class: Class| {
            let film = Film {
                id: name.to_owned(),
                key: name.to_owned(),
                poster: name.to_owned(),
                label: label.to_owned(),
                ..Film::default()
            };
            let mut problem = problem.borrow_mut();
            if problem.is_ok() {
                *problem = insert(db, place, 0, &film, class);
            }
        };
        posters.by_class(
            |label, name| {
                let class = labels.iter().position(|known| known == label);
                add(name, label, class.ok_or((Reason::NoClass, String::new())));
            },
            |name, reason| add(name, "", Err((Reason::NotUsed, reason.to_owned()))),
        )?;
        problem.into_inner()?;
    }
    Ok(labels)
}

fn insert(db: &Connection, manifest: usize, line: u64, film: &Film, class: Class) -> Result<()> {
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
                           label, named, reason, detail)
         VALUES (?, ?, (SELECT id FROM spelling WHERE key = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        manifest,
        line,
        film.key,
        film.poster,
        film.title,
        whole(&film.year),
        film.genres,
        film.score,
        film.votes,
        whole(&film.tmdb_id),
        label,
        film.label,
        reason,
        detail,
    ])?;
    Ok(())
}

/// Leaves out films that are given under two ids, and without `alternates` further rows of an id.
fn reject_duplicates(db: &Connection, options: &Options) -> Result<()> {
    let duplicate = Reason::Duplicate.to_string();
    db.execute_batch("CREATE INDEX film_by_tmdb_id ON film (tmdb_id, id)")?;
    db.execute(
        "UPDATE film SET reason = ?, detail = 'it has the tmdb_id of ' || first.id
         FROM (SELECT tmdb_id, MIN(id) AS id FROM film
               WHERE tmdb_id <> '' AND reason IS NULL GROUP BY tmdb_id) AS first
         WHERE film.tmdb_id = first.tmdb_id AND film.id <> first.id AND reason IS NULL",
        [&duplicate],
    )?;
    // rows with other designs of such a film may not name the tmdb_id
    db.execute(
        "UPDATE film SET reason = ?1, detail = 'its film has the tmdb_id of another'
         WHERE reason IS NULL AND id IN (SELECT id FROM film WHERE reason = ?1)",
        [&duplicate],
    )?;
    if !options.alternates {
        db.execute(
            "UPDATE film SET reason = ?, detail = 'an earlier row has the same id'
             FROM (SELECT row, ROW_NUMBER() OVER (PARTITION BY id ORDER BY row) AS place
                   FROM film WHERE reason IS NULL) AS design
             WHERE film.row = design.row AND design.place > 1",
            [&duplicate],
        )?;
    }
    Ok(())
}
