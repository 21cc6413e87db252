//! Writes the dataset's files from the ledger.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use marquee_models::preprocess::{self, Rgb8};
use marquee_models::text::cell;
use marquee_predict::pictures::picture_extension;
use rayon::prelude::*;
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::assign_splits::are_named;
use super::input_error::InputError;
use super::ledger::Ledger;
use super::options::Options;
use super::packed::{Packed, THUMBNAIL};
use super::same_titles;
use super::sources::Sources;
use crate::dataset::entry::Entry;
use crate::dataset::manifest;
use crate::dataset::pixels::{PixelsWriter, file_name, kept};
use crate::dataset::split::Split;
use crate::dataset::statistics::{Statistics, Sums};
use crate::dataset::summary::{Cleaning, FORMAT, Summary};
use crate::dataset::variant::Variant;
use crate::files::{csv_writer, hex, write_whole};
use crate::progress;

/// How many posters are held in memory at once, as files that can be large.
const FILES: usize = 64;

/// A row to write.
struct Row {
    entry: Entry,
    manifest: usize,
    /// The poster's name in its source.
    source: String,
    digest: [u8; 32],
    place: u64,
}

/// All rows of the dataset in their order: each film's poster first, then its copies and other designs.
const ROWS: &str = "
    SELECT film.id, film.poster, film.title, film.year, film.genres, film.score, film.votes,
           film.label, film.manifest, film.digest, film.place, film.design, film.grp,
           COALESCE(copy.split, film.split), copy.angle
    FROM film LEFT JOIN (SELECT row, NULL AS angle, NULL AS split FROM film
                         UNION ALL SELECT row, angle, split FROM copy) AS copy USING (row)
    WHERE reason IS NULL ORDER BY film.id, film.design, copy.angle NULLS FIRST";

/// Writes all files of a dataset into `folder`.
pub(super) fn write(
    ledger: &Ledger,
    packed: &Path,
    folder: &Path,
    options: &Options,
    sources: &Sources,
) -> Result<Summary> {
    let cannot_write = || format!("cannot write to {}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(cannot_write)?;
    }
    fs::create_dir_all(folder.join("pixels")).with_context(cannot_write)?;
    let labels: Vec<String> = serde_json::from_str(&ledger.known("labels")?.unwrap_or_default())?;

    let mut files = Files::create(folder, options).with_context(cannot_write)?;
    let mut packed = Packed::open(packed)?;
    let rows: u64 = ledger.db.query_row(
        "SELECT (SELECT COUNT(*) FROM film WHERE reason IS NULL) + (SELECT COUNT(*) FROM copy)",
        [],
        |row| row.get(0),
    )?;
    let bar = progress::bar("writing", rows, "posters");
    let mut query = ledger.db.prepare(ROWS)?;
    let mut found = query.query([])?;
    loop {
        let mut chunk = Vec::with_capacity(FILES);
        while chunk.len() < FILES
            && let Some(row) = found.next()?
        {
            chunk.push(Row::read(row, &labels)?);
        }
        if chunk.is_empty() {
            break;
        }
        files.add(&chunk, &mut packed, options, sources)?;
        bar.inc(chunk.len() as u64);
    }
    bar.finish_and_clear();
    let (hash, statistics) = files.finish(options).with_context(cannot_write)?;
    write_rejected(&ledger.db, &folder.join("rejected.csv"), options)?;
    let (same_titles, apart) = same_titles::write(&ledger.db, &folder.join("same-titles.csv"))?;

    let summary = Summary {
        format: FORMAT,
        marquee: env!("CARGO_PKG_VERSION").to_owned(),
        hash,
        split: match are_named(&ledger.db)? {
            true => None,
            false => Some(options.split.unwrap_or_default()),
        },
        protocol: options.protocol,
        seed: options.seed,
        apart_from: serde_json::from_str(&ledger.known("apart from")?.unwrap_or("[]".to_owned()))?,
        counts: count_films(&ledger.db, &labels)?,
        cleaning: Cleaning {
            same_titles,
            same_titles_apart: apart,
            ..cleaning(ledger, &labels)?
        },
        labels,
        pixels: BTreeMap::from([(options.size.to_string(), statistics)]),
    };
    write_whole(
        &folder.join("dataset.json"),
        &serde_json::to_vec_pretty(&summary)?,
    )?;
    Ok(summary)
}

impl Row {
    /// Whether it is a rotated copy of another row's poster, and has no file of its own.
    fn is_copy(&self) -> bool {
        matches!(self.entry.variant, Variant::Rotated(_))
    }

