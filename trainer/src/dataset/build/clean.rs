//! Leaves out pictures that say nothing of their film, and finds those that look alike.

use std::path::Path;

use anyhow::Result;
use rusqlite::{Connection, params};

use super::Options;
use super::inspect::Packed;
use super::reason::Reason;
use super::similar::{Groups, Look, group};

/// So many films that share one file share a placeholder, "no poster available" or the like. Fewer
/// may be the parts of a series, which are kept together instead.
const PLACEHOLDER: u32 = 4;

/// Cleans what [`inspect`](super::inspect) found, and puts films that look alike into groups.
pub(super) fn clean(db: &Connection, packed: &Path, options: &Options) -> Result<()> {
    db.execute_batch("CREATE INDEX film_by_digest ON film (digest, id)")?;
    db.execute(
        "UPDATE film SET reason = ?, detail = 'the same file as ' || (same.films - 1) || ' others'
         FROM (SELECT digest, COUNT(DISTINCT id) AS films FROM film
               WHERE reason IS NULL GROUP BY digest HAVING films >= ?) AS same
         WHERE film.digest = same.digest AND reason IS NULL",
        params![Reason::Placeholder.to_string(), PLACEHOLDER],
    )?;
    db.execute(
        "UPDATE film SET reason = ?, detail = 'an earlier row has the same film and poster'
         FROM (SELECT row, ROW_NUMBER() OVER (PARTITION BY id, digest ORDER BY row) AS place
               FROM film WHERE reason IS NULL) AS copy
         WHERE film.row = copy.row AND copy.place > 1",
        [Reason::Duplicate.to_string()],
    )?;
    // the first sound design is the film's poster
    db.execute(
        "UPDATE film SET design = numbered.place
         FROM (SELECT row, ROW_NUMBER() OVER (PARTITION BY id ORDER BY row) - 1 AS place
               FROM film WHERE reason IS NULL) AS numbered
         WHERE film.row = numbered.row",
        [],
    )?;
    find_groups(db, packed, options)
}

fn find_groups(db: &Connection, packed: &Path, options: &Options) -> Result<()> {
    // all that grows with the number of posters, so in few bytes each
    let posters = db.query_row(
        "SELECT COUNT(*) FROM film WHERE reason IS NULL",
        [],
        |row| row.get(0),
    )?;
    let mut rows: Vec<u32> = Vec::with_capacity(posters);
    let mut places: Vec<u32> = Vec::with_capacity(posters);
    let mut looks = Vec::with_capacity(posters);
    let mut groups = Groups::new(posters);
    let mut query = db.prepare(
        "SELECT row, rows, columns, place, design FROM film WHERE reason IS NULL
         ORDER BY id, design",
    )?;
    let mut found = query.query([])?;
    while let Some(row) = found.next()? {
        if row.get::<_, u32>(4)? > 0 {
            // a film's designs follow its poster
            groups.join(rows.len() - 1, rows.len());
        }
        rows.push(row.get(0)?);
        looks.push(Look::from_bits([row.get(1)?, row.get(2)?]));
        places.push(row.get(3)?);
    }
    let mut packed = Packed::open(packed, options.size)?;
    let (mut one, mut other) = (Vec::new(), Vec::new());
    group(&looks, &mut groups, |a, b| -> Result<_> {
        packed.read(places[a].into(), &mut one)?;
        packed.read(places[b].into(), &mut other)?;
        let pairs = one.iter().zip(&other);
        let difference = pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        Ok((difference, one.len() as u64))
    })?;
    let mut update =
        db.prepare("UPDATE film SET grp = (SELECT id FROM film WHERE row = ?) WHERE row = ?")?;
    for poster in 0..rows.len() {
        update.execute(params![rows[groups.of(poster)], rows[poster]])?;
    }
    Ok(())
}
