//! `movies.csv`: one film a row, with its poster's file name, its genres and what else is known.

use std::path::Path;

use anyhow::{Context, Result, bail};
use marquee_models::genre::{Class, Genre};
use serde::{Deserialize, Serialize};

/// A row of a manifest. A value that is not known is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Film {
    /// Unique in a manifest, such as `tt0120338`.
    pub id: String,
    /// Name of the poster's file, relative to the folder or tar that holds it.
    pub poster: String,
    /// Title in English.
    #[serde(default)]
    pub title: String,
    /// Year of release.
    #[serde(default)]
    pub year: String,
    /// TMDB's English genre names, with `|` between them.
    #[serde(default)]
    pub genres: String,
    /// The class, where the manifest already names it.
    #[serde(default)]
    pub label: String,
    /// Mean of the members' votes, 0 to 10.
    #[serde(default)]
    pub score: String,
    /// How many voted.
    #[serde(default)]
    pub votes: String,
}

impl Film {
    /// The class that the film's genres make, or the one that the manifest names where it lists no
    /// genres.
    ///
    /// # Errors
    ///
    /// The reason, in words, why it has none.
    pub fn class(&self) -> Result<Class, String> {
        let names = self.genres.split('|').map(str::trim);
        let genres: Vec<Genre> = names
            .filter(|name| !name.is_empty())
            .map(|name| name.parse::<Genre>().map_err(|error| error.to_string()))
            .collect::<Result<_, _>>()?;
        if let Some(class) = Class::of(&genres) {
            return Ok(class);
        }
        match self.label.as_str() {
            "" => Err("no genres, so no class".to_owned()),
            label => Class::ALL
                .into_iter()
                .find(|class| class.label() == label)
                .ok_or_else(|| format!("{label:?} is none of the six classes")),
        }
    }
}

/// A row that could be read, or the reason why it could not.
pub type Row = Result<Film, Rejected>;

/// A row that was left out of a dataset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    /// Line in the manifest, counted from 1.
    pub line: u64,
    /// The film's id, empty where even that could not be read.
    pub id: String,
    /// The poster's file name, likewise.
    pub poster: String,
    /// Why, in words.
    pub reason: String,
}

/// Reads a manifest: every row with the line it stands on.
///
/// # Errors
///
/// Where the file cannot be opened, or has no `id` or `poster` column, or neither `genres` nor
/// `label`. A damaged row is not an error but a [`Rejected`].
pub fn read(path: &Path) -> Result<Vec<(u64, Row)>> {
    let shown = path.display();
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_path(path)
        .with_context(|| format!("cannot open the manifest {shown}"))?;
    let headers = reader
        .headers()
        .with_context(|| format!("cannot read the first line of {shown}"))?
        .clone();
    let has = |column: &str| headers.iter().any(|header| header == column);
    for column in ["id", "poster"] {
        if !has(column) {
            bail!(
                "{shown} has no column {column:?}; its first line must name the columns, among \
                 them id, poster, and genres or label (found: {})",
                headers.iter().collect::<Vec<_>>().join(", ")
            );
        }
    }
    if !has("genres") && !has("label") {
        bail!(
            "{shown} has neither a column \"genres\" nor a column \"label\", so no film has a class"
        );
    }

    let mut rows = Vec::new();
    let mut record = csv::ByteRecord::new();
    loop {
        let line = reader.position().line();
        match reader.read_byte_record(&mut record) {
            Ok(false) => return Ok(rows),
            Ok(true) => rows.push((line, film(&record, &headers, line))),
            Err(error) if error.is_io_error() => {
                return Err(error).with_context(|| format!("cannot read {shown}"));
            }
            Err(error) => rows.push((line, Err(reject(line, error.to_string())))),
        }
    }
}

fn film(record: &csv::ByteRecord, headers: &csv::StringRecord, line: u64) -> Row {
    let text = csv::StringRecord::from_byte_record(record.clone())
        .map_err(|_| reject(line, "the row is not UTF-8".to_owned()))?;
    let film: Film = text
        .deserialize(Some(headers))
        .map_err(|error| reject(line, format!("the row cannot be read: {error}")))?;
    if film.id.is_empty() {
        return Err(reject(line, "the row has no id".to_owned()));
    }
    Ok(film)
}

fn reject(line: u64, reason: String) -> Rejected {
    Rejected {
        line,
        id: String::new(),
        poster: String::new(),
        reason,
    }
}
