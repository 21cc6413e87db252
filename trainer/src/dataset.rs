//! A dataset on disk, ready to train on.
//!
//! | file of a dataset | contents |
//! |---|---|
//! | `dataset.json` | counts, split, content hash: [`Summary`] |
//! | `movies.csv` | one row for each poster, sorted by the film's id, with class and split: [`Entry`] |
//! | `posters.tar` | the posters as they were given |
//! | `pixels/32x32.posters` | the posters decoded and shrunk, in the order of the rows: [`Pixels`] |
//! | `rejected.csv` | the rows that were left out, and why |
//! | `same-titles.csv` | pairs of films that may be one: the same title within a year |
//! | `dataset.html` | a page that shows all of this: [`Overview`] |
//!
//! | module | contents |
//! |---|---|
//! | [`manifest`] | the list of films that a dataset is built from |
//! | [`posters`] | the folder or tar with their posters |
//! | [`rule`] | which genres make which class |
//! | `build` | from these to a dataset: [`build`](build()) |
//! | `summary`, `entry`, `split`, `variant`, `protocol` | what the files say |
//! | `class_weighting` | how much films of rare classes count |
//! | `pixels`, `statistics` | the resized posters, their mean and deviation |
//! | `overview` | the page |

mod build;
mod class_weighting;
mod entry;
pub mod manifest;
mod overview;
mod pixels;
pub mod posters;
mod protocol;
pub mod rule;
mod split;
mod statistics;
mod summary;
mod variant;

pub use build::{Options, build};
pub use class_weighting::ClassWeighting;
pub use entry::{ENOUGH_VOTES, Entry};
pub use overview::{Overview, render};
pub use pixels::Pixels;
pub use protocol::Protocol;
pub use split::{Fractions, Split};
pub use statistics::Statistics;
pub use summary::{Cleaning, FORMAT, Summary};
pub use variant::{ANGLES, Variant};

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use marquee_models::network::Size;
use marquee_models::preprocess::{self, Rgb8};
use rayon::prelude::*;

use crate::files::{write_whole, write_with};
use crate::progress;
use pixels::PixelsWriter;
use posters::Posters;
use rule::Rule;
use statistics::Sums;

/// A genre is only learned if this many films of the training split have it, and scores if this many are known.
const ENOUGH_FILMS: usize = 20;

/// An opened dataset. Rows are counted from 0, in the order of `movies.csv`.
pub struct Dataset {
    folder: PathBuf,
    summary: Summary,
    entries: Vec<Entry>,
    /// Index among the labels of each row's class.
    classes: Vec<usize>,
}

impl Dataset {
    /// Opens the folder of a dataset.
    ///
    /// # Errors
    ///
    /// If the folder holds no dataset, if its format is not [`FORMAT`], or if its files contradict
    /// each other.
    pub fn open(folder: &Path) -> Result<Dataset> {
        let shown = folder.display();
        let json = fs::read(folder.join("dataset.json")).with_context(|| {
            format!(
                "{shown} is not a dataset: it has no dataset.json; make one with `marquee build`"
            )
        })?;
        let summary: Summary = serde_json::from_slice(&json).with_context(|| {
            format!("{shown}/dataset.json cannot be read; build the dataset again")
        })?;
        if summary.format != FORMAT {
            bail!(
                "{shown} has the format {}, and this version reads {FORMAT}; build it again",
                summary.format
            );
        }
        let movies = folder.join("movies.csv");
        let entries = csv::Reader::from_path(&movies)
            .and_then(|mut reader| reader.deserialize().collect::<Result<Vec<Entry>, _>>())
            .with_context(|| format!("cannot read {}; build it again", movies.display()))?;
        let class = |entry: &Entry| {
            let mut labels = summary.labels.iter();
            labels
                .position(|label| *label == entry.label)
                .with_context(|| {
                    format!(
                        "{}: the class {:?} is unknown",
                        movies.display(),
                        entry.label
                    )
                })
        };
        let classes = entries.iter().map(class).collect::<Result<_>>()?;
        Ok(Dataset {
            folder: folder.to_owned(),
            summary,
            entries,
            classes,
        })
    }

    /// The contents of `dataset.json`.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// All rows, sorted by film.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The class of a row, as an index among [`Summary::labels`].
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn class(&self, row: usize) -> usize {
        self.classes[row]
    }

    /// All rows of a split: the films' posters, and the copies and other designs to train on.
    pub fn rows(&self, split: Split) -> Vec<usize> {
        self.rows_that(|entry| entry.split == split)
    }

    /// The rows of a split by which a network is evaluated: one poster for each film, and with
    /// [`Protocol::Student`] the copies, too.
    pub fn films(&self, split: Split) -> Vec<usize> {
        let all = self.summary.protocol == Protocol::Student;
        self.rows_that(|entry| entry.split == split && (all || entry.variant == Variant::Poster))
    }

    fn rows_that(&self, wanted: impl Fn(&Entry) -> bool) -> Vec<usize> {
        let rows = 0..self.entries.len();
        rows.filter(|&row| wanted(&self.entries[row])).collect()
    }

    /// As [`films`](Self::films), for a split that must not be empty.
    ///
    /// # Errors
    ///
    /// If the split has no films.
    pub fn films_of(&self, split: Split) -> Result<Vec<usize>> {
        let films = self.films(split);
        if films.is_empty() {
            bail!(
                "the dataset {} has no films in its {split} split; build it with another --split",
                self.folder.display()
            );
        }
        Ok(films)
    }

