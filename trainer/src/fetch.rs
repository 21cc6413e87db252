//! Fetches films and their posters from TMDB, with the user's own key.
//!
//! A run first lists all films that pass the filters (`slices`). Then it fetches the details and the
//! poster of each film (`tmdb`, `download`), not faster than TMDB likes (`client`, `retries`,
//! `rate_limiter`). It writes what it knows into a `journal`, so that a run that was stopped or killed
//! goes on later. At the end it writes the tables (`table`).
//!
//! | file | contents |
//! |---|---|
//! | `movies.csv`, `movies.parquet` | one film in each row, sorted by TMDB's id |
//! | `posters/tmdb603.jpg` | a film's poster |
//! | `lost.csv` | what could not be fetched, and why |
//! | `fetch/begun.json` | the filters, and the day of the first run |
//! | `fetch/lock` | locked while a run writes |
//! | `fetch/pages.jsonl` | the lists, one page in each line |
//! | `fetch/films.jsonl` | the details, one film in each line |

mod access;
mod client;
mod download;
mod film;
mod filters;
mod journal;
mod json_lines;
mod lost;
mod page;
mod posters;
mod rate_limiter;
mod request_options;
mod retries;
mod run;
mod slices;
mod space;
mod table;
mod tmdb;

pub use access::Access;
pub use download::download;
pub use filters::{Filters, PosterSize};
pub use lost::Lost;
pub use request_options::RequestOptions;
pub use run::{Options, Summary, fetch};

/// The sentence that everyone who shows TMDB's data must show:
/// <https://developer.themoviedb.org/docs/faq>.
pub const ATTRIBUTION: &str =
    "This product uses the TMDB API but is not endorsed or certified by TMDB.";
