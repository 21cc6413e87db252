//! What an earlier run has written.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::iter;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use marquee_models::text::from_cell;
use parquet::record::Field;
use parquet::schema::types::{ColumnPath, SchemaDescriptor};
use serde_json::Value;

use super::json::Members;
use crate::parquet_rows::ParquetRows;

/// So many answers are compared with what the network says now.
const COMPARED: usize = 3;

/// By so much may a probability differ on another processor.
const NOISE: f32 = 1e-3;

/// The longest first line of JSON Lines, in bytes.
const LONGEST: u64 = 1 << 20;

/// The label of a poster, and its probability.
pub(crate) type Told = (String, f32);

/// What was written about a poster.
pub(crate) struct Done {
    path: String,
    /// `None` if it could not be read.
    told: Option<Told>,
}

/// The rows of an earlier run, in their order. They are read one by one, so memory does not grow with them.
pub(crate) struct Earlier {
    out: PathBuf,
    /// How many answers are still to be compared.
    compared: usize,
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
            compared: 0,
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
            .with_context(|| match whole {
                0 => other_columns(out),
                _ => cannot_read(out),
            })?
        {
            let end = records.position().byte();
            let half = record.len() < header.len() || (end == length && !ended);
            if whole == 0 {
                ensure!(is_header(&record, header, half), other_columns(out));
            }
            if half {
                break;
            }
            whole = end;
        }
        let error = header.len().saturating_sub(2);
        let rows = reader(whole)?.into_records().skip(1).map(move |record| {
            let record = record?;
            let told = match &record[error] {
                "" => Some((from_cell(&record[1]).to_owned(), record[2].parse()?)),
                _ => None,
            };
            let path = from_cell(&record[0]).to_owned();
            Ok(Done { path, told })
        });
        Ok((Earlier::of(out, rows), whole))
    }

    /// The rows of JSON Lines with these members, and how many bytes they take.
    pub(super) fn of_json_lines(out: &Path, members: Members) -> Result<(Earlier, u64)> {
        let open = || -> Result<_> {
            Ok(BufReader::new(
                File::open(out).with_context(|| cannot_read(out))?,
            ))
        };
        let (mut whole, mut file, mut line) = (0, open()?, Vec::new());
        open()?.take(LONGEST).read_until(b'\n', &mut line)?;
        ensure!(members.begin(&line), other_columns(out));
        line.clear();
        while file.read_until(b'\n', &mut line)? > 0 && line.ends_with(b"\n") {
            whole += line.len() as u64;
            line.clear();
        }
        let name = out.to_owned();
        let rows = open()?.take(whole).lines().map(move |line| {
            let object: Value = serde_json::from_str(&line?)?;
            ensure!(members.are_in(&object), other_columns(&name));
            let text = |name: &str| object[name].as_str().map(str::to_owned);
            let confidence = object["confidence"].as_f64();
            Ok(Done {
                path: text("path").context("a line has no path")?,
                told: text("label").zip(confidence.map(|it| it as f32)),
            })
        });
        Ok((Earlier::of(out, rows), whole))
    }

    /// The rows of Parquet files with these columns, in their order.
    pub(super) fn of_parquet(out: &Path, parts: Vec<PathBuf>, schema: SchemaDescriptor) -> Earlier {
        let rows = parts
            .into_iter()
            .flat_map(move |part| match rows(&part, &schema) {
                Ok(rows) => rows,
                Err(error) => Box::new(std::iter::once(Err(error))),
            });
        Earlier::of(out, rows)
    }

    /// What is written about the next poster; `None` if it is not done.
    ///
    /// # Errors
    ///
    /// If the rows are those of other posters, or cannot be read.
    pub(crate) fn next(&mut self, path: &str) -> Result<Option<Done>> {
        let Some(row) = self.rows.next() else {
            return Ok(None);
        };
        let done = row.with_context(|| cannot_read(&self.out))?;
        ensure!(
            done.path == path,
            "{} has answers about other posters: {} where {path} comes now. Name the same posters in the same order, \
             or another --out",
            self.out.display(),
            done.path
        );
        Ok(Some(done))
    }

    /// Makes sure that what is written is this network's: compares a few answers with what `now` says. One poster
    /// that cannot be read any more says nothing, and the next is asked.
    ///
    /// # Errors
    ///
    /// If they differ.
    pub(crate) fn compare(
        &mut self,
        done: &Done,
        now: impl FnOnce() -> Result<Told, String>,
    ) -> Result<()> {
        let Some((label, confidence)) = &done.told else {
            return Ok(());
        };
        if self.compared == COMPARED {
            return Ok(());
        }
        let Ok((now, now_confidence)) = now() else {
            return Ok(());
        };
        self.compared += 1;
        ensure!(
            *label == now && (confidence - now_confidence).abs() <= NOISE,
            "{} has other answers than this network's: {label} {confidence} about {}, which is {now} {now_confidence} \
             now. Name the earlier run's --model, or, if posters were changed, another --out",
            self.out.display(),
            done.path
        );
        Ok(())
    }

    /// Makes sure that all rows were met.
    ///
    /// # Errors
    ///
    /// If there are more rows than posters.
    pub(crate) fn end(&mut self) -> Result<()> {
        if let Some(row) = self.rows.next() {
            let done = row.with_context(|| cannot_read(&self.out))?;
            bail!(
                "{} has answers about posters that are not named now, such as {}; name another --out",
                self.out.display(),
                done.path
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

impl Done {
    /// Whether the poster could be read.
    pub(crate) fn read(&self) -> bool {
        self.told.is_some()
    }
}

fn rows(part: &Path, schema: &SchemaDescriptor) -> Result<Box<dyn Iterator<Item = Result<Done>>>> {
    let columns = ["path", "label", "confidence"].map(str::to_owned);
    let mut rows = ParquetRows::choose(part, |_| Ok(Some(columns.to_vec())))?;
    let paths = |schema: &SchemaDescriptor| -> Vec<ColumnPath> {
        let columns = schema.columns().iter();
        columns.map(|column| column.path().clone()).collect()
    };
    let known = rows.metadata().file_metadata().schema_descr();
    ensure!(paths(known) == paths(schema), other_columns(part));
    let rows = iter::from_fn(move || rows.next_row().transpose());
    Ok(Box::new(rows.map(|row| {
        let row = row?;
        let field = |name: &str| {
            let mut fields = row.get_column_iter();
            fields.find_map(|(known, field)| (known == name).then_some(field))
        };
        let told = match (field("label"), field("confidence")) {
            (Some(Field::Str(label)), Some(Field::Float(confidence))) => {
                Some((label.clone(), *confidence))
            }
            _ => None,
        };
        match field("path") {
            Some(Field::Str(path)) => Ok(Done {
                path: path.clone(),
                told,
            }),
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

fn other_columns(out: &Path) -> String {
    format!(
        "{} holds no answers of this format, or has other columns than this run would write; name another --out",
        out.display()
    )
}

fn cannot_read(out: &Path) -> String {
    format!("cannot read {}", out.display())
}
