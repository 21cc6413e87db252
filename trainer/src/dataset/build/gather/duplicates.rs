use anyhow::Result;
use rusqlite::{Connection, params};

use super::super::options::Options;
use super::super::reason::Reason;

/// Leaves out films that are given under two ids, and without `alternates` further rows of an id. Of a film in two
/// splits, the row stays that is held out for longer: for a test before validation, for validation before training.
pub(super) fn reject(db: &Connection, options: &Options) -> Result<()> {
    let duplicate = Reason::Duplicate.to_string();
    let other_split = Reason::OtherSplit.to_string();
    db.execute_batch("CREATE INDEX film_by_tmdb_id ON film (tmdb_id, id)")?;
    db.execute(
        "UPDATE film SET reason = CASE WHEN film.held IN (0, first.held) THEN ?1 ELSE ?2 END,
                         detail = 'it has the tmdb_id of ' || first.id
         FROM (SELECT tmdb_id, id, held, ROW_NUMBER() OVER (PARTITION BY tmdb_id ORDER BY held DESC, id) AS place
               FROM film WHERE tmdb_id <> '' AND reason IS NULL) AS first
         WHERE film.tmdb_id = first.tmdb_id AND first.place = 1 AND film.id <> first.id AND reason IS NULL",
        [&duplicate, &other_split],
    )?;
    // rows with other designs of such a film may not name the tmdb_id
    db.execute(
        "UPDATE film SET reason = ?1, detail = 'its film has the tmdb_id of another'
         WHERE reason IS NULL AND id IN (SELECT id FROM film WHERE reason IN (?1, ?2))",
        [&duplicate, &other_split],
    )?;
    if !options.alternates {
        db.execute(
            "UPDATE film SET reason = CASE WHEN film.held IN (0, design.kept) THEN ?1 ELSE ?2 END,
                             detail = 'another row has the same id'
             FROM (SELECT row, ROW_NUMBER() OVER ids AS place, FIRST_VALUE(held) OVER ids AS kept
                   FROM film WHERE reason IS NULL
                   WINDOW ids AS (PARTITION BY id ORDER BY held DESC, row)) AS design
             WHERE film.row = design.row AND design.place > 1",
            params![duplicate, other_split],
        )?;
    }
    Ok(())
}
