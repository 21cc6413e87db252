//! A dataset on disk, ready to train on.
//!
//! | file | what it is |
//! |---|---|
//! | `dataset.json` | counts, split, content hash: [`Summary`] |
//! | `movies.csv` | a film a row, sorted by id, with its class and split: [`Entry`] |
//! | `posters.tar` | the posters as they were given, in the order of the rows |
//! | `pixels/32x32.rgb` | the posters decoded and resized, in the order of the rows: [`Pixels`] |
//! | `rejected.csv` | the rows that were left out, and why |

mod build;
mod pixels;
mod split;

pub use build::{Options, build};
pub use pixels::{Pixels, Statistics};
pub use split::{Fractions, Split};

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

/// The version of the layout described above.
pub const FORMAT: u32 = 1;

/// `dataset.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Summary {
    /// [`FORMAT`].
    pub format: u32,
    /// Version of Marquee that built it.
    pub marquee: String,
    /// SHA-256 over every film's id, class, split and poster. The same input gives the same hash.
    pub hash: String,
    /// The classes' names, in the order of a network's outputs.
    pub labels: Vec<String>,
    /// Shares of the splits, in percent.
    pub split: Fractions,
    /// Seed of the split.
    pub seed: u64,
    /// Films per split and class.
    pub counts: BTreeMap<Split, BTreeMap<String, usize>>,
    /// Rows left out, per reason.
    pub rejected: BTreeMap<String, usize>,
    /// Mean and standard deviation over the training split's pixels, per size such as `32x32`.
    pub pixels: BTreeMap<String, Statistics>,
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

    /// The films, sorted by id.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Index among the labels of a film's class.
    pub fn class(&self, film: usize) -> usize {
        self.classes[film]
    }

    /// The films of a split, by their index among [`entries`](Self::entries).
    pub fn films(&self, split: Split) -> Vec<usize> {
        let films = self.entries.iter().enumerate();
        films
            .filter(|(_, entry)| entry.split == split)
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

/// Writes beside the file's place and renames, so that a file is whole or not there.
///
/// # Errors
///
/// Where it cannot be written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let beside = path.with_added_extension("partial");
    fs::write(&beside, bytes)
        .and_then(|()| fs::rename(&beside, path))
        .with_context(|| format!("cannot write {}", path.display()))
}
