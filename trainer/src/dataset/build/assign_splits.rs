//! Puts each film into a split, and decides which rotated copies are made.

use anyhow::Result;
use rusqlite::{Connection, params};

use super::options::Options;
use super::reason::Reason;
use crate::dataset::protocol::Protocol;
use crate::dataset::split::{Split, rank};
use crate::dataset::variant::ANGLES;

/// What stays together in one split: a group of films that look alike, or a single copy of a poster.
/// The row and the label are those of the group's first film.
const UNITS: &str = "
    CREATE TEMP TABLE unit (
        name TEXT NOT NULL, row INTEGER NOT NULL, angle INTEGER NOT NULL,
        label INTEGER NOT NULL, films INTEGER NOT NULL, rank BLOB NOT NULL,
        elsewhere INTEGER NOT NULL
    );
    CREATE INDEX film_by_group ON film (grp);
";

/// Splits each class in the same proportions, and adds copies if `options` ask for them.
pub(super) fn assign_splits(db: &Connection, options: &Options) -> Result<()> {
    db.execute_batch(UNITS)?;
    match options.protocol {
        Protocol::Honest => {
            if are_named(db)? {
                keep_named(db)?;
                db.execute(
                    "UPDATE film SET reason = ?, detail = 'the input names the ' || split || ' split'
                     WHERE reason IS NULL AND split <> ? AND grp IN (SELECT grp FROM film WHERE elsewhere)",
                    [Reason::Elsewhere.to_string(), Split::Train.to_string()],
                )?;
            } else {
                split_groups(db, options)?;
            }
            db.execute(
                "UPDATE film SET reason = ?, detail = 'its film is in the ' || split || ' split'
                 WHERE reason IS NULL AND design > 0 AND split <> ?",
                [Reason::Untrained.to_string(), Split::Train.to_string()],
            )?;
            if options.balance {
                copy_for_balance(db)?;
            }
        }
        Protocol::Student => split_copies(db, options)?,
    }
    db.execute_batch("DROP TABLE unit")?;
    Ok(())
}

/// Whether the input names the films' splits.
pub(super) fn are_named(db: &Connection) -> Result<bool> {
    let named = "SELECT EXISTS (SELECT 1 FROM film WHERE held > 0)";
    Ok(db.query_row(named, [], |row| row.get(0))?)
}

/// Keeps the splits that the input names. Of films that look alike in two splits, those stay that are held out for
/// longer: a test that others have measured by stays whole, and nothing in it was trained on.
fn keep_named(db: &Connection) -> Result<()> {
    db.execute_batch(
        "CREATE TEMP TABLE held (grp TEXT PRIMARY KEY, id TEXT, held INTEGER);
         -- with MAX, SQLite takes id from the row that has it
         INSERT INTO held SELECT grp, id, MAX(held) FROM film WHERE reason IS NULL GROUP BY grp;",
    )?;
    for split in Split::ALL {
        db.execute(
            "UPDATE film SET split = ? FROM held
             WHERE film.grp = held.grp AND held.held = ? AND film.reason IS NULL",
            params![split.to_string(), split.rank()],
        )?;
    }
    db.execute(
        "UPDATE film SET reason = ?, detail = 'it looks like ' || held.id || ', which is in the ' || split || ' split'
         FROM held, (SELECT id, MAX(held) AS held FROM film WHERE reason IS NULL GROUP BY id) AS own
         WHERE film.grp = held.grp AND film.id = own.id AND own.held NOT IN (0, held.held) AND film.reason IS NULL",
        [Reason::OtherSplit.to_string()],
    )?;
    db.execute(
        "UPDATE film SET reason = ?, detail = 'other films have one'
         FROM held WHERE film.grp = held.grp AND held.held = 0 AND film.reason IS NULL",
        [Reason::NoSplit.to_string()],
    )?;
    // the first film of a group may have been left out
    db.execute_batch(
        "UPDATE film SET grp = first.id
         FROM (SELECT grp, MIN(id) AS id FROM film WHERE reason IS NULL GROUP BY grp) AS first
         WHERE film.grp = first.grp AND film.reason IS NULL;
         DROP TABLE held;",
    )?;
    Ok(())
}

