//! Files that are complete or absent, tables, locks between processes, and names beside a path.

use std::fs::{self, File, TryLockError};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Writes a file that is complete or absent: it is written beside its place and then renamed.
///
/// Makes the folder of the file where it is missing.
///
/// # Errors
///
/// If the folder cannot be made or the file cannot be written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    write_with(path, |file| Ok(file.write_all(bytes)?))
}

/// As [`write_whole`], for what `write` produces bit by bit.
pub(crate) fn write_with(
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
        Ok(fs::rename(&beside, path)?)
    };
    written().with_context(|| format!("cannot write {}", path.display()))
}

/// Locks a file, which is made where it is missing; `None` if another process holds the lock.
///
/// The lock ends when the returned file is dropped, or with the process.
///
/// # Errors
///
/// If the file cannot be made or the system cannot lock it.
pub(crate) fn lock(path: &Path) -> Result<Option<File>> {
    let cannot = || format!("cannot lock {}", path.display());
    let file = File::create(path).with_context(cannot)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error).with_context(cannot),
    }
}

/// Writes a table that people open in a spreadsheet: with quotes around all texts, so that a `;` in one does not
/// begin a new cell where a spreadsheet separates cells by it.
pub fn csv_writer<W: Write>(file: W) -> csv::Writer<W> {
    let mut writer = csv::WriterBuilder::new();
    writer
        .quote_style(csv::QuoteStyle::NonNumeric)
        .from_writer(file)
}

/// A path in the same folder whose name has `ending` appended: `films.building` for `films`.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

/// Bytes as pairs of lowercase hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
