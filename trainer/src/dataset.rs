//! A dataset on disk, ready to train on.
//!
//! | file | what it is |
//! |---|---|
//! | `dataset.json` | counts, split, content hash: [`Summary`] |
//! | `movies.csv` | a film, or a copy of its poster, a row, sorted by id, with class and split: [`Entry`] |
//! | `posters.tar` | the posters as they were given |
//! | `pixels/32x32.rgb` | the posters decoded and resized, in the order of the rows: [`Pixels`] |
//! | `rejected.csv` | the rows that were left out, and why |
//! | `dataset.html` | all of it to look at: [`Overview`] |

mod build;
mod class_weighting;
pub mod manifest;
mod overview;
mod pixels;
pub mod posters;
pub mod rule;
mod split;
mod truth;
mod variant;

pub use build::{Options, build};
pub use class_weighting::ClassWeighting;
pub use overview::{Overview, render};
pub use pixels::{Pixels, Statistics};
pub use split::{Fractions, Split};
pub use truth::ENOUGH_VOTES;
pub use variant::{ANGLES, Variant};

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

/// The version of the layout described above.
pub const FORMAT: u32 = 2;

/// How films, and copies of their posters, are split.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// By film, before anything is copied; films that look alike stay together
    #[default]
    Honest,
    /// After copying posters of small classes, so that rotated copies of one poster lie on both
    /// sides, and with the mean of the posters' own standard deviations: how the student project
    /// that Marquee grew out of measured itself, to show what that does
    #[serde(rename = "seed", alias = "student")]
    #[value(alias = "seed")]
    Student,
}

/// `dataset.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Summary {
    /// [`FORMAT`].
    pub format: u32,
    /// Version of Marquee that built it.
    pub marquee: String,
    /// SHA-256 over every row's id, class, split, variant and poster. The same input gives the same
    /// hash.
    pub hash: String,
    /// The classes' names, in the order of a network's outputs.
    pub labels: Vec<String>,
    /// Shares of the splits, in percent.
    pub split: Fractions,
    /// How they were split.
    pub protocol: Protocol,
    /// Seed of the split.
    pub seed: u64,
    /// Films per split and class.
    pub counts: BTreeMap<Split, BTreeMap<String, usize>>,
    /// What was given, and what became of it.
    pub cleaning: Cleaning,
    /// Mean and standard deviation over the training split's pixels, per size such as `32x32`.
    pub pixels: BTreeMap<String, Statistics>,
}

/// What a build made of the rows it was given.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Cleaning {
    /// Films with a class before cleaning, per class.
    pub given: BTreeMap<String, usize>,
    /// Rows left out, per reason; `rejected.csv` has each of them.
    pub rejected: BTreeMap<String, usize>,
    /// Other designs of films' posters, to train on.
    pub alternates: usize,
    /// Rotated copies, per class.
    pub rotated: BTreeMap<String, usize>,
    /// Groups of films whose posters look alike, each on one side of the split.
    pub groups: usize,
    /// Films in those groups.
    pub alike: usize,
    /// Genres that the rule does not know, with the rows that have them.
    pub unknown_genres: BTreeMap<String, usize>,
}

/// A row of a dataset's `movies.csv`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// As in the manifest.
    pub id: String,
    /// Name within `posters.tar`.
    pub poster: String,
    /// As in the manifest.
    pub title: String,
    /// As in the manifest.
    pub year: String,
    /// As in the manifest.
    pub genres: String,
    /// One of [`Summary::labels`].
    pub label: String,
    /// As in the manifest.
    pub score: String,
    /// As in the manifest.
    pub votes: String,
    /// What the row is to its film.
    pub variant: Variant,
    /// The id of the first film whose poster looks alike; empty where it is this one.
    pub group: String,
    /// What the film is used for.
    pub split: Split,
}

/// An opened dataset.
pub struct Dataset {
    folder: PathBuf,
    summary: Summary,
    entries: Vec<Entry>,
    classes: Vec<usize>,
}

impl Dataset {
    /// Opens a dataset's folder.
    ///
    /// # Errors
    ///
    /// Where it is no dataset, one of another version, or contradicts itself.
    pub fn open(folder: &Path) -> Result<Dataset> {
        let shown = folder.display();
        let json = fs::read(folder.join("dataset.json")).with_context(|| {
            format!("{shown} is no dataset: it has no dataset.json; make one with `marquee build`")
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
            let labels = &summary.labels;
            labels
                .iter()
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

    /// What `dataset.json` says.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// The rows, sorted by film.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Index among the labels of a row's class.
    pub fn class(&self, row: usize) -> usize {
        self.classes[row]
    }

    /// All rows of a split, by their index among [`entries`](Self::entries): films with the copies
    /// and other designs of their posters, to train on.
    pub fn rows(&self, split: Split) -> Vec<usize> {
        self.rows_that(|entry| entry.split == split)
    }

    /// The rows that a network is judged by: a film's poster alone, or with the student project's
    /// protocol its copies, too.
    pub fn films(&self, split: Split) -> Vec<usize> {
        let all = self.summary.protocol == Protocol::Student;
        self.rows_that(|entry| entry.split == split && (all || entry.variant == Variant::Poster))
    }

    fn rows_that(&self, wanted: impl Fn(&Entry) -> bool) -> Vec<usize> {
        let rows = self.entries.iter().enumerate();
        rows.filter(|(_, entry)| wanted(entry))
            .map(|(index, _)| index)
            .collect()
    }

    /// The films of a split that must have some.
    ///
    /// # Errors
    ///
    /// Where it has none.
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
}
