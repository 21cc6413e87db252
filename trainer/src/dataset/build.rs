use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use marquee_models::genre::Class;
use marquee_models::network::{CHANNELS, Size};
use marquee_models::preprocess;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::pixels::{CHUNK, Statistics, Sums, file_name};
use super::{Entry, FORMAT, Fractions, Split, Summary, write_whole};
use crate::manifest::{self, Film, Rejected};
use crate::posters::Posters;
use crate::progress;

/// Pixels on a poster's shorter side, below which it is left out.
const MIN_SIDE: usize = 32;

/// What to build a dataset from, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The films: a CSV file.
    pub manifest: PathBuf,
    /// Their posters: a folder or a tar.
    pub posters: PathBuf,
    /// The folder to make.
    pub out: PathBuf,
    /// Shares of the splits.
    pub split: Fractions,
    /// Which films go where.
    pub seed: u64,
    /// What the posters are resized to right away; other sizes are made when they are needed.
    pub size: Size,
    /// Replace `out` where it is there already.
    pub force: bool,
}

/// A film that is in the dataset.
struct Kept {
    film: Film,
    class: Class,
    /// SHA-256 of its poster's file.
    digest: [u8; 32],
    split: Split,
}

/// Builds a dataset. Nothing is at `options.out` until all of it is.
///
/// # Errors
///
/// Where a file cannot be read or written, `out` is there already, or no film is left.
pub fn build(options: &Options) -> Result<Summary> {
    let out = options.out.display();
    if options.out.exists() {
        if !options.force {
            bail!("{out} is there already; name another --out, or replace it with --force");
        }
        ensure!(
            options.out.join("dataset.json").is_file(),
            "{out} is no dataset, so --force does not replace it; name another --out"
        );
    }
    let posters = Posters::open(&options.posters)?;
    let (films, mut rejected) = choose(manifest::read(&options.manifest)?);

    let parent = match options.out.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    let stage = tempfile::Builder::new()
        .prefix(".marquee-build-")
        .tempdir_in(parent)
        .with_context(|| format!("cannot write to {}", parent.display()))?;

    let mut kept = store(stage.path(), &posters, films, options.size, &mut rejected)
        .with_context(|| format!("cannot write to {}", stage.path().display()))?;
    if kept.is_empty() {
        bail!(
            "not one film in {} has a class and a poster in {}{}",
            options.manifest.display(),
            options.posters.display(),
            rejected.first().map_or(String::new(), |row| {
                format!("; line {}, for one: {}", row.line, row.reason)
            })
        );
    }
    assign_splits(&mut kept, options);
    write_movies(&stage.path().join("movies.csv"), &kept)?;
    rejected.sort_by_key(|row| row.line);
    write_rejected(&stage.path().join("rejected.csv"), &rejected)?;

    let statistics = statistics(
        &stage.path().join(file_name(options.size)),
        &kept,
        options.size,
    )?;
    let summary = Summary {
        format: FORMAT,
        marquee: env!("CARGO_PKG_VERSION").to_owned(),
        hash: content_hash(&kept),
        labels: Class::ALL.map(|class| class.label().to_owned()).to_vec(),
        split: options.split,
        seed: options.seed,
        counts: count_films(&kept),
        rejected: count_reasons(&rejected),
        pixels: BTreeMap::from([(options.size.to_string(), statistics)]),
    };
    let json = serde_json::to_vec_pretty(&summary)?;
    write_whole(&stage.path().join("dataset.json"), &json)?;

    if options.out.exists() {
        fs::remove_dir_all(&options.out).with_context(|| format!("cannot replace {out}"))?;
    }
    fs::rename(stage.keep(), &options.out).with_context(|| format!("cannot write {out}"))?;
    Ok(summary)
}

/// Films with a class and an id of their own, sorted by id; the others are rejected.
fn choose(rows: Vec<(u64, manifest::Row)>) -> (Vec<(u64, Film, Class)>, Vec<Rejected>) {
    let (mut films, mut rejected) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for (line, row) in rows {
        let film = match row {
            Ok(film) => film,
            Err(reason) => {
                rejected.push(reason);
                continue;
            }
        };
        if !seen.insert(film.id.clone()) {
            rejected.push(reject(
                line,
                &film,
                "an earlier row has the same id".to_owned(),
            ));
            continue;
        }
        match film.class() {
            Ok(class) => films.push((line, film, class)),
            Err(reason) => rejected.push(reject(line, &film, reason)),
        }
    }
    films.sort_by(|(_, a, _), (_, b, _)| a.id.cmp(&b.id));
    (films, rejected)
}

fn reject(line: u64, film: &Film, reason: String) -> Rejected {
    Rejected {
        line,
        id: film.id.clone(),
        poster: film.poster.clone(),
        reason,
    }
}

