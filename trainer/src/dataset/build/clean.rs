//! Leaves out pictures that say nothing about their film, and finds those that look alike.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Result;
use marquee_models::similar::{DifferenceHash, Groups, group};
use rusqlite::{Connection, params};

use super::packed::Packed;
use super::reason::Reason;

/// A file that this many films share is a placeholder, such as "no poster available". Fewer films may
/// be parts of a series, which are kept together instead.
const PLACEHOLDER: u32 = 4;

/// Leaves out placeholders and duplicates, and puts films that look alike into groups.
pub(super) fn clean(db: &Connection, packed: &Path) -> Result<()> {
    db.execute_batch("CREATE INDEX film_by_digest ON film (digest, id)")?;
    db.execute(
        "UPDATE film SET reason = ?, detail = 'the same file as ' || (same.films - 1) || ' others'
         FROM (SELECT digest, COUNT(DISTINCT id) AS films FROM film
               WHERE reason IS NULL GROUP BY digest HAVING films >= ?) AS same
         WHERE film.digest = same.digest AND reason IS NULL",
        params![Reason::Placeholder.to_string(), PLACEHOLDER],
    )?;
    db.execute(
        "UPDATE film SET reason = ?, detail = 'another row has the same film and poster'
         FROM (SELECT row, ROW_NUMBER() OVER (PARTITION BY id, digest ORDER BY held DESC, row) AS place
               FROM film WHERE reason IS NULL) AS copy
         WHERE film.row = copy.row AND copy.place > 1",
        [Reason::Duplicate.to_string()],
    )?;
    // the first usable design is the film's poster
    db.execute(
        "UPDATE film SET design = numbered.place
         FROM (SELECT row, ROW_NUMBER() OVER (PARTITION BY id ORDER BY held DESC, row) - 1 AS place
               FROM film WHERE reason IS NULL) AS numbered
         WHERE film.row = numbered.row",
        [],
    )?;
    find_groups(db, packed)
}

fn find_groups(db: &Connection, packed: &Path) -> Result<()> {
    // only these vectors grow with the number of posters, by a few bytes each
    let posters = db.query_row(
        "SELECT COUNT(*) FROM film WHERE reason IS NULL",
        [],
        |row| row.get(0),
    )?;
    let mut rows: Vec<u32> = Vec::with_capacity(posters);
    let mut places: Vec<u32> = Vec::with_capacity(posters);
    let mut hashes = Vec::with_capacity(posters);
    let mut groups = Groups::new(posters);
    let mut query = db.prepare(
        "SELECT row, rows, columns, place, design FROM film WHERE reason IS NULL
         ORDER BY id, design",
    )?;
    let mut found = query.query([])?;
    while let Some(row) = found.next()? {
        if row.get::<_, u32>(4)? > 0 {
            // the other designs of a film follow its poster
            groups.join(rows.len() - 1, rows.len());
        }
        rows.push(row.get(0)?);
        hashes.push(DifferenceHash::from_bits([row.get(1)?, row.get(2)?]));
        places.push(row.get(3)?);
    }
    join_same_files(db, &rows, &mut groups)?;
    let mut packed = Packed::open(packed)?;
    let (mut one, mut other) = (Vec::new(), Vec::new());
    group(&hashes, &mut groups, |a, b| -> Result<_> {
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

/// Puts films that share a file into one group. Their hashes are equal, but [`group`] compares only
/// some of the posters with equal hashes.
fn join_same_files(db: &Connection, rows: &[u32], groups: &mut Groups) -> Result<()> {
    let mut query = db.prepare(
        "SELECT row, digest FROM film WHERE reason IS NULL AND digest IN
         (SELECT digest FROM film WHERE reason IS NULL GROUP BY digest HAVING COUNT(*) > 1)
         ORDER BY digest, id, design",
    )?;
    let same: Vec<(u32, [u8; 32])> = query
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    if same.is_empty() {
        return Ok(());
    }
    let places: HashMap<u32, usize> = rows
        .iter()
        .enumerate()
        .map(|(place, row)| (*row, place))
        .collect();
    for pair in same.windows(2) {
        if pair[0].1 == pair[1].1 {
            groups.join(places[&pair[0].0], places[&pair[1].0]);
        }
    }
    Ok(())
}
