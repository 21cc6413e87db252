//! Packed archives and Parquet files, which are unpacked once so that their files can be read in any order.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

use anyhow::{Context, Result};
use flate2::bufread::MultiGzDecoder;
use marquee_models::preprocess::MAX_FILE_BYTES;
use marquee_predict::tar::is_tar_file;
use tempfile::{NamedTempFile, TempPath};

use super::leads_out;
use crate::dataset::manifest::each_image;
use crate::progress;

/// How an archive is packed.
enum Kind {
    /// A tar file packed by gzip.
    Gzip,
    Zip,
    Parquet,
}

impl Kind {
    fn of(path: &Path) -> Option<Kind> {
        let mut start = [0; 4];
        File::open(path).ok()?.read_exact(&mut start).ok()?;
        match start {
            [0x1F, 0x8B, ..] => Some(Kind::Gzip),
            [b'P', b'K', 3, 4] => Some(Kind::Zip),
            [b'P', b'A', b'R', b'1'] => Some(Kind::Parquet),
            _ => None,
        }
    }
}

/// Whether a file seems to be an archive by its first bytes or, of a tar file, by its name.
pub(super) fn is_archive(path: &Path) -> bool {
    Kind::of(path).is_some() || is_tar_file(path)
}

/// Names in an archive, and why they could not be unpacked.
pub(super) type NotUnpacked = Vec<(String, &'static str)>;

/// A tar file with the files of a ZIP archive or a `.tar.gz`, or the pictures of a Parquet file, in the folder for temporary
/// files, and what could not become a part of it; `None` if the archive is neither. It is removed when it is dropped.
///
/// # Errors
///
/// If the archive is damaged, or there is no room for its files.
pub(super) fn unpacked(path: &Path) -> Result<Option<(TempPath, NotUnpacked)>> {
    let Some(kind) = Kind::of(path) else {
        return Ok(None);
    };
    let shown = path.display();
    let mut tar = NamedTempFile::new().context("cannot make a temporary file")?;
    let file = BufReader::new(File::open(path).with_context(|| format!("cannot open {shown}"))?);
    let mut target = BufWriter::new(tar.as_file_mut());
    let mut not_unpacked = Vec::new();
    match kind {
        Kind::Gzip => io::copy(&mut MultiGzDecoder::new(file), &mut target).map(|_| ())?,
        Kind::Zip => not_unpacked = from_zip(file, &mut target)?,
        Kind::Parquet => from_parquet(path, &mut target)?,
    }
    target.flush()?;
    drop(target);
    Ok(Some((tar.into_temp_path(), not_unpacked)))
}

/// Writes the files of a ZIP archive as a tar file. Of one that is too large to be a picture only a part is written, which
/// is too large, too, and so is refused as such when it is read.
fn from_zip(file: BufReader<File>, target: &mut impl Write) -> Result<NotUnpacked> {
    let mut not_unpacked = Vec::new();
    let mut zip = zip::ZipArchive::new(file)?;
    let mut tar = tar::Builder::new(target);
    let bar = progress::bar("unpacking", zip.len() as u64, "files");
    for index in 0..zip.len() {
        bar.inc(1);
        let entry = zip.by_index(index)?;
        let name = entry.name()?.into_owned();
        if entry.is_dir() {
            continue;
        }
        if leads_out(Path::new(&name)) {
            not_unpacked.push((name, "its name leads out of the archive"));
            continue;
        }
        if name.is_empty() || name.contains('\0') {
            not_unpacked.push((name, "it is no name of a file"));
            continue;
        }
        let is_link = entry.is_symlink();
        let mut bytes = Vec::new();
        entry
            .take(MAX_FILE_BYTES as u64 + 1)
            .read_to_end(&mut bytes)
            .with_context(|| format!("{name:?} in it is damaged"))?;
        if !is_link {
            append(&mut tar, &name, &bytes)?;
        } else if bytes.is_empty() || bytes.contains(&0) {
            not_unpacked.push((name, "it is a link to no file in the archive"));
        } else {
            link(&mut tar, &name, &String::from_utf8_lossy(&bytes))?;
        }
    }
    bar.finish_and_clear();
    tar.finish()?;
    Ok(not_unpacked)
}

/// Writes the pictures of a Parquet file as a tar file.
fn from_parquet(path: &Path, target: &mut impl Write) -> Result<()> {
    let mut tar = tar::Builder::new(target);
    let bar = progress::counter("unpacking", "posters");
    each_image(path, |name, bytes| {
        bar.inc(1);
        append(
            &mut tar,
            name,
            &bytes[..bytes.len().min(MAX_FILE_BYTES + 1)],
        )
    })?;
    bar.finish_and_clear();
    Ok(tar.finish()?)
}

fn append(tar: &mut tar::Builder<impl Write>, name: &str, bytes: &[u8]) -> Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    tar.append_data(&mut header, name, bytes)
        .with_context(|| format!("{name:?} in it cannot be unpacked"))
}

/// A ZIP archive holds a link as a file with the name that it leads to.
fn link(tar: &mut tar::Builder<impl Write>, name: &str, target: &str) -> Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_size(0);
    tar.append_link(&mut header, name, target)
        .with_context(|| format!("{name:?} in it cannot be unpacked"))
}
