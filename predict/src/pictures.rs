//! Which files are pictures.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use marquee_models::preprocess::{Format, MAX_FILE_BYTES};

/// The error for a file that is too large to be decoded, and so is not read.
pub(crate) fn check_length(bytes: u64) -> io::Result<()> {
    match bytes > MAX_FILE_BYTES as u64 {
        true => Err(io::Error::other(format!(
            "it is over {} MB",
            MAX_FILE_BYTES >> 20
        ))),
        false => Ok(()),
    }
}

/// The bytes of a picture on the disk.
///
/// # Errors
///
/// If it cannot be read, or is larger than any that is decoded.
pub fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    check_length(length)?;
    let mut bytes = Vec::with_capacity(length as usize);
    // a device such as /dev/zero has no length, and no end
    file.take(MAX_FILE_BYTES as u64 + 1)
        .read_to_end(&mut bytes)?;
    check_length(bytes.len() as u64)?;
    Ok(bytes)
}

/// Whether a file is taken for a picture: its name ends as that of one, such as `.jpg` or `.PNG`, or it begins as
/// one. What only its name says may turn out to be damaged.
pub fn is_picture(name: &str, start: &[u8]) -> bool {
    picture_extension(Path::new(name)).is_some() || Format::of(start).is_ok()
}

/// Whether a file on the disk is taken for a picture, by its name's ending or its first bytes.
pub fn is_picture_file(path: &Path) -> bool {
    let start = || File::open(path).and_then(first_bytes);
    is_picture(&path.to_string_lossy(), &start().unwrap_or_default())
}

/// The first bytes of a file, by which its format is known.
pub(crate) fn first_bytes(file: impl Read) -> io::Result<Vec<u8>> {
    const ENOUGH: u64 = 16;
    let mut start = Vec::new();
    file.take(ENOUGH).read_to_end(&mut start)?;
    Ok(start)
}

/// The extension of a picture's file name, in lower case; `None` if the file is not a picture.
pub fn picture_extension(path: &Path) -> Option<&'static str> {
    let extension = path.extension()?.to_str()?;
    let mut known = Format::ALL.iter().flat_map(|format| format.extensions());
    known
        .find(|known| known.eq_ignore_ascii_case(extension))
        .copied()
}
