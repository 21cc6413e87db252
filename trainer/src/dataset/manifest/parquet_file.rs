//! Parquet files, also with the posters in them, as Hugging Face's `datasets` writes them.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::Result;
use csv::ByteRecord;
use marquee_models::preprocess::Format;
use marquee_predict::parquet_rows::ParquetRows;
use parquet::basic::{LogicalType, Type as Physical};
use parquet::record::{Field, Row};
use parquet::schema::types::Type;
use serde_json::Value;

use super::json_lines::cell;
use super::table::{Numbered, Table};

/// The member with a picture's bytes, and that with its path, where a cell has both.
const BYTES: &str = "bytes";
const PATH: &str = "path";

/// A Parquet file.
pub(super) struct ParquetFile {
    rows: Rows,
    columns: Vec<String>,
    /// The names of classes that a column's numbers stand for.
    classes: Vec<Option<Vec<String>>>,
}

/// The rows of a file, with what the names of its pictures begin with.
struct Rows {
    stem: String,
    rows: ParquetRows,
}

/// Whether these are the first bytes of a Parquet file.
pub(super) fn is_parquet(start: &[u8]) -> bool {
    start.starts_with(b"PAR1")
}

/// Whether a file is a Parquet file with pictures in it.
pub(super) fn holds_images(path: &Path) -> Result<bool> {
    let mut start = [0; 4];
    let file = File::open(path).and_then(|mut file| file.read_exact(&mut start));
    if file.is_err() || !is_parquet(&start) {
        return Ok(false);
    }
    let rows = ParquetRows::open(path)?;
    let schema = rows.metadata().file_metadata().schema();
    Ok(schema.get_fields().iter().any(|column| {
        is_binary(column)
            || column.is_group()
                && column
                    .get_fields()
                    .iter()
                    .any(|member| member.name() == BYTES && is_binary(member))
    }))
}

/// Calls `found` with the name and the bytes of each picture in a Parquet file. In the list, the name stands for the
/// picture.
pub(in crate::dataset) fn each_image(
    path: &Path,
    mut found: impl FnMut(&str, &[u8]) -> Result<()>,
) -> Result<()> {
    let mut rows = Rows::open(path)?;
    while let Some(row) = rows.rows.next_row()? {
        for (column, field) in row.get_column_iter() {
            if let Some(bytes) = image(field) {
                found(&rows.image_name(column, bytes), bytes)?;
            }
        }
    }
    Ok(())
}

impl ParquetFile {
    pub(super) fn open(path: &Path) -> Result<ParquetFile> {
        let rows = Rows::open(path)?;
        let file = rows.rows.metadata().file_metadata();
        let fields = file.schema().get_fields().iter();
        let columns: Vec<String> = fields.map(|column| column.name().to_owned()).collect();
        let notes = file.key_value_metadata().into_iter().flatten();
        let features = notes
            .filter(|note| note.key == "huggingface")
            .filter_map(|note| serde_json::from_str::<Value>(note.value.as_deref()?).ok())
            .map(|note| note["info"]["features"].clone())
            .next()
            .unwrap_or_default();
        let names = |column: &String| {
            let names = features[column]["names"].as_array()?.iter().map(cell);
            Some(names.collect())
        };
        Ok(ParquetFile {
            classes: columns.iter().map(names).collect(),
            columns,
            rows,
        })
    }
}

impl Table for ParquetFile {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next_row(&mut self, row: &mut ByteRecord) -> Result<Option<Numbered>> {
        let Some(read) = self.rows.rows.next_row()? else {
            return Ok(None);
        };
        row.clear();
        for ((column, field), classes) in read.get_column_iter().zip(&self.classes) {
            let text = match image(field) {
                Some(bytes) => self.rows.image_name(column, bytes),
                None => cell(&value(field)),
            };
            let number = text.parse().ok().filter(|_| classes.is_some());
            let class = number.and_then(|number: usize| classes.as_ref()?.get(number));
            row.push_field(class.unwrap_or(&text).as_bytes());
        }
        Ok(Some((self.rows.rows.number(), Ok(()))))
    }
}

impl Rows {
    fn open(path: &Path) -> Result<Rows> {
        let stem = path.file_stem().unwrap_or_default();
        Ok(Rows {
            stem: stem.to_string_lossy().into_owned(),
            rows: ParquetRows::open(path)?,
        })
    }

    /// The name that stands for the picture in a column of the last row.
    fn image_name(&self, column: &str, bytes: &[u8]) -> String {
        let format = Format::of(bytes).ok();
        let ending = format.and_then(|format| format.extensions().first());
        let name = format!("{}/{column}/{:07}", self.stem, self.rows.number());
        match ending {
            Some(ending) => format!("{name}.{ending}"),
            // the build says what is wrong with it
            None => name,
        }
    }
}

/// The bytes of the picture in a cell, if there is one.
fn image(field: &Field) -> Option<&[u8]> {
    match field {
        // some programs write texts as bytes
        Field::Bytes(bytes) => std::str::from_utf8(bytes.data())
            .is_err()
            .then_some(bytes.data()),
        Field::Group(row) => member(row, BYTES).and_then(image),
        _ => None,
    }
}

fn member<'a>(row: &'a Row, name: &str) -> Option<&'a Field> {
    let mut members = row.get_column_iter();
    members.find_map(|(known, field)| (known == name).then_some(field))
}

/// A cell as JSON, so that lists and dictionaries are read as in other lists. Of a picture elsewhere, its path.
fn value(field: &Field) -> Value {
    match field {
        Field::Null => Value::Null,
        Field::Str(text) => Value::from(text.as_str()),
        Field::Bytes(bytes) => Value::from(String::from_utf8_lossy(bytes.data())),
        Field::ListInternal(list) => list.elements().iter().map(value).collect(),
        Field::Group(row) => match member(row, PATH) {
            Some(path) if member(row, BYTES).is_some() => value(path),
            _ => row
                .get_column_iter()
                .map(|(name, field)| (name.clone(), value(field)))
                .collect(),
        },
        Field::Bool(yes) => Value::from(*yes),
        // numbers, and dates as people write them
        other => Value::from(other.to_string()),
    }
}

fn is_binary(column: &Type) -> bool {
    column.is_primitive()
        && column.get_physical_type() == Physical::BYTE_ARRAY
        && column.get_basic_info().converted_type() == parquet::basic::ConvertedType::NONE
        && !matches!(
            column.get_basic_info().logical_type_ref(),
            Some(LogicalType::String | LogicalType::Enum | LogicalType::Json)
        )
}
