use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A film in the journal and the tables. What is not known is `None` or empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Film {
    pub(super) tmdb_id: u64,
    /// Such as `/f89U3ADr1oiB1s9GkdPOEpXUk5H.jpg`.
    pub(super) poster_path: Option<String>,
    pub(super) title: Option<String>,
    pub(super) original_title: Option<String>,
    pub(super) release_date: Option<Date>,
    /// The original language, in ISO 639-1.
    pub(super) language: Option<String>,
    pub(super) genres: Vec<String>,
    /// In minutes.
    pub(super) runtime: Option<i64>,
    /// 0 to 10 points.
    pub(super) score: Option<f64>,
    pub(super) votes: Option<i64>,
    pub(super) overview: Option<String>,
    /// In US dollars.
    pub(super) budget: Option<i64>,
    /// In US dollars.
    pub(super) revenue: Option<i64>,
    pub(super) directors: Vec<String>,
    pub(super) imdb_id: Option<String>,
}
