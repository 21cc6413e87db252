//! The rows of Parquet files, which may be damaged.

use std::fs::File;
use std::path::Path;

use anyhow::{Context, Error, Result, anyhow};
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Row;
use parquet::record::reader::RowIter;

use crate::columns::{names_of, project};
use crate::panics::caught;

/// How many rows the `parquet` crate reads at once. There can be an image of megabytes in each.
const BATCH: usize = 16;

/// An opened Parquet file. Its rows are read one by one. The `parquet` crate panics at some damaged files; here that is an
/// error like others.
pub struct ParquetRows {
    shown: String,
    metadata: ParquetMetaData,
    /// `None` once a row could not be read: what comes behind it is not to be trusted.
    rows: Option<RowIter<'static>>,
    /// How many rows were read.
    read: u64,
}

impl ParquetRows {
    /// Opens a file, to read all of its columns.
    ///
    /// # Errors
    ///
    /// If it cannot be opened, or is no whole Parquet file.
    pub fn open(path: &Path) -> Result<ParquetRows> {
        ParquetRows::choose(path, |_| Ok(None))
    }

    /// Opens a file, to read those of its columns that `choose` names, given the names of all.
    ///
    /// # Errors
    ///
    /// If it cannot be opened, is no whole Parquet file, or has no column of a name that `choose` gives; and those of
    /// `choose`.
    pub fn choose(
        path: &Path,
        choose: impl FnOnce(&[&str]) -> Result<Option<Vec<String>>>,
    ) -> Result<ParquetRows> {
        let shown = path.display().to_string();
        let file = File::open(path).with_context(|| format!("cannot open {shown}"))?;
        let broken = || format!("{shown} is no whole Parquet file");
        let reader = caught(|| SerializedFileReader::new(file)).map_err(Error::msg);
        let reader = reader.with_context(broken)?.with_context(broken)?;
        let metadata = reader.metadata().clone();
        let chosen =
            choose(&names_of(&metadata)).with_context(|| format!("cannot read {shown}"))?;
        let rows = caught(|| {
            let rows = RowIter::from_file_into(Box::new(reader));
            let Some(chosen) = chosen else {
                return Ok(rows);
            };
            let chosen: Vec<&str> = chosen.iter().map(String::as_str).collect();
            Ok(rows.project(Some(project(&metadata, &chosen)?))?)
        });
        let rows: Result<RowIter> = rows.map_err(Error::msg).with_context(broken)?;
        Ok(ParquetRows {
            // only now: a projection forgets it
            rows: Some(rows?.with_batch_size(BATCH)),
            shown,
            metadata,
            read: 0,
        })
    }

    /// What the file says about itself.
    pub fn metadata(&self) -> &ParquetMetaData {
        &self.metadata
    }

    /// The number of the last row that was read, counted from 1.
    pub fn number(&self) -> u64 {
        self.read
    }

    /// The next row; `None` after the last one.
    ///
    /// # Errors
    ///
    /// If it cannot be read. Then those behind it cannot be read, either.
    pub fn next_row(&mut self) -> Result<Option<Row>> {
        self.read += 1;
        let rows = self.rows.as_mut();
        let rows = rows.with_context(|| format!("{} is damaged", self.shown))?;
        let row = caught(|| rows.next().transpose());
        let row = row.unwrap_or_else(|panic| Err(parquet::errors::ParquetError::General(panic)));
        if row.is_err() {
            self.rows = None;
        }
        row.map_err(|error| anyhow!(error))
            .with_context(|| format!("cannot read {}, row {}", self.shown, self.read))
    }
}
