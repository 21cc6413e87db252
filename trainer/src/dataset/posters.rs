//! Where posters come from: a folder of image files, or a tar of them.

use std::collections::hash_map::DefaultHasher;
use std::fs::File;
use std::hash::{Hash, Hasher};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};
use marquee_models::preprocess::{Format, MAX_FILE_BYTES};

/// A larger file would not be decoded, so it is not read either.
const MOST: u64 = MAX_FILE_BYTES as u64;

fn too_large() -> String {
    format!("it is over {} MB", MOST >> 20)
}

/// Whether a file's name ends as a picture's does.
pub fn is_picture(path: &Path) -> bool {
    picture_extension(path).is_some()
}

/// The extension of a picture's file name, in lower case; `None` for another file's.
pub fn picture_extension(path: &Path) -> Option<&'static str> {
    let extension = path.extension()?.to_str()?;
    let mut known = Format::ALL.iter().flat_map(|format| format.extensions());
    known
        .find(|known| known.eq_ignore_ascii_case(extension))
        .copied()
}

/// Where a file's bytes lie in a tar, in 8 bytes: there may be millions.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// Where it begins, in tar's blocks.
    block: u32,
    /// Bytes.
    length: u32,
}

/// What tar counts in, bytes.
const BLOCK: u64 = 512;

impl Place {
    /// Reads them. Nothing of the tar stays in memory, however large it is.
    fn read(self, tar: &Path) -> io::Result<Vec<u8>> {
        let mut file = File::open(tar)?;
        file.seek(SeekFrom::Start(u64::from(self.block) * BLOCK))?;
        let mut bytes = vec![0; self.length as usize];
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

/// Tells `found` the name and the place of each file in a tar, in the tar's order. Links, folders
/// and devices are passed over.
fn scan(path: &Path, mut found: impl FnMut(&str, Place)) -> Result<()> {
    let shown = path.display();
    let file = File::open(path).with_context(|| format!("cannot open {shown}"))?;
    let whole = file.metadata().map(|file| file.len()).unwrap_or(0);
    let mut archive = tar::Archive::new(BufReader::new(file));
    let broken = || format!("{shown} is not a whole tar file");
    for entry in archive.entries_with_seek().with_context(broken)? {
        let entry = entry.with_context(broken)?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let (start, length) = (entry.raw_file_position(), entry.size());
        if start.checked_add(length).is_none_or(|end| end > whole) {
            bail!("{shown} is cut off within {name:?}");
        }
        let (Ok(block), Ok(length)) = (u32::try_from(start / BLOCK), u32::try_from(length)) else {
            bail!("{shown} is too large for one tar; 2 TB, and 4 GB a file, are the most");
        };
        let place = Place { block, length };
        found(name.strip_prefix("./").unwrap_or(&name), place);
    }
    Ok(())
}

/// A tar's files in its own order.
pub struct Archive {
    path: PathBuf,
    entries: Vec<(String, Place)>,
}

impl Archive {
    /// Finds a tar's files.
    ///
    /// # Errors
    ///
    /// Where it cannot be opened or is no whole tar.
    pub fn open(path: &Path) -> Result<Archive> {
        let mut entries = Vec::new();
        scan(path, |name, place| entries.push((name.to_owned(), place)))?;
        Ok(Archive {
            path: path.to_owned(),
            entries,
        })
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Name of a file, counted from 0 in the tar's order.
    ///
    /// # Panics
    ///
    /// Where there are not so many files.
    pub fn name(&self, index: usize) -> &str {
        &self.entries[index].0
    }

    /// Bytes of a file.
    ///
    /// # Errors
    ///
    /// Where the tar cannot be read any more.
    ///
    /// # Panics
    ///
    /// As [`name`](Self::name) does.
    pub fn read(&self, index: usize) -> io::Result<Vec<u8>> {
        self.entries[index].1.read(&self.path)
    }
}

/// A collection of posters to take single ones from, by name.
pub enum Posters {
    /// Files in a folder.
    Folder(PathBuf),
    /// Files in a tar.
    Tar(Index),
}

/// A tar's files by a hash of their names, which takes a fraction of the names' memory.
pub struct Index {
    path: PathBuf,
    /// Sorted. Of two files of one name the later one counts, as when a tar is unpacked.
    places: Vec<(u64, Place)>,
}

impl Index {
    fn open(path: &Path) -> Result<Index> {
        let mut places = Vec::new();
        scan(path, |name, place| places.push((hash(name), place)))?;
        places.sort_by_key(|(name, _)| *name);
        Ok(Index {
            path: path.to_owned(),
            places,
        })
    }

    fn find(&self, name: &str) -> Option<Place> {
        let name = hash(name);
        let after = self.places.partition_point(|(known, _)| *known <= name);
        let (known, place) = self.places[..after].last()?;
        (*known == name).then_some(*place)
    }
}

fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
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
        let index = Index::open(path).with_context(|| {
            format!(
                "{} is neither a folder of posters nor a tar of them",
                path.display()
            )
        })?;
        Ok(Posters::Tar(index))
    }

    /// The bytes of the poster of that name; `None` where there is none of that name.
    ///
    /// # Errors
    ///
    /// The reason, in words, why it cannot be read. A name that leads out of the folder is one.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let unreadable = |error: io::Error| format!("it cannot be read: {error}");
        match self {
            Posters::Folder(folder) => {
                let inside =
                    |part: Component| matches!(part, Component::Normal(_) | Component::CurDir);
                // a whole path may be given, too, as long as it leads into the folder
                let name = Path::new(name);
                let name = name.strip_prefix(folder).unwrap_or(name);
                if !name.components().all(inside) {
                    return Err("its name leads out of the folder".to_owned());
                }
                let path = folder.join(name);
                if path.metadata().is_ok_and(|file| file.len() > MOST) {
                    return Err(too_large());
                }
                match std::fs::read(path) {
                    Ok(bytes) => Ok(Some(bytes)),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                    Err(error) => Err(unreadable(error)),
                }
            }
            Posters::Tar(index) => index
                .find(name.strip_prefix("./").unwrap_or(name))
                .map(|place| match u64::from(place.length) > MOST {
                    true => Err(too_large()),
                    false => place.read(&index.path).map_err(unreadable),
                })
                .transpose(),
        }
    }

