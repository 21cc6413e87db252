//! Looks at every poster once: decodes it, and keeps its pixels, its hash and what it looks like.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use marquee_models::network::{CHANNELS, Size};
use marquee_models::preprocess::{self, Rgb8};
use rayon::prelude::*;
use rusqlite::params;
use sha2::{Digest, Sha256};

use super::ledger::Ledger;
use super::reason::Reason;
use super::similar::Look;
use super::{Options, Sources};
use crate::dataset::pixels::CHUNK;
use crate::progress;

/// Levels by which red, green and blue may differ in a picture without colours: what a lossy file
/// makes of equal ones.
const GRAY: u8 = 6;

/// A film whose poster is to be looked at.
struct Film {
    row: i64,
    manifest: usize,
    id: String,
    poster: String,
}

/// A poster that can be used.
struct Sound {
    digest: [u8; 32],
    look: Look,
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// Looks at the posters that were not looked at yet, and appends their pixels to `packed`.
pub(super) fn inspect(
    ledger: &mut Ledger,
    packed: &Path,
    options: &Options,
    sources: &Sources,
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
    // what an interrupted run wrote after its last entry in the ledger is written again
    let bytes = (options.size.pixels() * CHANNELS) as u64;
    let written = file.metadata().with_context(cannot_write)?.len();
    ensure!(
        written >= next * bytes,
        "{} is too short; remove its folder and start again",
        packed.display()
    );
    file.set_len(next * bytes)
        .and_then(|()| file.seek(SeekFrom::End(0)))
        .with_context(cannot_write)?;

    let bar = progress::bar("building", all as usize, "posters");
    bar.set_position(seen);
    let (mut id, mut row) = (String::new(), 0);
    loop {
        let chunk = following(ledger, &id, row, chunk_of(options.size))?;
        let Some(last) = chunk.last() else { break };
        (id, row) = (last.id.clone(), last.row);
        let looked: Vec<_> = chunk
            .par_iter()
            .map(|film| look_at(film, options, sources))
            .collect();

        let transaction = ledger.db.transaction()?;
        for (film, looked) in chunk.iter().zip(looked) {
            match looked {
                Ok(sound) => {
                    file.write_all(&sound.pixels).with_context(cannot_write)?;
                    let [rows, columns] = sound.look.bits();
                    transaction
                        .prepare_cached(
                            "UPDATE film SET digest = ?, rows = ?, columns = ?, width = ?,
                                             height = ?, place = ? WHERE row = ?",
                        )?
                        .execute(params![
                            sound.digest,
                            rows,
                            columns,
                            sound.width,
                            sound.height,
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
        // the pixels are on disk before the ledger says so
        file.sync_data().with_context(cannot_write)?;
        transaction.commit()?;
        bar.inc(chunk.len() as u64);
    }
    bar.finish_and_clear();
    Ok(())
}

/// How many posters' pixels are held at once: no more of them than fit in memory.
fn chunk_of(size: Size) -> usize {
    const MOST_BYTES: usize = 256 << 20;
    (MOST_BYTES / (size.pixels() * CHANNELS)).clamp(16, CHUNK)
}

/// The next films, sorted by id, that were not looked at yet.
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

fn look_at(film: &Film, options: &Options, sources: &Sources) -> Result<Sound, (Reason, String)> {
    let bytes = sources.read(film.manifest, &film.poster)?;
    let picture =
        preprocess::decode(&bytes).map_err(|error| (Reason::Damaged, error.to_string()))?;
    let (width, height) = (picture.width, picture.height);
    if width.min(height) < options.min_side {
        let detail = format!("{width}×{height} pixels");
        return Err((Reason::TooSmall, detail));
    }
    if !options.keep_gray && is_gray(&picture) {
        return Err((Reason::Gray, "it has no colours".to_owned()));
    }
    Ok(Sound {
        digest: Sha256::digest(&bytes).into(),
        look: Look::of(&picture),
        width,
        height,
        pixels: picture.resize(options.size).pixels,
    })
}

/// Whether red, green and blue are the same everywhere, whatever the file's format says.
fn is_gray(picture: &Rgb8) -> bool {
    picture.pixels.chunks_exact(CHANNELS).all(|pixel| {
        let (low, high) = (pixel.iter().min(), pixel.iter().max());
        low.zip(high).is_none_or(|(low, high)| high - low <= GRAY)
    })
}

/// Reads pixels that [`inspect`] packed, wherever they are.
pub(super) struct Packed {
    file: File,
    bytes: usize,
}

impl Packed {
    pub(super) fn open(path: &Path, size: Size) -> Result<Packed> {
        let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Packed {
            file,
            bytes: size.pixels() * CHANNELS,
        })
    }

    /// One poster's, into a buffer that is made to fit.
    pub(super) fn read(&mut self, place: u64, pixels: &mut Vec<u8>) -> Result<()> {
        pixels.resize(self.bytes, 0);
        self.file
            .seek(SeekFrom::Start(place * self.bytes as u64))
            .and_then(|_| self.file.read_exact(pixels))
            .context("cannot read the packed pixels back")
    }
}
