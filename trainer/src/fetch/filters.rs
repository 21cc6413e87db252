use std::fmt;

use clap::ValueEnum;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Which films are fetched into a folder, and how large their posters are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filters {
    /// Only films released on this day or later.
    pub since: Option<Date>,
    /// Only films released on this day or earlier. `None` is the day of the first run.
    pub until: Option<Date>,
    /// Only films with at least this many votes.
    pub min_votes: Option<u64>,
    /// Only films with this original language, in ISO 639-1, such as `en`.
    pub language: Option<String>,
    /// Only this many films: those with the most votes.
    pub limit: Option<usize>,
    /// The size of the posters.
    pub size: PosterSize,
}

impl fmt::Display for Filters {
    /// Writes the filters as options of `marquee fetch`.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "--size {}", self.size)?;
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

/// The sizes in which TMDB has posters:
/// <https://developer.themoviedb.org/docs/image-basics>.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum PosterSize {
    /// 92 pixels wide
    W92,
    /// 154 pixels wide
    W154,
    /// 185 pixels wide
    W185,
    /// 342 pixels wide
    #[default]
    W342,
    /// 500 pixels wide
    W500,
    /// 780 pixels wide
    W780,
    /// The largest file that TMDB has
    Original,
}

impl fmt::Display for PosterSize {
    /// Writes the name that TMDB uses, such as `w342`.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let name = self.to_possible_value();
        f.write_str(name.as_ref().map_or("", |name| name.get_name()))
    }
}

impl PosterSize {
    /// A rough mean of the bytes of a poster, rounded up, to estimate the space that is needed.
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
