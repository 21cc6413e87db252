//! Lists of rows, whatever kind of file they are in.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result, bail};
use csv::ByteRecord;
use encoding_rs::Encoding;
use marquee_predict::packed::packed_as;
use marquee_predict::tar::is_tar_file;

use super::comma_separated::CommaSeparated;
use super::json_lines::JsonLines;
use super::parquet_file::{self, ParquetFile};
use super::shard::Shard;

/// A row's number, counted from 1: of its line in a text, or of the row. It comes with the reason why the row cannot
/// be read, if it cannot.
pub(super) type Numbered = (u64, Result<(), String>);

/// A list of rows, which have a cell in each column.
pub(super) trait Table {
    /// The names of the columns.
    fn columns(&self) -> &[String];

    /// Reads the next row's cells into `row`; `None` after the last one.
    ///
    /// # Errors
    ///
    /// If the file cannot be read. A damaged row is not an error, but a reason in [`Numbered`].
    fn next_row(&mut self, row: &mut ByteRecord) -> Result<Option<Numbered>>;
}

/// Opens a CSV file, JSON Lines, a Parquet file, or a tar of WebDataset's. `encoding` is that of a CSV file without a mark
/// at its beginning.
pub(super) fn open(path: &Path, encoding: &'static Encoding) -> Result<Box<dyn Table>> {
    let shown = path.display();
    if is_tar_file(path) {
        return Ok(Box::new(Shard::open(path)?));
    }
    if path.is_dir() {
        // as Hugging Face's datasets call it
        let usual = ["metadata.jsonl", "metadata.csv", "metadata.parquet"];
        let list = usual
            .map(|name| path.join(name))
            .into_iter()
            .find(|it| it.is_file());
        match list {
            Some(list) => bail!("{shown} is a folder; its list is {}", list.display()),
            None => bail!("{shown} is a folder; name the list in it"),
        }
    }
    let file = File::open(path).with_context(|| format!("cannot open the manifest {shown}"))?;
    let mut file = BufReader::with_capacity(1 << 16, file);
    let start = file
        .fill_buf()
        .with_context(|| format!("cannot read {shown}"))?;
    if parquet_file::is_parquet(start) {
        return Ok(Box::new(ParquetFile::open(path)?));
    }
    if let Some(kind) = packed_as(start) {
        bail!(
            "{shown} is {kind}, and no list; it must be CSV, JSON Lines, Parquet, or a tar of WebDataset's"
        );
    }
    let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    match text.trim_ascii_start().first() {
        Some(b'{') => Ok(Box::new(JsonLines::open(path)?)),
        Some(b'[') => bail!(
            "{shown} is one JSON list; write it as JSON Lines, with an object on each line (jq -c '.[]')"
        ),
        _ => Ok(Box::new(CommaSeparated::open(file, path, encoding)?)),
    }
}

/// Whether a list holds the posters themselves.
///
/// # Errors
///
/// If it is a damaged Parquet file.
pub fn holds_posters(path: &Path) -> Result<bool> {
    Ok(is_tar_file(path) || parquet_file::holds_images(path)?)
}
