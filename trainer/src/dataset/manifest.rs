//! A list of films: a CSV file, JSON Lines, a Parquet file or a tar of WebDataset's, with one film in each row, its poster
//! and its genres.

mod columns;
mod comma_separated;
mod genre_list;
mod json_lines;
mod missing;
mod names;
mod parquet_file;
mod same;
mod shard;
mod table;
#[cfg(test)]
mod tests;

pub use columns::{Columns, Field, Preset, Renamed};
pub use names::{genres, is_address, path};
pub(super) use parquet_file::each_image;
pub use same::whole;
pub(super) use same::{key, title_key};
pub use table::holds_posters;

use std::path::Path;

use anyhow::{Result, bail};
use marquee_models::text::from_cell;
use missing::is_missing;
use names::{name, titled_year};
use serde_json::Value;
use table::Table;
use unicode_normalization::UnicodeNormalization;

/// A row of a manifest. A field that the manifest does not have is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Film {
    /// Such as `tt0120338`. Rows with the same id are the same film, also in different manifests.
    /// Without a column for it, the poster's name without its ending.
    pub id: String,
    /// What the id means: the same for `1000` and `1000.0`, and for `tt0120338` and `tt120338`. Films with the
    /// same key are the same.
    pub key: String,
    /// The poster: a web address, or the name of a file in the folder or tar of posters.
    pub poster: String,
    /// The title, without the year in brackets if the year has no column.
    pub title: String,
    /// The year of release.
    pub year: String,
    /// The genres, with `|` between them.
    pub genres: String,
    /// The class, if the manifest names it instead of genres.
    pub label: String,
    /// The mean of the votes, 0 to 10 points.
    pub score: String,
    /// The number of votes.
    pub votes: String,
    /// What the film is to be used for, as the manifest names it, such as `train`.
    pub split: String,
    /// TMDB's id of the film. Two rows with the same one are the same film, whatever their ids are.
    pub tmdb_id: String,
}

/// Whether a cell is a JSON object or list: those have other members, and are no names.
fn is_json(cell: &str) -> bool {
    let value = serde_json::from_str(cell);
    matches!(value, Ok(Value::Object(_) | Value::Array(_)))
}

/// A row, or the reason in words why it cannot be read.
pub type Row = Result<Film, String>;

/// An opened manifest. Its rows are read one by one, so that memory does not grow with it.
pub struct Manifest {
    table: Box<dyn Table>,
    /// The column of each [`Field`].
    places: [Option<usize>; Field::ALL.len()],
    record: csv::ByteRecord,
}

impl Manifest {
    /// Opens a manifest and finds its columns.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened, if it has no column for the poster, or if it has neither a
    /// column for the genres nor one for the label.
    pub fn open(path: &Path, columns: &Columns) -> Result<Manifest> {
        let table = table::open(path, columns.encoding)?;
        let known = table.columns();
        // a column of another spelling is not passed over in silence
        let place = |field: Field| {
            let name = columns.name(field);
            let lower = name.to_lowercase();
            let at = |name: &str| known.iter().position(|column| column == name);
            let any_case = || {
                known
                    .iter()
                    .position(|column| column.to_lowercase() == lower)
            };
            let elsewhere = || field.elsewhere().iter().find_map(|name| at(name));
            at(name).or_else(any_case).or_else(elsewhere)
        };
        let places = Field::ALL.map(place);
        let has = |field: Field| places[field as usize].is_some();
        if !has(Field::Poster) || !(has(Field::Genres) || has(Field::Label)) {
            bail!(
                "{} has no columns {:?} and {:?} or {:?}; name them with \
                 --columns poster=…,genres=… or --preset (found: {})",
                path.display(),
                columns.name(Field::Poster),
                columns.name(Field::Genres),
                columns.name(Field::Label),
                known.join(", ")
            );
        }
        Ok(Manifest {
            table,
            places,
            record: csv::ByteRecord::new(),
        })
    }

    /// The names of the columns that no [`Field`] is read from.
    pub fn unused(&self) -> Vec<&str> {
        let names = self.table.columns().iter().enumerate();
        let unused = names.filter(|(at, _)| !self.places.contains(&Some(*at)));
        unused.map(|(_, name)| name.as_str()).collect()
    }

    /// The next row and its number, counted from 1: that of its first line in a text, of the row in a Parquet file, of the
    /// sample in a tar; `None` after the last row.
    ///
    /// # Errors
    ///
    /// If the file cannot be read. A damaged row is not an error, but a reason in [`Row`].
    pub fn next_row(&mut self) -> Result<Option<(u64, Row)>> {
        let read = self.table.next_row(&mut self.record)?;
        Ok(read.map(|(number, read)| (number, read.and_then(|()| self.film()))))
    }

    fn film(&self) -> Row {
        let text = |field: Field| {
            let bytes = self.places[field as usize].and_then(|place| self.record.get(place));
            std::str::from_utf8(bytes.unwrap_or_default())
                .map(|text| from_cell(text.trim()).to_owned())
                .map_err(|_| "the row is not UTF-8; name its encoding with --encoding".to_owned())
        };
        // a film may be called "Unknown" or "???"
        let known = |field| {
            text(field).map(|text| match is_missing(&text) {
                true => String::new(),
                false => text,
            })
        };
        // letters with accents, and Korean ones, are the same in one piece and in parts
        let composed = |field| known(field).map(|text| text.nfc().collect::<String>());
        let mut film = Film {
            id: whole(&known(Field::Id)?).to_owned(),
            key: String::new(),
            poster: known(Field::Poster)?,
            title: text(Field::Title)?,
            year: whole(&known(Field::Year)?).to_owned(),
            genres: genre_list::read(&composed(Field::Genres)?).join("|"),
            label: whole(&composed(Field::Label)?).to_owned(),
            score: known(Field::Score)?,
            votes: whole(&known(Field::Votes)?).to_owned(),
            split: known(Field::Split)?,
            tmdb_id: key(whole(&known(Field::TmdbId)?)),
        };
        if let "0" | "-1" = film.tmdb_id.as_str() {
            // TMDB begins at 1
            film.tmdb_id.clear();
        }
        if self.places[Field::Id as usize].is_none() {
            name(&film.poster).clone_into(&mut film.id);
            // names of files mean nothing else, but are the same in both Unicode forms
            film.key = film.id.nfc().collect();
        } else {
            film.key = key(&film.id);
        }
        if film.year.is_empty()
            && let Some((title, year)) = titled_year(&film.title)
        {
            (film.title, film.year) = (title.to_owned(), year.to_owned());
        }
        if film.id.is_empty() {
            let missing = match self.places[Field::Id as usize] {
                Some(_) => "the row has no id",
                // its name would be the id
                None => "the row names no poster",
            };
            return Err(missing.to_owned());
        }
        if is_json(&film.label) {
            if film.genres.is_empty() {
                let label = &film.label;
                return Err(format!("the label {label} is no name of a class"));
            }
            film.label.clear();
        }
        Ok(film)
    }
}
