//! Files that are complete or absent, tables, locks between processes, and names beside a path.

use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
pub use marquee_predict::files::{csv_writer, write_with};

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
