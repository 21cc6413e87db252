use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::protocol::Protocol;
use super::split::{Fractions, Split};
use super::statistics::Statistics;

/// The version of the layout of a dataset's folder.
pub const FORMAT: u32 = 2;

/// The contents of `dataset.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Summary {
    /// [`FORMAT`].
    pub format: u32,
    /// The version of Marquee that built the dataset.
    pub marquee: String,
    /// SHA-256 over the id, class, split, variant and poster of every row. The same input gives the
    /// same hash.
    pub hash: String,
    /// The names of the classes, in the order of a network's outputs.
    pub labels: Vec<String>,
    /// The shares of the splits, in percent; `None` if the lists or folders name each film's split.
    pub split: Option<Fractions>,
    /// How the films were split.
    pub protocol: Protocol,
    /// The seed of the split.
    pub seed: u64,
    /// Content hashes of the datasets whose films are all in the training split here, so that a network that was
    /// trained on one of them can be tuned on this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apart_from: Vec<String>,
    /// How many films each split has of each class.
    pub counts: BTreeMap<Split, BTreeMap<String, usize>>,
    /// What was given, and what became of it.
    pub cleaning: Cleaning,
    /// Mean and standard deviation over the pixels of the training split, by size such as `32x32`.
    pub pixels: BTreeMap<String, Statistics>,
}

/// What a build did with the rows that it was given.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Cleaning {
    /// How many films of each class there were before cleaning.
    pub given: BTreeMap<String, usize>,
    /// How many rows were left out, by reason; `rejected.csv` lists each of them.
    pub rejected: BTreeMap<String, usize>,
    /// How many other designs of posters there are to train on.
    pub alternates: usize,
    /// How many rotated copies there are of each class.
    pub rotated: BTreeMap<String, usize>,
    /// How many groups of films have posters that look alike. Each group is in one split.
    pub groups: usize,
    /// How many films are in those groups.
    pub alike: usize,
    /// How many pairs of films have the same title, and years that differ by one at most.
    #[serde(default)]
    pub same_titles: usize,
    /// How many of these pairs are in two splits.
    #[serde(default)]
    pub same_titles_apart: usize,
    /// The genres that the rule does not know, with the number of rows that have them.
    pub unknown_genres: BTreeMap<String, usize>,
}