fn split_groups(db: &Connection, options: &Options) -> Result<()> {
    let mut query = db.prepare(
        "SELECT film.grp, first.row, first.label, COUNT(*), MAX(film.elsewhere)
         FROM film
         JOIN film AS first ON first.id = film.grp AND first.design = 0 AND first.reason IS NULL
         WHERE film.reason IS NULL AND film.design = 0 GROUP BY film.grp",
    )?;
    let mut groups = query.query([])?;
    while let Some(group) = groups.next()? {
        let name: String = group.get(0)?;
        let rank = rank(&name, options.seed);
        let (row, label, films): (i64, i64, i64) = (group.get(1)?, group.get(2)?, group.get(3)?);
        let elsewhere: bool = group.get(4)?;
        db.prepare_cached("INSERT INTO unit VALUES (?, ?, 0, ?, ?, ?, ?)")?
            .execute(params![name, row, label, films, rank, elsewhere])?;
    }
    allot(db, options, |name, _, _, split| {
        db.prepare_cached("UPDATE film SET split = ? WHERE grp = ?")?
            .execute([split.to_string().as_str(), name])?;
        Ok(())
    })
}

/// Splits posters and their copies one by one, so that copies of one poster can be in two splits.
fn split_copies(db: &Connection, options: &Options) -> Result<()> {
    let angles = angles_for_balance(db, None)?;
    let mut query =
        db.prepare("SELECT row, id, label FROM film WHERE reason IS NULL AND design = 0")?;
    let mut films = query.query([])?;
    while let Some(film) = films.next()? {
        let (row, id, label): (i64, String, usize) = (film.get(0)?, film.get(1)?, film.get(2)?);
        let copies = angles.iter().find(|(class, _)| *class == label);
        let copies = copies.map_or(&[][..], |(_, angles)| *angles);
        for angle in [0].iter().chain(copies) {
            let rank = rank(&format!("{id} {angle}"), options.seed);
            db.prepare_cached("INSERT INTO unit VALUES (?, ?, ?, ?, 1, ?, 0)")?
                .execute(params![id, row, angle, label, rank])?;
        }
    }
    allot(db, options, |_, row, angle, split| {
        let statement = match angle {
            0 => "UPDATE film SET split = ?3 WHERE row = ?1 AND ?2 = 0",
            _ => "INSERT INTO copy VALUES (?1, ?2, ?3)",
        };
        db.prepare_cached(statement)?
            .execute(params![row, angle, split.to_string()])?;
        Ok(())
    })
}

/// Goes through the units class by class, in the order of their rank, and calls `put` with the name,
/// row, angle and split of each. Those that another dataset trains on are all trained on.
fn allot(
    db: &Connection,
    options: &Options,
    mut put: impl FnMut(&str, i64, u16, Split) -> Result<()>,
) -> Result<()> {
    db.execute_batch("CREATE INDEX unit_by_rank ON unit (label, rank, name)")?;
    let mut query =
        db.prepare("SELECT label, SUM(films), SUM(films * elsewhere) FROM unit GROUP BY label")?;
    let classes: Vec<(i64, usize, usize)> = query
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    for (label, films, elsewhere) in classes {
        let mut allotment = options.split.unwrap_or_default().allot(films, elsewhere);
        let mut query = db.prepare(
            "SELECT name, row, angle, films, elsewhere FROM unit WHERE label = ? ORDER BY rank, name",
        )?;
        let mut units = query.query([label])?;
        while let Some(unit) = units.next()? {
            let name: String = unit.get(0)?;
            let split = match unit.get(4)? {
                true => Split::Train,
                false => allotment.next(unit.get(3)?),
            };
            put(&name, unit.get(1)?, unit.get(2)?, split)?;
        }
    }
    Ok(())
}

/// Adds rotated copies to the training split, so that each class comes near the largest one.
fn copy_for_balance(db: &Connection) -> Result<()> {
    let train = Split::Train.to_string();
    for (label, angles) in angles_for_balance(db, Some(Split::Train))? {
        for angle in angles {
            db.execute(
                "INSERT INTO copy SELECT row, ?, split FROM film
                 WHERE reason IS NULL AND label = ? AND design = 0 AND split = ?",
                params![angle, label, train],
            )?;
        }
    }
    Ok(())
}

/// The angles by which the posters of each class are rotated, so that the class comes near the largest
/// one. There are at most four. With a `split`, only its films are counted.
fn angles_for_balance(
    db: &Connection,
    split: Option<Split>,
) -> Result<Vec<(usize, &'static [u16])>> {
    let mut query = db.prepare(
        "SELECT label, COUNT(*) FROM film
         WHERE reason IS NULL AND design = 0 AND (?1 IS NULL OR split = ?1) GROUP BY label",
    )?;
    let classes: Vec<(usize, usize)> = query
        .query_map([split.map(|split| split.to_string())], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<Result<_, _>>()?;
    let largest = classes.iter().map(|(_, films)| *films).max().unwrap_or(0);
    let angles = classes.into_iter().map(|(label, films)| {
        // as many copies of each film as bring the class nearest to the largest one
        let copies = (largest * 2 + films) / (films * 2) - 1;
        (label, &ANGLES[..copies.min(ANGLES.len())])
    });
    Ok(angles.collect())
}
