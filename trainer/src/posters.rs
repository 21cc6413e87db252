//! Where posters come from: a folder of image files, or a tar of them.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use memmap2::Mmap;

/// Endings of the files that count as pictures in a folder or a tar.
pub const EXTENSIONS: [&str; 6] = ["bmp", "gif", "jpeg", "jpg", "png", "webp"];

/// Whether a file's name ends as a picture's does.
pub fn is_picture(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| {
        EXTENSIONS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(extension))
    })
}

/// A tar in memory-mapped form, with the place of each file in it.
pub struct Archive {
    map: Mmap,
    /// Name, first byte and length, in the tar's order.
    entries: Vec<(String, usize, usize)>,
}

impl Archive {
    /// Maps a tar and finds its files.
    ///
    /// # Errors
    ///
    /// Where it cannot be opened or is no whole tar.
    pub fn open(path: &Path) -> Result<Archive> {
        let shown = path.display();
        let file = File::open(path).with_context(|| format!("cannot open {shown}"))?;
        // A read-only map of a file that nothing else is expected to shorten while we run.
        #[allow(unsafe_code)]
        let map = unsafe { Mmap::map(&file) }.with_context(|| format!("cannot map {shown}"))?;
        let mut entries = Vec::new();
        let mut archive = tar::Archive::new(&map[..]);
        let broken = || format!("{shown} is not a whole tar file");
        for entry in archive.entries().with_context(broken)? {
            let entry = entry.with_context(broken)?;
            if !entry.header().entry_type().is_file() {
                continue;
            }
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            let start = entry.raw_file_position() as usize;
            let length = entry.size() as usize;
            if start.checked_add(length).is_none_or(|end| end > map.len()) {
                anyhow::bail!("{shown} is cut off within {name:?}");
            }
            entries.push((name, start, length));
        }
        Ok(Archive { map, entries })
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Name and bytes of a file, counted from 0 in the tar's order.
    ///
    /// # Panics
    ///
    /// Where there are not so many files.
    pub fn entry(&self, index: usize) -> (&str, &[u8]) {
        let (name, start, length) = &self.entries[index];
        (name, &self.map[*start..*start + *length])
    }
}

/// A collection of posters to take single ones from.
pub enum Posters {
    /// Files in a folder.
    Folder(PathBuf),
    /// Files in a tar, with the place of each name.
    Tar(Archive, HashMap<String, usize>),
}

impl Posters {
    /// Opens a folder or a tar.
    ///
    /// # Errors
    ///
    /// Where there is nothing of that name, or a file that is no tar.
    pub fn open(path: &Path) -> Result<Posters> {
        if path.is_dir() {
            return Ok(Posters::Folder(path.to_owned()));
        }
        let archive = Archive::open(path).with_context(|| {
            format!(
                "{} is neither a folder of posters nor a tar of them",
                path.display()
            )
        })?;
        let names = (0..archive.len()).map(|index| {
            let name = archive.entry(index).0;
            (name.strip_prefix("./").unwrap_or(name).to_owned(), index)
        });
        let names = names.collect();
        Ok(Posters::Tar(archive, names))
    }

    /// The bytes of the poster of that name.
    ///
    /// # Errors
    ///
    /// The reason, in words, why there are none. A name that leads out of the folder is one.
    pub fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        if name.is_empty() {
            return Err("the row names no poster".to_owned());
        }
        match self {
            Posters::Folder(folder) => {
                let inside =
                    |part: Component| matches!(part, Component::Normal(_) | Component::CurDir);
                if !Path::new(name).components().all(inside) {
                    return Err(format!(
                        "the poster's name {name:?} leads out of the folder"
                    ));
                }
                std::fs::read(folder.join(name)).map_err(|error| match error.kind() {
                    io::ErrorKind::NotFound => "there is no such poster".to_owned(),
                    _ => format!("the poster cannot be read: {error}"),
                })
            }
            Posters::Tar(archive, names) => names
                .get(name.strip_prefix("./").unwrap_or(name))
                .map(|index| archive.entry(*index).1.to_vec())
                .ok_or_else(|| "there is no such poster".to_owned()),
        }
    }
}