/// Decodes every poster once; what is sound goes to `posters.tar` and the packed pixels.
fn store(
    stage: &Path,
    posters: &Posters,
    films: Vec<(u64, Film, Class)>,
    size: Size,
    rejected: &mut Vec<Rejected>,
) -> Result<Vec<Kept>> {
    let mut tar = tar::Builder::new(BufWriter::new(File::create(stage.join("posters.tar"))?));
    let packed = stage.join(file_name(size));
    if let Some(folder) = packed.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut packed = BufWriter::new(File::create(packed)?);
    let bar = progress::bar("building", films.len(), "posters");
    let mut kept = Vec::new();
    for chunk in films.chunks(CHUNK) {
        let inspected: Vec<_> = chunk
            .par_iter()
            .map(|(_, film, _)| inspect(posters, film, size))
            .collect();
        for ((line, film, class), inspected) in chunk.iter().zip(inspected) {
            let (bytes, pixels) = match inspected {
                Ok(sound) => sound,
                Err(reason) => {
                    rejected.push(reject(*line, film, reason));
                    continue;
                }
            };
            let mut film = film.clone();
            film.poster = poster_name(&film);
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            tar.append_data(&mut header, &film.poster, &bytes[..])?;
            packed.write_all(&pixels)?;
            kept.push(Kept {
                film,
                class: *class,
                digest: Sha256::digest(&bytes).into(),
                split: Split::Train,
            });
        }
        bar.inc(chunk.len() as u64);
    }
    tar.into_inner()?.flush()?;
    packed.flush()?;
    bar.finish_and_clear();
    Ok(kept)
}

/// A poster's file and its pixels at `size`, or the reason, in words, why it is left out.
fn inspect(posters: &Posters, film: &Film, size: Size) -> Result<(Vec<u8>, Vec<u8>), String> {
    let bytes = posters.read(&film.poster)?;
    let picture = preprocess::decode(&bytes).map_err(|error| error.to_string())?;
    if picture.width.min(picture.height) < MIN_SIDE {
        return Err(format!("the poster is smaller than {MIN_SIDE} pixels"));
    }
    Ok((bytes, picture.resize(size).pixels))
}

/// The id with the given file's ending: unique, and without folders.
fn poster_name(film: &Film) -> String {
    let plain = |c: char| {
        if c.is_alphanumeric() || "-_.".contains(c) {
            c
        } else {
            '_'
        }
    };
    let id: String = film.id.chars().map(plain).collect();
    match Path::new(&film.poster)
        .extension()
        .and_then(|extension| extension.to_str())
    {
        Some(extension) => format!("{id}.{}", extension.to_lowercase()),
        None => id,
    }
}

/// Splits the films of each class in the same proportions.
fn assign_splits(kept: &mut [Kept], options: &Options) {
    for class in Class::ALL {
        let films: Vec<usize> = (0..kept.len())
            .filter(|&film| kept[film].class == class)
            .collect();
        let ids: Vec<&str> = films
            .iter()
            .map(|&film| kept[film].film.id.as_str())
            .collect();
        let splits = options.split.assign(&ids, options.seed);
        for (film, split) in films.into_iter().zip(splits) {
            kept[film].split = split;
        }
    }
}

fn statistics(packed: &Path, kept: &[Kept], size: Size) -> Result<Statistics> {
    let mut sums = Sums::default();
    let mut file = BufReader::new(
        File::open(packed).with_context(|| format!("cannot read {}", packed.display()))?,
    );
    let mut pixels = vec![0; size.pixels() * CHANNELS];
    for film in kept {
        file.read_exact(&mut pixels)
            .with_context(|| format!("cannot read {}", packed.display()))?;
        if film.split == Split::Train {
            sums.add(&pixels);
        }
    }
    Ok(sums.statistics())
}

fn content_hash(kept: &[Kept]) -> String {
    let mut hash = Sha256::new();
    for film in kept {
        for text in [
            film.film.id.as_str(),
            film.class.label(),
            &film.split.to_string(),
        ] {
            hash.update(text);
            hash.update([0]);
        }
        hash.update(film.digest);
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn count_films(kept: &[Kept]) -> BTreeMap<Split, BTreeMap<String, usize>> {
    let mut counts: BTreeMap<Split, BTreeMap<String, usize>> = BTreeMap::new();
    for film in kept {
        let split = counts.entry(film.split).or_default();
        *split.entry(film.class.label().to_owned()).or_default() += 1;
    }
    counts
}

fn count_reasons(rejected: &[Rejected]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for row in rejected {
        *counts.entry(row.reason.clone()).or_default() += 1;
    }
    counts
}

fn write_movies(path: &Path, kept: &[Kept]) -> Result<()> {
    let mut writer = csv::Writer::from_path(path)?;
    for Kept {
        film, class, split, ..
    } in kept
    {
        let film = film.clone();
        writer.serialize(Entry {
            id: film.id,
            poster: film.poster,
            title: film.title,
            year: film.year,
            genres: film.genres,
            label: class.label().to_owned(),
            score: film.score,
            votes: film.votes,
            split: *split,
        })?;
    }
    writer
        .flush()
        .with_context(|| format!("cannot write {}", path.display()))
}

fn write_rejected(path: &Path, rejected: &[Rejected]) -> Result<()> {
    let mut writer = csv::WriterBuilder::new()
        .has_headers(false)
        .from_path(path)?;
    writer.write_record(["line", "id", "poster", "reason"])?;
    for row in rejected {
        writer.serialize(row)?;
    }
    writer
        .flush()
        .with_context(|| format!("cannot write {}", path.display()))
}