    /// Tells `found` the class and the name of each picture that lies in a folder of its class:
    /// `<class>/<file>`, in no certain order.
    ///
    /// # Errors
    ///
    /// Where a folder or the tar cannot be read.
    pub fn by_class(&self, mut found: impl FnMut(&str, &str)) -> Result<()> {
        let mut tell = |name: &str| {
            let mut parts = name.split('/');
            if let (Some(class), Some(_), None) = (parts.next(), parts.next(), parts.next())
                && is_picture(Path::new(name))
            {
                found(class, name);
            }
        };
        match self {
            Posters::Tar(index) => scan(&index.path, |name, _| tell(name)),
            Posters::Folder(folder) => {
                for class in names(folder)? {
                    let inside = folder.join(&class);
                    if inside.is_dir() {
                        for file in names(&inside)? {
                            tell(&format!("{class}/{file}"));
                        }
                    }
                }
                Ok(())
            }
        }
    }
}

/// Names in a folder; those that are not Unicode are passed over.
fn names(folder: &Path) -> Result<impl Iterator<Item = String>> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("cannot read the folder {}", folder.display()))?;
    Ok(entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;

    fn tar_file(bytes: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().expect("a file can be made");
        file.write_all(bytes).expect("it can be written");
        file
    }

    fn append(builder: &mut tar::Builder<Vec<u8>>, name: &str, bytes: &[u8]) {
        let mut header = tar::Header::new_gnu();
        // set by hand: the library refuses names that lead out of a folder
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        builder.append(&header, bytes).expect("it can be added");
    }

    #[test]
    fn a_tar_gives_files_by_name_and_no_links() {
        let mut builder = tar::Builder::new(Vec::new());
        append(&mut builder, "./a.jpg", b"first");
        append(&mut builder, "../../etc/b.jpg", b"outside");
        append(&mut builder, "a.jpg", b"second");
        let mut link = tar::Header::new_gnu();
        link.set_entry_type(tar::EntryType::Symlink);
        link.set_size(0);
        builder
            .append_link(&mut link, "c.jpg", "/etc/passwd")
            .expect("it can be added");
        let file = tar_file(&builder.into_inner().expect("it is written to memory"));
        let posters = Posters::open(file.path()).expect("a sound tar");
        assert_eq!(posters.read("a.jpg"), Ok(Some(b"second".to_vec())));
        assert_eq!(posters.read("c.jpg"), Ok(None));
        assert_eq!(posters.read("/etc/passwd"), Ok(None));
    }

    #[test]
    fn no_name_leads_out_of_a_folder() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let posters = Posters::open(folder.path()).expect("a folder");
        for name in ["../a.jpg", "/etc/passwd", "b/../../a.jpg"] {
            assert!(posters.read(name).is_err(), "{name}");
        }
        std::fs::write(folder.path().join("a.jpg"), b"inside").expect("it can be written");
        let whole = folder.path().join("a.jpg");
        let whole = whole.to_str().expect("a plain name");
        for name in ["a.jpg", "./a.jpg", whole] {
            assert_eq!(posters.read(name), Ok(Some(b"inside".to_vec())), "{name}");
        }
        assert_eq!(posters.read("none.jpg"), Ok(None));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..2048),
            flips in proptest::collection::vec((0..1536_usize, any::<u8>()), 0..8),
        ) {
            _ = Posters::open(tar_file(&bytes).path());
            let mut builder = tar::Builder::new(Vec::new());
            append(&mut builder, "a/b.jpg", b"some bytes");
            let mut tar = builder.into_inner().expect("it is written to memory");
            for (at, byte) in flips {
                tar[at] = byte;
            }
            if let Ok(posters) = Posters::open(tar_file(&tar).path()) {
                _ = posters.read("a/b.jpg");
                _ = posters.by_class(|_, _| ());
            }
        }
    }
}
