//! Reads the rows of manifests, or the folders of classes, into the ledger.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use marquee_models::file::MAX_CLASSES;
use rusqlite::{Connection, params};

use super::ledger::keep;
use super::options::Options;
use super::reason::Reason;
use super::sources::Sources;
use crate::dataset::manifest::{Film, Manifest, genres};
use crate::dataset::rule::Rule;

/// The class of a row as an index among the labels, or why it has none.
type Class = Result<usize, (Reason, String)>;

/// Reads all inputs, and finds the names of the classes.
pub(super) fn gather(db: &Connection, options: &Options, sources: &Sources) -> Result<()> {
    let labels = if options.manifests.is_empty() {
        from_folders(db, options, sources)?
    } else {
        from_manifests(db, options)?;
        options.rule.labels.clone()
    };
    keep(db, "labels", &serde_json::to_string(&labels)?)?;
    reject_duplicates(db, options)
}

fn from_manifests(db: &Connection, options: &Options) -> Result<()> {
    let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
    for (place, path) in options.manifests.iter().enumerate() {
        let mut manifest = Manifest::open(path, &options.columns)?;
        while let Some((line, row)) = manifest.next_row()? {
            match row {
                Ok(film) => {
                    for genre in genres(&film.genres).map(|name| options.rule.genre(name)) {
                        if !options.rule.knows(genre) {
                            *unknown.entry(genre.to_owned()).or_default() += 1;
                        }
                    }
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
    keep(db, "unknown genres", &serde_json::to_string(&unknown)?)
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
        posters.by_class(|class, _| {
            if !found.contains(class) {
                found.insert(class.to_owned());
            }
        })?;
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
        let mut problem = Ok(());
        posters.by_class(|class, name| {
            let film = Film {
                id: name.to_owned(),
                poster: name.to_owned(),
                label: class.to_owned(),
                ..Film::default()
            };
            let class = labels.iter().position(|label| label == class);
            if problem.is_ok() {
                let class = class.ok_or((Reason::NoClass, String::new()));
                problem = insert(db, place, 0, &film, class);
            }
        })?;
        problem?;
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
    db.prepare_cached(
        "INSERT INTO film (manifest, line, id, poster, title, year, genres, score, votes, tmdb_id,
                           label, reason, detail)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        manifest,
        line,
        film.id,
        film.poster,
        film.title,
        whole(&film.year),
        film.genres,
        film.score,
        film.votes,
        whole(&film.tmdb_id),
        label,
        reason,
        detail,
    ])?;
    Ok(())
}

/// Removes the end of a whole number such as `1999.0`, as spreadsheets and data frames write it.
fn whole(number: &str) -> &str {
    number.strip_suffix(".0").unwrap_or(number)
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