    fn read(row: &rusqlite::Row, labels: &[String]) -> Result<Row> {
        let id: String = row.get(0)?;
        let source: String = row.get(1)?;
        let design: u32 = row.get(11)?;
        let group: String = row.get(12)?;
        let split: String = row.get(13)?;
        let variant = match row.get(14)? {
            Some(angle) => Variant::Rotated(angle),
            None if design > 0 => Variant::Alternate,
            None => Variant::Poster,
        };
        Ok(Row {
            entry: Entry {
                poster: poster_name(&id, design, &source),
                title: row.get(2)?,
                year: row.get(3)?,
                genres: row.get(4)?,
                label: labels[row.get::<_, usize>(7)?].clone(),
                score: row.get(5)?,
                votes: row.get(6)?,
                variant,
                group: if group == id { String::new() } else { group },
                split: split.parse().map_err(|error: String| anyhow!(error))?,
                id,
            },
            manifest: row.get(8)?,
            source,
            digest: row.get(9)?,
            place: row.get(10)?,
        })
    }
}

/// A file name without folders: the id, and the ending of `source`. Different ids and designs have
/// different names.
fn poster_name(id: &str, design: u32, source: &str) -> String {
    let mut name = String::new();
    for c in id.chars() {
        if c.is_alphanumeric() || "-_.".contains(c) {
            name.push(c);
        } else {
            name.push_str(&format!("~{:x}~", u32::from(c)));
        }
    }
    if design > 0 {
        name.push_str(&format!("~~{design}"));
    }
    let source = manifest::path(source);
    // every name needs an ending; otherwise the ids "a.jpg" and "a" could have the same name
    let extension = picture_extension(Path::new(source)).unwrap_or("picture");
    format!("{name}.{extension}")
}

/// The files that are written row by row.
struct Files {
    movies: csv::Writer<File>,
    tar: tar::Builder<BufWriter<File>>,
    pixels: PixelsWriter<BufWriter<File>>,
    sums: Sums,
    hash: Sha256,
}

impl Files {
    fn create(folder: &Path, options: &Options) -> Result<Files> {
        let tar = File::create(folder.join("posters.tar"))?;
        let pixels = File::create(folder.join(file_name(options.size)))?;
        Ok(Files {
            movies: csv::Writer::from_path(folder.join("movies.csv"))?,
            tar: tar::Builder::new(BufWriter::new(tar)),
            pixels: PixelsWriter::new(BufWriter::new(pixels), options.size),
            sums: Sums::default(),
            hash: Sha256::new(),
        })
    }

    fn add(
        &mut self,
        chunk: &[Row],
        packed: &mut Packed,
        options: &Options,
        sources: &Sources,
    ) -> Result<()> {
        // the small picture of a poster will do where the dataset is to have that size
        let read: Vec<_> = chunk
            .par_iter()
            .map(|row| {
                let gone = |(_, detail)| anyhow!("{}: {detail}", row.source);
                let bytes = sources.read(row.manifest, &row.source).map_err(gone)?;
                if Sha256::digest(&bytes)[..] != row.digest {
                    let changed =
                        format!("{} was changed during the build; start again", row.source);
                    return Err(InputError(changed).into());
                }
                let decoded = || -> Result<Rgb8> {
                    let picture = preprocess::decode(&bytes)?.image;
                    Ok(kept(row.entry.variant.apply(picture), options.size))
                };
                let inspected = !row.is_copy() && options.size == THUMBNAIL;
                let picture = (!inspected).then(decoded).transpose()?;
                Ok((bytes, picture))
            })
            .collect::<Result<_>>()?;
        for (row, (bytes, picture)) in chunk.iter().zip(read) {
            let picture = match picture {
                Some(picture) => picture,
                None => packed.picture(row.place)?,
            };
            if !row.is_copy() {
                let mut header = tar::Header::new_gnu();
                header.set_size(bytes.len() as u64);
                header.set_mode(0o644);
                self.tar
                    .append_data(&mut header, &row.entry.poster, &bytes[..])?;
            }
            let seen = self.pixels.add(&picture)?;
            if row.entry.split == Split::Train {
                self.sums.add(&seen);
            }
            for text in [
                &row.entry.id,
                &row.entry.label,
                &row.entry.split.to_string(),
                &row.entry.variant.to_string(),
            ] {
                self.hash.update(text);
                self.hash.update([0]);
            }
            self.hash.update(row.digest);
            self.movies.serialize(&row.entry)?;
        }
        Ok(())
    }

    fn finish(mut self, options: &Options) -> Result<(String, Statistics)> {
        self.movies.flush()?;
        self.tar.into_inner()?.flush()?;
        self.pixels.finish()?;
        let hash = hex(&self.hash.finalize());
        Ok((hash, self.sums.statistics(options.protocol)))
    }
}

