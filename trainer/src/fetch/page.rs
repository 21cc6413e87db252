use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A page of the list of all films that were released between two days, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct PageKey {
    pub(super) from: Date,
    pub(super) until: Date,
    /// From 1.
    pub(super) page: u32,
}

/// The films on a page: a line of `pages.jsonl`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct FoundPage {
    #[serde(flatten)]
    pub(super) key: PageKey,
    /// How many pages the list has.
    pub(super) total_pages: u32,
    /// How many films the list has.
    pub(super) total_films: u64,
    /// The id and the number of votes of each film.
    pub(super) films: Vec<(u64, u64)>,
}
