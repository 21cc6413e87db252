//! What an earlier run has written.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::iter;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use marquee_models::text::from_cell;
use parquet::record::Field;
use serde_json::Value;

use crate::parquet_rows::ParquetRows;

/// The path of a poster, and whether it could be read.
type Done = (String, bool);

/// The rows of an earlier run, in their order. They are read one by one, so memory does not grow with them.
pub(crate) struct Earlier {
    out: PathBuf,
    rows: Box<dyn Iterator<Item = Result<Done>>>,
}

impl Earlier {
    /// No rows.
    pub(crate) fn nothing() -> Earlier {
        Earlier::of(Path::new(""), std::iter::empty())
    }

    fn of(out: &Path, rows: impl Iterator<Item = Result<Done>> + 'static) -> Earlier {
        Earlier {
            out: out.to_owned(),
            rows: Box::new(rows),
        }
    }

    /// The rows of a table with this header, and how many bytes they and the header take.
    pub(super) fn of_csv(out: &Path, header: &[String]) -> Result<(Earlier, u64)> {
        let reader = |length: u64| -> Result<_> {
            let file = File::open(out).with_context(|| cannot_read(out))?;
            Ok(csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_reader(BufReader::new(file.take(length))))
        };
        let (length, ended) = end_of(out)?;
        let (mut whole, mut records) = (0, reader(u64::MAX)?);
        let mut record = csv::StringRecord::new();
        while records
            .read_record(&mut record)
            .with_context(|| cannot_read(out))?
        {
            let end = records.position().byte();
            let half = record.len() < header.len() || (end == length && !ended);
            if whole == 0 {
                ensure!(
                    is_header(&record, header, half),
                    "{} has other columns than this run would write; name another file with --out",
                    out.display()
                );
            }
            if half {
                break;
            }
            whole = end;
        }
        let error = header.len().saturating_sub(2);
        let rows = reader(whole)?.into_records().skip(1).map(move |record| {
            let record = record?;
            Ok((from_cell(&record[0]).to_owned(), record[error].is_empty()))
        });
        Ok((Earlier::of(out, rows), whole))
    }

    /// The rows of JSON Lines, and how many bytes they take.
    pub(super) fn of_json_lines(out: &Path) -> Result<(Earlier, u64)> {
        let open = || -> Result<_> {
            Ok(BufReader::new(
                File::open(out).with_context(|| cannot_read(out))?,
            ))
        };
        let (mut whole, mut file, mut line) = (0, open()?, Vec::new());
        while file.read_until(b'\n', &mut line)? > 0 && line.ends_with(b"\n") {
            whole += line.len() as u64;
            line.clear();
        }
        let rows = open()?.take(whole).lines().map(|line| {
            let object: Value = serde_json::from_str(&line?)?;
            let path = object["path"].as_str().context("a line has no path")?;
            Ok((path.to_owned(), object["error"].is_null()))
        });
        Ok((Earlier::of(out, rows), whole))
    }

    /// The rows of Parquet files, in their order.
    pub(super) fn of_parquet(out: &Path, parts: Vec<PathBuf>) -> Earlier {
        let rows = parts.into_iter().flat_map(|part| match rows(&part) {
            Ok(rows) => rows,
            Err(error) => Box::new(std::iter::once(Err(error))),
        });
        Earlier::of(out, rows)
    }

    /// Whether the next poster is done, and if so, whether it could be read.
    ///
    /// # Errors
    ///
    /// If the rows are those of other posters, or cannot be read.
    pub(crate) fn has(&mut self, path: &str) -> Result<Option<bool>> {
        let Some(row) = self.rows.next() else {
            return Ok(None);
        };
        let (done, read) = row.with_context(|| cannot_read(&self.out))?;
        ensure!(
            done == path,
            "{} has answers about other posters: {done} where {path} comes now. Name the same posters in the same order, \
             or another --out",
            self.out.display()
        );
        Ok(Some(read))
    }

    /// Makes sure that all rows were met.
    ///
    /// # Errors
    ///
    /// If there are more rows than posters.
    pub(crate) fn end(&mut self) -> Result<()> {
        if let Some(row) = self.rows.next() {
            let (done, _) = row.with_context(|| cannot_read(&self.out))?;
            bail!(
                "{} has answers about posters that are not named now, such as {done}; name another --out",
                self.out.display()
            );
        }
        Ok(())
    }
}

/// Whether a table's first row is this header, or the beginning of it where it is half written.
fn is_header(row: &csv::StringRecord, header: &[String], half: bool) -> bool {
    let last = row.len().saturating_sub(1);
    row.len() <= header.len()
        && row
            .iter()
            .zip(header)
            .enumerate()
            .all(|(index, (cell, name))| {
                cell == name || (half && index == last && name.starts_with(cell))
            })
}

fn rows(part: &Path) -> Result<Box<dyn Iterator<Item = Result<Done>>>> {
    let columns = ["path", "error"].map(str::to_owned);
    let mut rows = ParquetRows::choose(part, |_| Ok(Some(columns.to_vec())))?;
    let rows = iter::from_fn(move || rows.next_row().transpose());
    Ok(Box::new(rows.map(|row| {
        let row = row?;
        let field = |name: &str| {
            let mut fields = row.get_column_iter();
            fields.find_map(|(known, field)| (known == name).then_some(field))
        };
        match (field("path"), field("error")) {
            (Some(Field::Str(path)), Some(error)) => Ok((path.clone(), *error == Field::Null)),
            _ => bail!("a row has no path"),
        }
    })))
}

/// The length of a file, and whether it ends with a whole line.
fn end_of(path: &Path) -> Result<(u64, bool)> {
    let mut file = File::open(path).with_context(|| cannot_read(path))?;
    let length = file.metadata()?.len();
    let mut last = Vec::new();
    file.seek(SeekFrom::Start(length.saturating_sub(1)))?;
    file.read_to_end(&mut last)?;
    Ok((length, last == b"\n"))
}

fn cannot_read(out: &Path) -> String {
    format!("cannot read {}", out.display())
}