fn write_rejected(db: &Connection, path: &Path, options: &Options) -> Result<()> {
    let mut writer = csv_writer(File::create(path)?);
    writer.write_record(["manifest", "line", "id", "poster", "reason", "detail"])?;
    let mut query = db.prepare(
        "SELECT manifest, line, id, poster, reason, detail FROM film WHERE reason IS NOT NULL
         ORDER BY manifest, line, id",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let source = options
            .manifests
            .get(row.get::<_, usize>(0)?)
            .and_then(|manifest| manifest.file_name())
            .map(|name| name.to_string_lossy());
        let line: u64 = row.get(1)?;
        let text = |column| {
            row.get::<_, Option<String>>(column)
                .map(Option::unwrap_or_default)
        };
        let texts = [2, 3, 4, 5]
            .map(text)
            .into_iter()
            .collect::<Result<Vec<_>, _>>()?;
        let name = [source.unwrap_or_default().into_owned(), line.to_string()];
        writer.write_record(
            name.iter()
                .chain(&texts)
                .map(|text| cell(text).into_owned()),
        )?;
    }
    writer
        .flush()
        .with_context(|| format!("cannot write {}", path.display()))
}

fn count_films(
    db: &Connection,
    labels: &[String],
) -> Result<BTreeMap<Split, BTreeMap<String, usize>>> {
    let mut counts: BTreeMap<Split, BTreeMap<String, usize>> = BTreeMap::new();
    let mut query = db.prepare(
        "SELECT split, label, COUNT(*) FROM film WHERE reason IS NULL AND design = 0
         GROUP BY split, label",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let split: String = row.get(0)?;
        let split = split.parse().map_err(|error: String| anyhow!(error))?;
        let label = labels[row.get::<_, usize>(1)?].clone();
        counts.entry(split).or_default().insert(label, row.get(2)?);
    }
    Ok(counts)
}

fn cleaning(ledger: &Ledger, labels: &[String]) -> Result<Cleaning> {
    let db = &ledger.db;
    let by_label = |sql: &str| -> Result<BTreeMap<String, usize>> {
        let mut query = db.prepare(sql)?;
        let rows = query.query_map([], |row| {
            Ok((labels[row.get::<_, usize>(0)?].clone(), row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    let mut rejected =
        db.prepare("SELECT reason, COUNT(*) FROM film WHERE reason IS NOT NULL GROUP BY reason")?;
    let rejected = rejected.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (groups, alike) = db.query_row(
        "SELECT COUNT(*), COALESCE(SUM(films), 0) FROM
         (SELECT COUNT(*) AS films FROM film WHERE reason IS NULL AND design = 0
          GROUP BY grp HAVING films > 1)",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(Cleaning {
        given: by_label(
            "SELECT label, COUNT(DISTINCT id) FROM film WHERE label IS NOT NULL GROUP BY label",
        )?,
        rejected: rejected.collect::<Result<_, _>>()?,
        alternates: db.query_row(
            "SELECT COUNT(*) FROM film WHERE reason IS NULL AND design > 0",
            [],
            |row| row.get(0),
        )?,
        rotated: by_label("SELECT label, COUNT(*) FROM copy JOIN film USING (row) GROUP BY label")?,
        groups,
        alike,
        same_titles: 0,
        same_titles_apart: 0,
        unknown_genres: serde_json::from_str(
            &ledger.known("unknown genres")?.unwrap_or("{}".to_owned()),
        )?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;
    use std::path::Component;

    #[test]
    fn every_design_of_every_film_has_a_file_of_its_own() {
        let ids = [
            "Alien!", "Alien?", "Alien_", "A/b_c", "A_b/c", "x", "x.jpg", "x~1",
        ];
        let names: HashSet<String> = ids
            .iter()
            .flat_map(|id| {
                [0, 1].map(|design| poster_name(id, design, "https://host/p.JPG?size=1"))
            })
            .collect();
        assert_eq!(names.len(), 2 * ids.len(), "{names:?}");
        assert!(
            names
                .iter()
                .all(|name| name.ends_with(".jpg") && !name.contains('/'))
        );
        assert_ne!(poster_name("x.jpg", 0, "p"), poster_name("x", 0, "p.jpg"));
    }

    proptest! {
        #[test]
        fn no_id_leads_out_of_a_folder(id in "[./\\\\a~:]{1,12}|\\PC{1,12}", source in "\\PC*") {
            let name = poster_name(&id, 0, &source);
            let parts: Vec<Component> = Path::new(&name).components().collect();
            prop_assert!(matches!(parts[..], [Component::Normal(_)]), "{name}");
            prop_assert!(!name.contains('\\'));
        }
    }
}
