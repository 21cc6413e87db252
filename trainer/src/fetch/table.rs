//! Writes `movies.csv`, `movies.parquet` and `lost.csv`.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use marquee_models::text::cell;
use marquee_predict::columns::write_cells;
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;

use super::film::Film;
use super::lost::Lost;
use super::posters;
use crate::files::write_with;

/// How many films are held in memory at once while a Parquet file is written.
const ROW_GROUP: usize = 20_000;

/// A film, and whether its poster is in the folder.
pub(super) struct Row {
    pub(super) film: Film,
    pub(super) has_poster: bool,
}

/// The type of a column, and how its value is read from a row. Only `id` and `tmdb_id` always have one.
enum Values {
    Text(fn(&Row) -> Option<String>),
    Whole(fn(&Row) -> Option<i64>),
    Real(fn(&Row) -> Option<f64>),
}

use Values::{Real, Text, Whole};

/// The names and values of the columns, in their order.
const COLUMNS: [(&str, Values); 17] = [
    ("id", Text(|row| Some(format!("tmdb{}", row.film.tmdb_id)))),
    (
        "poster",
        Text(|row| row.has_poster.then(|| posters::name(row.film.tmdb_id))),
    ),
    ("title", Text(|row| row.film.title.clone())),
    (
        "original_title",
        Text(|row| row.film.original_title.clone()),
    ),
    (
        "year",
        Whole(|row| row.film.release_date.map(|day| day.year().into())),
    ),
    (
        "release_date",
        Text(|row| row.film.release_date.map(|day| day.to_string())),
    ),
    ("language", Text(|row| row.film.language.clone())),
    ("genres", Text(|row| list(&row.film.genres))),
    ("runtime", Whole(|row| row.film.runtime)),
    ("score", Real(|row| row.film.score)),
    ("votes", Whole(|row| row.film.votes)),
    ("overview", Text(|row| row.film.overview.clone())),
    ("budget", Whole(|row| row.film.budget)),
    ("revenue", Whole(|row| row.film.revenue)),
    ("director", Text(|row| list(&row.film.directors))),
    ("imdb_id", Text(|row| row.film.imdb_id.clone())),
    ("tmdb_id", Whole(|row| row.film.tmdb_id.try_into().ok())),
];

fn list(names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| names.join("|"))
}

/// Writes `movies.csv`. A value that is not known is empty. A title that a spreadsheet would run has a `'` before it.
pub(super) fn write_csv(path: &Path, rows: impl Iterator<Item = Result<Row>>) -> Result<()> {
    write_with(path, |file| {
        let mut writer = csv_writer(file);
        writer.write_record(COLUMNS.map(|(name, _)| name))?;
        for row in rows {
            let row = row?;
            writer.write_record(COLUMNS.iter().map(|(_, values)| {
                match values {
                    Text(of) => of(&row).map(|text| cell(&text).into_owned()),
                    Whole(of) => of(&row).map(|number| number.to_string()),
                    Real(of) => of(&row).map(|number| number.to_string()),
                }
                .unwrap_or_default()
            }))?;
        }
        writer.flush()?;
        Ok(())
    })
}

/// Writes `movies.parquet`: texts as UTF-8 strings, whole numbers as INT64, the score as DOUBLE. A
/// value that is not known is null.
pub(super) fn write_parquet(path: &Path, rows: impl Iterator<Item = Result<Row>>) -> Result<()> {
    let schema = Arc::new(parse_message_type(&schema())?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .build();
    write_with(path, |file| {
        let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties))?;
        let mut rows = rows.peekable();
        while rows.peek().is_some() {
            let group: Vec<Row> = rows.by_ref().take(ROW_GROUP).collect::<Result<_>>()?;
            let mut columns = writer.next_row_group()?;
            for (name, values) in &COLUMNS {
                let mut column = columns
                    .next_column()?
                    .context("the schema lacks a column")?;
                write_column(&mut column, values, &group, is_required(name))?;
                column.close()?;
            }
            columns.close()?;
        }
        writer.close()?;
        Ok(())
    })
}

fn is_required(name: &str) -> bool {
    ["id", "tmdb_id"].contains(&name)
}