    /// The genres of at least 20 films of the training split, in alphabetical order.
    pub fn genre_names(&self) -> Vec<String> {
        let mut films: BTreeMap<&str, usize> = BTreeMap::new();
        for entry in &self.entries {
            if entry.split == Split::Train && entry.variant == Variant::Poster {
                for genre in manifest::genres(&entry.genres) {
                    *films.entry(genre).or_default() += 1;
                }
            }
        }
        films.retain(|_, films| *films >= ENOUGH_FILMS);
        films.into_keys().map(str::to_owned).collect()
    }

    /// The genres of a row's film.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn genres(&self, row: usize) -> impl Iterator<Item = &str> {
        manifest::genres(&self.entries[row].genres)
    }

    /// The score of a row's film: [`Entry::known_score`].
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn score(&self, row: usize) -> Option<f32> {
        self.entries[row].known_score()
    }

    /// Whether the scores of at least 20 films of the training split are known.
    pub fn has_scores(&self) -> bool {
        let films = self.films(Split::Train);
        films
            .iter()
            .filter(|&&row| self.score(row).is_some())
            .count()
            >= ENOUGH_FILMS
    }

    /// Whether the films by which a network is judged here are unknown to one that was trained on the dataset with
    /// this content hash, as far as it is known.
    pub fn is_apart_from(&self, hash: &str) -> bool {
        hash == self.summary.hash || self.summary.apart_from.iter().any(|known| known == hash)
    }

    /// Whether every row's class follows from its genres by this rule.
    pub fn follows(&self, rule: &Rule) -> bool {
        let mut entries = self.entries.iter().enumerate();
        self.summary.labels == rule.labels
            && entries.all(|(row, entry)| {
                let genres: Vec<&str> = self.genres(row).collect();
                rule.class(&genres) == rule.index(&entry.label)
            })
    }

    /// The sizes of some rows' pictures as they were given.
    ///
    /// # Errors
    ///
    /// If one of them cannot be read.
    pub fn picture_sizes(&self, rows: &[usize]) -> Result<Vec<Size>> {
        let tar = self.folder.join("posters.tar");
        let posters = Posters::open(&tar)?;
        let size = |row: &usize| {
            let entry = &self.entries[*row];
            let picture = decoded(entry, &posters)
                .map_err(|reason| anyhow!("{}/{}: {reason}", tar.display(), entry.poster))?;
            Ok(Size {
                width: picture.width,
                height: picture.height,
            })
        };
        rows.par_iter().map(size).collect()
    }

    /// All posters at this size. They are resized at the first call and kept in the dataset's
    /// folder.
    ///
    /// # Errors
    ///
    /// If the dataset's files cannot be read or written.
    pub fn pixels(&mut self, size: Size) -> Result<Pixels> {
        let path = self.folder.join(pixels::file_name(size));
        let known = self.summary.pixels.get(&size.to_string()).copied();
        let statistics = match known {
            Some(statistics) if path.is_file() => statistics,
            _ => self.resize_all(size, &path)?,
        };
        Pixels::open(&path, size, self.entries.len(), statistics)
    }

    /// Writes the file of all posters at this size, and their statistics into `dataset.json`.
    fn resize_all(&mut self, size: Size, path: &Path) -> Result<Statistics> {
        let tar = self.folder.join("posters.tar");
        let posters = Posters::open(&tar)?;
        let mut sums = Sums::default();
        let bar = progress::bar("resizing", self.entries.len() as u64, "posters");
        write_with(path, |file| {
            let mut writer = PixelsWriter::new(file, size);
            for chunk in self.entries.chunks(pixels::CHUNK) {
                let pictures: Vec<_> = chunk
                    .par_iter()
                    .map(|entry| shrunk(entry, &posters, size))
                    .collect();
                for (entry, picture) in chunk.iter().zip(pictures) {
                    let picture = picture.map_err(|reason| {
                        anyhow!("{}/{}: {reason}", tar.display(), entry.poster)
                    })?;
                    let seen = writer.add(&picture)?;
                    if entry.split == Split::Train {
                        sums.add(&seen);
                    }
                }
                bar.inc(chunk.len() as u64);
            }
            Ok(writer.finish()?)
        })?;
        bar.finish_and_clear();

        let statistics = sums.statistics(self.summary.protocol);
        self.summary.pixels.insert(size.to_string(), statistics);
        let json = serde_json::to_vec_pretty(&self.summary)?;
        write_whole(&self.folder.join("dataset.json"), &json)?;
        Ok(statistics)
    }
}

/// Decodes the poster of a row. The error is the reason in words.
fn decoded(entry: &Entry, posters: &Posters) -> Result<Rgb8, String> {
    let bytes = posters.read(&entry.poster)?;
    let bytes = bytes.ok_or("there is no such poster; build the dataset again")?;
    let decoded = preprocess::decode(&bytes).map_err(|error| error.to_string())?;
    Ok(decoded.image)
}

/// Decodes the poster of a row, rotates it as the row says, and makes it as small as this size where it is larger.
fn shrunk(entry: &Entry, posters: &Posters, size: Size) -> Result<Rgb8, String> {
    let picture = decoded(entry, posters)?;
    Ok(pixels::kept(entry.variant.apply(picture), size))
}
