//! Which films a folder is filled with, and how large their posters are.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::date::Day;

/// Which films, and how large their posters: what one folder is filled with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filters {
    /// Released on this day or later.
    pub since: Option<Day>,
    /// Released on this day or earlier; `None` for the day of the first run.
    pub until: Option<Day>,
    /// At least so many votes.
    pub min_votes: Option<u64>,
    /// Original language, in ISO 639-1, such as `en`.
    pub language: Option<String>,
    /// Only so many films: those with the most votes.
    pub limit: Option<usize>,
    /// Of the posters.
    pub size: PosterSize,
}

impl fmt::Display for Filters {
    /// As the options are typed.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "--size {}", self.size.as_str())?;
        let mut option = |name: &str, value: Option<String>| match value {
            Some(value) => write!(f, " --{name} {value}"),
            None => Ok(()),
        };
        option("since", self.since.map(|day| day.to_string()))?;
        option("until", self.until.map(|day| day.to_string()))?;
        option("min-votes", self.min_votes.map(|votes| votes.to_string()))?;
        option("language", self.language.clone())?;
        option("limit", self.limit.map(|limit| limit.to_string()))
    }
}

/// The widths that TMDB has posters in, in pixels:
/// <https://developer.themoviedb.org/docs/image-basics>.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum PosterSize {
    W92,
    W154,
    W185,
    #[default]
    W342,
    W500,
    W780,
    Original,
}

impl PosterSize {
    /// All of them, from the smallest.
    pub const ALL: [PosterSize; 7] = [
        PosterSize::W92,
        PosterSize::W154,
        PosterSize::W185,
        PosterSize::W342,
        PosterSize::W500,
        PosterSize::W780,
        PosterSize::Original,
    ];

    /// As TMDB writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            PosterSize::W92 => "w92",
            PosterSize::W154 => "w154",
            PosterSize::W185 => "w185",
            PosterSize::W342 => "w342",
            PosterSize::W500 => "w500",
            PosterSize::W780 => "w780",
            PosterSize::Original => "original",
        }
    }

    /// A rough mean of a poster's bytes, rounded up: the free space must do for this.
    pub fn mean_bytes(self) -> u64 {
        1000 * match self {
            PosterSize::W92 => 6,
            PosterSize::W154 => 12,
            PosterSize::W185 => 16,
            PosterSize::W342 => 40,
            PosterSize::W500 => 75,
            PosterSize::W780 => 160,
            PosterSize::Original => 1200,
        }
    }
}
