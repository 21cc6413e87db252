use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::picture_file::{is_hidden, is_picture};
use super::tar_file::{Place, scan};

/// The files of a tar file, in its order.
pub struct Archive {
    path: PathBuf,
    entries: Vec<(String, Place)>,
}

impl Archive {
    /// Reads the names and places of the files.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened or is not a complete tar file.
    pub fn open(path: &Path) -> Result<Archive> {
        let mut entries = Vec::new();
        scan(path, |name, place| entries.push((name.to_owned(), place)))?;
        Ok(Archive {
            path: path.to_owned(),
            entries,
        })
    }

    /// The number of files.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no files.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The name of a file. Files are counted from 0.
    ///
    /// # Panics
    ///
    /// If there is no such file.
    pub fn name(&self, index: usize) -> &str {
        &self.entries[index].0
    }

    /// Whether a file is hidden, or of a system.
    ///
    /// # Panics
    ///
    /// If there is no such file.
    pub fn is_hidden(&self, index: usize) -> bool {
        self.name(index).split('/').any(is_hidden)
    }

    /// Whether a file is taken for a picture, by its name's ending or its first bytes, and is not hidden.
    ///
    /// # Errors
    ///
    /// If the tar file cannot be read.
    ///
    /// # Panics
    ///
    /// If there is no such file.
    pub fn is_picture(&self, index: usize) -> io::Result<bool> {
        let (name, place) = &self.entries[index];
        let start = place.start(&mut File::open(&self.path)?)?;
        Ok(!self.is_hidden(index) && is_picture(name, &start))
    }

    /// The bytes of a file. Files are counted from 0.
    ///
    /// # Errors
    ///
    /// If the tar file cannot be read.
    ///
    /// # Panics
    ///
    /// If there is no such file.
    pub fn read(&self, index: usize) -> io::Result<Vec<u8>> {
        self.entries[index].1.read(&self.path)
    }
}
