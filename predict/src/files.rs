//! Files that are complete or absent, and tables.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};

/// Writes a file that is complete or absent: `write` produces it bit by bit beside its place, and then it is renamed.
/// It is on the disk before that, so that it is not empty after a loss of power.
///
/// Makes the folder of the file where it is missing.
///
/// # Errors
///
/// If the folder cannot be made or the file cannot be written, and those of `write`.
pub fn write_with(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<()>,
) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let beside = path.with_added_extension("partial");
    let written = || -> Result<()> {
        let mut file = BufWriter::new(File::create(&beside)?);
        write(&mut file)?;
        file.flush()?;
        file.get_ref().sync_all()?;
        Ok(fs::rename(&beside, path)?)
    };
    written().with_context(|| format!("cannot write {}", path.display()))
}

/// Writes a table that people open in a spreadsheet: with quotes around all texts, so that a `;` in one does not
/// begin a new cell where a spreadsheet separates cells by it.
pub fn csv_writer<W: Write>(file: W) -> csv::Writer<W> {
    let mut writer = csv::WriterBuilder::new();
    writer
        .quote_style(csv::QuoteStyle::NonNumeric)
        .from_writer(file)
}