fn schema() -> String {
    let columns = COLUMNS.iter().map(|(name, values)| {
        let repetition = if is_required(name) {
            "REQUIRED"
        } else {
            "OPTIONAL"
        };
        match values {
            Text(_) => format!("{repetition} BYTE_ARRAY {name} (STRING);"),
            Whole(_) => format!("{repetition} INT64 {name};"),
            Real(_) => format!("{repetition} DOUBLE {name};"),
        }
    });
    format!("message movies {{ {} }}", columns.collect::<String>())
}

fn write_column(
    column: &mut SerializedColumnWriter,
    values: &Values,
    rows: &[Row],
    required: bool,
) -> Result<()> {
    match values {
        Text(of) => {
            let of = |row: &Row| of(row).map(|text| ByteArray::from(text.into_bytes()));
            write_cells::<ByteArrayType>(column, rows.iter().map(of), required)
        }
        Whole(of) => write_cells::<Int64Type>(column, rows.iter().map(of), required),
        Real(of) => write_cells::<DoubleType>(column, rows.iter().map(of), required),
    }
}

/// Writes `lost.csv`.
pub(super) fn write_lost(path: &Path, lost: &[Lost]) -> Result<()> {
    write_with(path, |file| {
        let mut writer = csv_writer(file);
        writer.write_record(["tmdb_id", "what", "reason"])?;
        for Lost {
            tmdb_id,
            what,
            reason,
        } in lost
        {
            let id = tmdb_id.map(|id| id.to_string()).unwrap_or_default();
            writer.write_record([&id, what, reason])?;
        }
        writer.flush()?;
        Ok(())
    })
}

/// Writes lines that end as RFC 4180 says.
fn csv_writer<W: Write>(file: W) -> csv::Writer<W> {
    csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, File};

    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::RowAccessor;

    fn rows() -> Vec<Row> {
        let unknown = Film {
            tmdb_id: 2,
            ..Film::default()
        };
        let known = Film {
            tmdb_id: 10,
            title: Some("A \"B\",\nC — ü".to_owned()),
            genres: vec!["Action".to_owned(), "Science Fiction".to_owned()],
            release_date: "1999-03-31".parse().ok(),
            score: Some(8.25),
            votes: Some(3),
            ..Film::default()
        };
        let row = |film, has_poster| Row { film, has_poster };
        vec![row(unknown, false), row(known, true)]
    }

    #[test]
    fn a_csv_says_what_is_known_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("movies.csv");
        write_csv(&path, rows().into_iter().map(Ok)).expect("it is written");
        let text = fs::read_to_string(&path).expect("it is UTF-8");
        assert_eq!(
            text,
            "id,poster,title,original_title,year,release_date,language,genres,runtime,score,votes,\
             overview,budget,revenue,director,imdb_id,tmdb_id\r\n\
             tmdb2,,,,,,,,,,,,,,,,2\r\n\
             tmdb10,tmdb10.jpg,\"A \"\"B\"\",\nC — ü\",,1999,1999-03-31,,Action|Science Fiction,,\
             8.25,3,,,,,,10\r\n"
        );
    }

    #[test]
    fn a_parquet_file_has_types_and_nulls() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("movies.parquet");
        write_parquet(&path, rows().into_iter().map(Ok)).expect("it is written");
        let reader = SerializedFileReader::new(File::open(&path).expect("it is there"));
        let reader = reader.expect("it is Parquet");
        let rows: Vec<_> = reader
            .get_row_iter(None)
            .expect("it has rows")
            .collect::<Result<_, _>>()
            .expect("they can be read");
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].get_string(0).expect("text"), "tmdb2");
        assert!(rows[0].get_string(1).is_err() && rows[0].get_double(9).is_err());
        assert_eq!(
            rows[1].get_string(7).expect("text"),
            "Action|Science Fiction"
        );
        assert_eq!(rows[1].get_long(4).expect("a count"), 1999);
        assert_eq!(rows[1].get_double(9).expect("a score"), 8.25);
        assert_eq!(rows[1].get_long(16).expect("a count"), 10);
    }
}
