//! Finds the films that other datasets train on, so that none of them judges a network here.

use anyhow::{Context, Result};
use rusqlite::Connection;

use super::ledger::keep;
use super::options::Options;
use crate::dataset::manifest::key;
use crate::dataset::split::Split;
use crate::dataset::{Dataset, Variant};

/// The films of the other dataset by what they can be recognised by.
const SEEN: &str = "
    CREATE TEMP TABLE seen (key TEXT NOT NULL, title TEXT NOT NULL, year TEXT NOT NULL);
    CREATE INDEX temp.seen_by_key ON seen (key);
    CREATE INDEX temp.seen_by_title ON seen (title, year)";

/// A film is the same if its id is, or its title and year are.
const MARK: &str = "
    UPDATE film SET elsewhere = 1
    WHERE id IN (SELECT id FROM spelling JOIN seen USING (key))
       OR (title <> '' AND year <> '' AND (lower(title), year) IN (SELECT title, year FROM seen))";

/// Refuses a folder of `options.apart_from` that is no dataset, before hours of work are done.
pub(super) fn check(options: &Options) -> Result<()> {
    let mut others = options.apart_from.iter();
    others.try_for_each(|folder| Dataset::open(folder).map(|_| ()))
}

/// Marks the films that the datasets of `options.apart_from` train on, or choose by. Nothing was fitted to the films
/// of their test splits.
///
/// A dataset that has neither an id nor titles in common cannot be compared: its content hash is not recorded.
pub(super) fn mark(db: &Connection, options: &Options) -> Result<()> {
    let mut compared = Vec::new();
    for folder in &options.apart_from {
        let other = Dataset::open(folder)?;
        db.execute_batch(SEEN)?;
        let entries = other.entries().iter();
        for film in entries.filter(|it| it.variant == Variant::Poster && it.split != Split::Test) {
            db.prepare_cached("INSERT INTO seen VALUES (?, lower(?), ?)")?
                .execute([&key(&film.id), &film.title, &film.year])?;
        }
        let found = db.execute(MARK, [])?;
        let titled = |table: &str| -> Result<bool> {
            let query =
                format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE title <> '' AND year <> '')");
            Ok(db.query_row(&query, [], |row| row.get(0))?)
        };
        let shown = folder.display();
        if found > 0 || (titled("film")? && titled("seen")?) {
            eprintln!(
                "{found} rows are of films that {shown} trains on; they are only trained on here, too"
            );
            compared.push(other.summary().hash.clone());
        } else {
            eprintln!(
                "no id is in {shown}, and without titles and years there is nothing else to compare: it may train on \
                 the same films"
            );
        }
        db.execute_batch("DROP TABLE seen")
            .context("cannot forget the other dataset")?;
    }
    keep(db, "apart from", &serde_json::to_string(&compared)?)
}
