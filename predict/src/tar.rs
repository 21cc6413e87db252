//! Where the files of a tar file lie in it.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::packed::packed_as;
use crate::pictures::{check_length, first_bytes};

/// Whether a file is a tar file, by its name's ending or its mark ("ustar", POSIX).
pub fn is_tar_file(path: &Path) -> bool {
    const MARK: (u64, &[u8]) = (257, b"ustar");
    let mark = || {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(MARK.0))?;
        let mut mark = [0; MARK.1.len()];
        file.read_exact(&mut mark).map(|()| mark == *MARK.1)
    };
    let extension = path.extension().unwrap_or_default();
    // a pipe would have to be waited for
    path.is_file() && (extension.eq_ignore_ascii_case("tar") || mark().unwrap_or(false))
}

/// Where a file lies in a tar file. It takes 8 bytes, because there can be millions of files.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The block of the tar file at which it begins.
    block: u32,
    /// In bytes.
    length: u32,
}

/// The size of a tar file's blocks, in bytes.
const BLOCK: u64 = 512;

impl Place {
    /// Reads the file's bytes.
    ///
    /// # Errors
    ///
    /// If the tar file cannot be read, or the file is larger than any picture that is decoded.
    pub fn read(self, tar: &Path) -> io::Result<Vec<u8>> {
        check_length(self.length.into())?;
        let mut file = File::open(tar)?;
        file.seek(SeekFrom::Start(u64::from(self.block) * BLOCK))?;
        let mut bytes = vec![0; self.length as usize];
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// Reads the file's first bytes, by which its format is known.
    ///
    /// # Errors
    ///
    /// If the tar file cannot be read.
    pub fn start(self, tar: &mut File) -> io::Result<Vec<u8>> {
        tar.seek(SeekFrom::Start(u64::from(self.block) * BLOCK))?;
        first_bytes(tar.take(u64::from(self.length)))
    }
}

/// Calls `found` with the name and the place of each file in a tar file, in its order; links to files within it, which
/// are further names of them, come last. Folders, devices and other links are skipped.
///
/// # Errors
///
/// If the file cannot be opened or is not a complete tar file, and those of `found`.
pub fn scan(path: &Path, found: impl FnMut(&str, Place) -> Result<()>) -> Result<()> {
    scan_all(path, found, |_, _| ())
}

/// As [`scan`]; the name of what is skipped, but for folders, goes to `skipped` with the reason.
///
/// # Errors
///
/// As [`scan`].
pub fn scan_all(
    path: &Path,
    mut found: impl FnMut(&str, Place) -> Result<()>,
    mut skipped: impl FnMut(&str, &'static str),
) -> Result<()> {
    // the names of links by that of their file
    let mut links: HashMap<String, Vec<String>> = HashMap::new();
    files(path, &mut found, |name, target| match target {
        Ok(target) => links
            .entry(target.to_owned())
            .or_default()
            .push(name.to_owned()),
        Err(why) => skipped(name, why),
    })?;
    if links.is_empty() {
        return Ok(());
    }
    let mut followed = HashSet::new();
    files(
        path,
        |name, place| {
            let Some((file, names)) = links.get_key_value(name) else {
                return Ok(());
            };
            followed.insert(file);
            names.iter().try_for_each(|link| found(link, place))
        },
        |_, _| (),
    )?;
    let lost = links.iter().filter(|(file, _)| !followed.contains(file));
    for name in lost.flat_map(|(_, names)| names) {
        skipped(name, "it is a link to no file in the archive");
    }
    Ok(())
}

/// Calls `found` with the name and the place of each file in a tar file, and `other` with the name of everything else
/// but folders: the file's name of a link, or why it leads to none.
fn files(
    path: &Path,
    mut found: impl FnMut(&str, Place) -> Result<()>,
    mut other: impl FnMut(&str, Result<&str, &'static str>),
) -> Result<()> {
    let inside = |name: &[u8]| {
        let name = String::from_utf8_lossy(name);
        name.strip_prefix("./").unwrap_or(&name).to_owned()
    };
    let shown = path.display();
    let file = File::open(path).with_context(|| format!("cannot open {shown}"))?;
    let whole = file.metadata().map(|file| file.len()).unwrap_or(0);
    let mut file = BufReader::new(file);
    if let Some(kind) = packed_as(file.fill_buf().unwrap_or_default()) {
        bail!(
            "{shown} is {kind}, which is not read; unpack it into a folder, or pack it as a tar without compression"
        );
    }
    let mut archive = tar::Archive::new(file);
    let broken = || format!("{shown} is not a complete tar file");
    for entry in archive.entries_with_seek().with_context(broken)? {
        let entry = entry.with_context(broken)?;
        let name = inside(&entry.path_bytes());
        let kind = entry.header().entry_type();
        if !kind.is_file() {
            let target = entry.link_name_bytes().as_deref().map(inside);
            match target.filter(|_| kind.is_hard_link() || kind.is_symlink()) {
                Some(target) if kind.is_hard_link() => other(&name, Ok(&target)),
                Some(target) => {
                    let target = beside(&name, &target);
                    let outside = "it is a link that leads out of the archive";
                    other(&name, target.as_deref().ok_or(outside));
                }
                None if kind.is_dir() || kind.is_pax_global_extensions() => {}
                None => other(&name, Err("it is no plain file")),
            }
            continue;
        }
        let (start, length) = (entry.raw_file_position(), entry.size());
        if start.checked_add(length).is_none_or(|end| end > whole) {
            bail!("{shown} is cut off within {name:?}");
        }
        let (Ok(block), Ok(length)) = (u32::try_from(start / BLOCK), u32::try_from(length)) else {
            bail!("{shown} is too large; a tar file may have 2 TB, and each file in it 4 GB");
        };
        found(&name, Place { block, length })?;
    }
    Ok(())
}

/// The name in a tar file that a symbolic link of this name leads to; `None` if that is outside.
fn beside(name: &str, target: &str) -> Option<String> {
    if target.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = name.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbolic_links_stay_within_the_tar() {
        for (name, target, expected) in [
            ("a/b.jpg", "c.jpg", Some("a/c.jpg")),
            ("a/b.jpg", "../c/./d.jpg", Some("c/d.jpg")),
            ("b.jpg", "../c.jpg", None),
            ("b.jpg", "/etc/passwd", None),
        ] {
            assert_eq!(beside(name, target).as_deref(), expected, "{name} {target}");
        }
    }
}
