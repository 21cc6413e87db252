//! Finds films that may be one: with the same title, and years that differ by one at most. Lists disagree on a film's
//! year by one where it was shown at a festival first.

use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result};
use marquee_models::text::cell;
use rusqlite::{Connection, params};

use crate::dataset::manifest::title_key;
use crate::files::csv_writer;

/// The pairs of such films, each once.
const PAIRS: &str = "
    SELECT one.title, one.id, one.year, one.split, other.title, other.id, other.year, other.split
    FROM titled AS one JOIN titled AS other
      ON one.key = other.key AND one.id < other.id AND ABS(one.number - other.number) <= 1
    ORDER BY one.id, other.id";

/// Writes the pairs of films, and returns how many they are, and how many of them are in two splits.
pub(super) fn write(db: &Connection, path: &Path) -> Result<(usize, usize)> {
    db.execute_batch(
        "CREATE TEMP TABLE titled (key TEXT, number INTEGER, title TEXT, id TEXT, year TEXT, split TEXT);",
    )?;
    let mut query = db.prepare(
        "SELECT title, id, year, split, CAST(year AS INTEGER) FROM film
         WHERE reason IS NULL AND design = 0 AND title <> '' AND CAST(year AS INTEGER) > 0",
    )?;
    let mut films = query.query([])?;
    while let Some(film) = films.next()? {
        let title: String = film.get(0)?;
        let (id, year, split): (String, String, String) =
            (film.get(1)?, film.get(2)?, film.get(3)?);
        let number: i64 = film.get(4)?;
        db.prepare_cached("INSERT INTO titled VALUES (?, ?, ?, ?, ?, ?)")?
            .execute(params![title_key(&title), number, title, id, year, split])?;
    }
    db.execute_batch("CREATE INDEX titled_by_key ON titled (key, number)")?;

    let cannot_write = || format!("cannot write {}", path.display());
    let mut writer = csv_writer(File::create(path).with_context(cannot_write)?);
    let names = ["title", "id", "year", "split"];
    let others = names.map(|name| format!("other_{name}"));
    writer.write_record(names.into_iter().chain(others.iter().map(String::as_str)))?;
    let mut query = db.prepare(PAIRS)?;
    let mut pairs = query.query([])?;
    let (mut count, mut apart) = (0, 0);
    while let Some(pair) = pairs.next()? {
        let cells: Vec<String> = (0..8).map(|at| pair.get(at)).collect::<Result<_, _>>()?;
        count += 1;
        apart += usize::from(cells[3] != cells[7]);
        writer.write_record(cells.iter().map(|text| cell(text).into_owned()))?;
    }
    writer.flush().with_context(cannot_write)?;
    db.execute_batch("DROP TABLE titled")?;
    Ok((count, apart))
}
