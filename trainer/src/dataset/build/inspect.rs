//! Decodes every poster, and keeps a small picture of it and its hashes.

use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use marquee_models::network::{CHANNELS, Size};
use marquee_models::preprocess::{self, Rgb8};
use marquee_models::similar::DifferenceHash;
use marquee_predict::panics::caught;
use rayon::prelude::*;
use rusqlite::params;
use sha2::{Digest, Sha256};

use super::ledger::Ledger;
use super::options::Options;
use super::packed::{Packed, THUMBNAIL};
use super::reason::Reason;
use super::sources::Sources;
use super::under_way::UnderWay;
use crate::dataset::pixels::CHUNK;
use crate::progress;

/// In a picture without colours, red, green and blue of a pixel may differ by this many levels of 255:
/// a lossy format does not keep them equal.
const GRAY: u8 = 6;

/// A row whose poster is to be inspected.
struct Film {
    row: i64,
    manifest: usize,
    id: String,
    poster: String,
}

/// What is known of a poster that can be used.
struct Inspected {
    digest: [u8; 32],
    hash: DifferenceHash,
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// Inspects the posters that were not inspected yet, and appends their pixels to `packed`.
pub(super) fn inspect(
    ledger: &mut Ledger,
    packed: &Path,
    options: &Options,
    sources: &Sources,
    under_way: &UnderWay,
) -> Result<()> {
    let cannot_write = || format!("cannot write {}", packed.display());
    let count = "SELECT COUNT(*), COUNT(digest), COALESCE(MAX(place) + 1, 0)
                 FROM film WHERE reason IS NULL OR digest IS NOT NULL";
    let (all, seen, mut next): (u64, u64, u64) = ledger
        .db
        .query_row(count, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(packed)
        .with_context(cannot_write)?;
    // pixels that an interrupted build wrote, but did not record in the ledger, are written again
    let bytes = Packed::BYTES as u64;
    let written = file.metadata().with_context(cannot_write)?.len();
    ensure!(
        written >= next * bytes,
        "{} is too short; remove its folder and build again",
        packed.display()
    );
    file.set_len(next * bytes)
        .and_then(|()| file.seek(SeekFrom::End(0)))
        .with_context(cannot_write)?;

    let bar = progress::bar("building", all, "posters");
    bar.set_position(seen);
    let (mut id, mut row) = (String::new(), 0);
    loop {
        let chunk = following(ledger, &id, row, CHUNK)?;
        let Some(last) = chunk.last() else { break };
        (id, row) = (last.id.clone(), last.row);
        let inspected: Vec<_> = chunk
            .par_iter()
            .map(|film| {
                let inspected = || inspect_one(film, options, sources);
                under_way
                    .mark(&film.poster, || caught(inspected))
                    .unwrap_or_else(|detail| Err((Reason::Damaged, detail)))
            })
            .collect();

        let transaction = ledger.db.transaction()?;
        for (film, poster) in chunk.iter().zip(inspected) {
            match poster {
                Ok(poster) => {
                    file.write_all(&poster.pixels).with_context(cannot_write)?;
                    let [rows, columns] = poster.hash.bits();
                    transaction
                        .prepare_cached(
                            "UPDATE film SET digest = ?, rows = ?, columns = ?, width = ?,
                                             height = ?, place = ? WHERE row = ?",
                        )?
                        .execute(params![
                            poster.digest,
                            rows,
                            columns,
                            poster.width,
                            poster.height,
                            next,
                            film.row
                        ])?;
                    next += 1;
                }
                Err((reason, detail)) => {
                    transaction
                        .prepare_cached("UPDATE film SET reason = ?, detail = ? WHERE row = ?")?
                        .execute(params![reason.to_string(), detail, film.row])?;
                }
            }
        }
        // the pixels must be on disk before the ledger records them
        file.sync_data().with_context(cannot_write)?;
        transaction.commit()?;
        bar.inc(chunk.len() as u64);
    }
    bar.finish_and_clear();
    Ok(())
}

/// The next rows, sorted by id, whose posters were not inspected yet.
fn following(ledger: &Ledger, id: &str, row: i64, count: usize) -> Result<Vec<Film>> {
    let mut query = ledger.db.prepare_cached(
        "SELECT row, manifest, id, poster FROM film
         WHERE (id, row) > (?, ?) AND reason IS NULL AND digest IS NULL
         ORDER BY id, row LIMIT ?",
    )?;
    let films = query.query_map(params![id, row, count], |row| {
        Ok(Film {
            row: row.get(0)?,
            manifest: row.get(1)?,
            id: row.get(2)?,
            poster: row.get(3)?,
        })
    })?;
    Ok(films.collect::<Result<_, _>>()?)
}

fn inspect_one(
    film: &Film,
    options: &Options,
    sources: &Sources,
) -> Result<Inspected, (Reason, String)> {
    let bytes = sources.read(film.manifest, &film.poster)?;
    let decoded =
        preprocess::decode(&bytes).map_err(|error| (Reason::Damaged, error.to_string()))?;
    if !decoded.complete {
        let detail = "the file is cut off, a part of the picture is missing".to_owned();
        return Err((Reason::Damaged, detail));
    }
    let (picture, Size { width, height }) = (decoded.image, decoded.size);
    if width.min(height) < options.min_side {
        let detail = format!("{width}×{height} pixels");
        return Err((Reason::TooSmall, detail));
    }
    if !options.keep_gray && is_gray(&picture) {
        return Err((Reason::Gray, "it has no colours".to_owned()));
    }
    Ok(Inspected {
        digest: Sha256::digest(&bytes).into(),
        hash: DifferenceHash::of(&picture),
        width,
        height,
        pixels: picture.resize(THUMBNAIL).pixels,
    })
}

/// Whether red, green and blue are nearly equal everywhere. A file with three channels can be gray.
fn is_gray(picture: &Rgb8) -> bool {
    picture.pixels.chunks_exact(CHANNELS).all(|pixel| {
        let (low, high) = (pixel.iter().min(), pixel.iter().max());
        low.zip(high).is_none_or(|(low, high)| high - low <= GRAY)
    })
}
