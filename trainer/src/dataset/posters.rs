//! Collections of posters: a folder of image files, or a tar file of them.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::fs::File;
use std::hash::{Hash, Hasher};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};
use marquee_models::preprocess::{Format, MAX_FILE_BYTES};
use unicode_normalization::UnicodeNormalization;

/// Files of more bytes would not be decoded, so they are not read.
const MOST: u64 = MAX_FILE_BYTES as u64;

fn too_large() -> String {
    format!("it is over {} MB", MOST >> 20)
}

/// Whether a file is taken for a picture: its name ends as that of one, such as `.jpg` or `.PNG`, or it begins as
/// one. What only its name says may turn out to be damaged.
fn is_picture(name: &str, start: &[u8]) -> bool {
    picture_extension(Path::new(name)).is_some() || Format::of(start).is_ok()
}

/// Whether a file on the disk is taken for a picture, by its name's ending or its first bytes.
pub fn is_picture_file(path: &Path) -> bool {
    let start = || File::open(path).and_then(first_bytes);
    is_picture(&path.to_string_lossy(), &start().unwrap_or_default())
}

/// The first bytes of a file, by which its format is known.
fn first_bytes(file: impl Read) -> io::Result<Vec<u8>> {
    const ENOUGH: u64 = 16;
    let mut start = Vec::new();
    file.take(ENOUGH).read_to_end(&mut start)?;
    Ok(start)
}

/// Whether a system made this file or folder, or whoever did wants it hidden: `.DS_Store`, `@eaDir`, `__MACOSX`.
pub fn is_hidden(name: &str) -> bool {
    const SYSTEMS: [&str; 8] = [
        "#recycle",
        "@Recycle",
        "@eaDir",
        "__MACOSX",
        "$RECYCLE.BIN",
        "System Volume Information",
        "Thumbs.db",
        "desktop.ini",
    ];
    name.starts_with('.') || SYSTEMS.contains(&name)
}

/// The extension of a picture's file name, in lower case; `None` if the file is not a picture.
pub fn picture_extension(path: &Path) -> Option<&'static str> {
    let extension = path.extension()?.to_str()?;
    let mut known = Format::ALL.iter().flat_map(|format| format.extensions());
    known
        .find(|known| known.eq_ignore_ascii_case(extension))
        .copied()
}

/// Where a file lies in a tar file. It takes 8 bytes, because there can be millions of files.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// The block of the tar file at which it begins.
    block: u32,
    /// In bytes.
    length: u32,
}

/// The size of a tar file's blocks, in bytes.
const BLOCK: u64 = 512;

impl Place {
    /// Reads the file's bytes.
    fn read(self, tar: &Path) -> io::Result<Vec<u8>> {
        let mut file = File::open(tar)?;
        file.seek(SeekFrom::Start(u64::from(self.block) * BLOCK))?;
        let mut bytes = vec![0; self.length as usize];
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// Reads the file's first bytes.
    fn start(self, tar: &mut File) -> io::Result<Vec<u8>> {
        tar.seek(SeekFrom::Start(u64::from(self.block) * BLOCK))?;
        first_bytes(tar.take(u64::from(self.length)))
    }
}

/// Calls `found` with the name and the place of each file in a tar file, in its order; hard links, which are
/// further names of files, come last. Symbolic links, folders and devices are skipped.
fn scan(path: &Path, mut found: impl FnMut(&str, Place)) -> Result<()> {
    // the names of links by that of their file
    let mut links: HashMap<String, Vec<String>> = HashMap::new();
    files(path, &mut found, |name, target| {
        links
            .entry(target.to_owned())
            .or_default()
            .push(name.to_owned());
    })?;
    if links.is_empty() {
        return Ok(());
    }
    files(
        path,
        |name, place| {
            let names = links.get(name).into_iter().flatten();
            names.for_each(|link| found(link, place));
        },
        |_, _| (),
    )
}

/// Calls `found` with the name and the place of each file in a tar file, and `linked` with the name and the
/// file's name of each hard link.
fn files(
    path: &Path,
    mut found: impl FnMut(&str, Place),
    mut linked: impl FnMut(&str, &str),
) -> Result<()> {
    let inside = |name: &[u8]| {
        let name = String::from_utf8_lossy(name);
        name.strip_prefix("./").unwrap_or(&name).to_owned()
    };
    let shown = path.display();
    let file = File::open(path).with_context(|| format!("cannot open {shown}"))?;
    let whole = file.metadata().map(|file| file.len()).unwrap_or(0);
    let mut archive = tar::Archive::new(BufReader::new(file));
    let broken = || format!("{shown} is not a complete tar file");
    for entry in archive.entries_with_seek().with_context(broken)? {
        let entry = entry.with_context(broken)?;
        let name = inside(&entry.path_bytes());
        if entry.header().entry_type().is_hard_link()
            && let Some(target) = entry.link_name_bytes()
        {
            linked(&name, &inside(&target));
        }
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let (start, length) = (entry.raw_file_position(), entry.size());
        if start.checked_add(length).is_none_or(|end| end > whole) {
            bail!("{shown} is cut off within {name:?}");
        }
        let (Ok(block), Ok(length)) = (u32::try_from(start / BLOCK), u32::try_from(length)) else {
            bail!("{shown} is too large; a tar file may have 2 TB, and each file in it 4 GB");
        };
        let place = Place { block, length };
        found(&name, place);
    }
    Ok(())
}

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

/// A collection of posters, which are read by name.
pub enum Posters {
    /// The files in a folder and its subfolders.
    Folder(PathBuf),
    /// The files in a tar file.
    Tar(TarIndex),
}

/// The places of a tar file's files by a hash of their names, which takes less memory than the names.
pub struct TarIndex {
    path: PathBuf,
    /// Sorted by hash. If a name is there twice, the later file counts, as when tar unpacks it.
    places: Vec<(u64, Place)>,
}

impl TarIndex {
    fn open(path: &Path) -> Result<TarIndex> {
        let mut places = Vec::new();
        scan(path, |name, place| places.push((hash(name), place)))?;
        places.sort_by_key(|(name, _)| *name);
        Ok(TarIndex {
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

/// A Mac writes letters with accents, and Korean ones, in parts (NFD); others in one piece (NFC). Both are one
/// name.
fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.nfc().for_each(|letter| letter.hash(&mut hasher));
    hasher.finish()
}

impl Posters {
    /// Opens a folder or a tar file.
    ///
    /// # Errors
    ///
    /// If the path does not exist, or is a file but not a complete tar file.
    pub fn open(path: &Path) -> Result<Posters> {
        if path.is_dir() {
            return Ok(Posters::Folder(path.to_owned()));
        }
        let index = TarIndex::open(path).with_context(|| {
            format!(
                "{} is neither a folder of posters nor a tar file of posters",
                path.display()
            )
        })?;
        Ok(Posters::Tar(index))
    }

    /// The bytes of the poster of this name; `None` if there is no such file.
    ///
    /// # Errors
    ///
    /// The reason in words: the file cannot be read, it is too large, or its name leads out of the
    /// folder.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let unreadable = |error: io::Error| format!("it cannot be read: {error}");
        match self {
            Posters::Folder(folder) => {
                let inside =
                    |part: Component| matches!(part, Component::Normal(_) | Component::CurDir);
                // the name may also be the whole path of a file in the folder
                let relative = Path::new(name);
                let relative = relative.strip_prefix(folder).unwrap_or(relative);
                if !relative.components().all(inside) {
                    return Err("its name leads out of the folder".to_owned());
                }
                let path = spelled(folder, relative);
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

    /// Calls `found` with the name of each picture. Every other file goes to `unused`, except hidden ones and those of
    /// systems. The order is not defined.
    ///
    /// # Errors
    ///
    /// If a folder or the tar file cannot be read.
    pub fn pictures(
        &self,
        mut found: impl FnMut(&str),
        mut unused: impl FnMut(&str),
    ) -> Result<()> {
        let mut tell = |name: &str, start: &[u8]| match is_picture(name, start) {
            true => found(name),
            false => unused(name),
        };
        match self {
            Posters::Tar(index) => {
                let mut tar = File::open(&index.path)?;
                let mut problem = Ok(());
                scan(&index.path, |name, place| {
                    if name.split('/').any(is_hidden) {
                        return;
                    }
                    match place.start(&mut tar) {
                        Ok(start) => tell(name, &start),
                        Err(error) => problem = Err(error),
                    }
                })?;
                problem.with_context(|| format!("cannot read {}", index.path.display()))
            }
            Posters::Folder(folder) => walk(folder, "", &mut |name| {
                let start = File::open(folder.join(name)).and_then(first_bytes);
                tell(name, &start.unwrap_or_default());
            }),
        }
    }
}

/// Calls `found` with the name of each file in a folder and its subfolders, within the uppermost one. Hidden files and
/// folders are passed over, and so are links to folders, which could lead back.
fn walk(folder: &Path, inside: &str, found: &mut impl FnMut(&str)) -> Result<()> {
    for name in names(folder)? {
        if is_hidden(&name) {
            continue;
        }
        let path = folder.join(&name);
        let name = format!("{inside}{name}");
        if !path.is_dir() {
            found(&name);
        } else if !path.is_symlink() {
            walk(&path, &format!("{name}/"), found)?;
        }
    }
    Ok(())
}

/// The path of a file within a folder, in the Unicode form in which it is there.
fn spelled(folder: &Path, name: &Path) -> PathBuf {
    let path = folder.join(name);
    match name
        .to_str()
        .filter(|name| !name.is_ascii() && !path.exists())
    {
        Some(name) => [name.nfc().collect::<String>(), name.nfd().collect()]
            .map(|name| folder.join(name))
            .into_iter()
            .find(|path| path.exists())
            .unwrap_or(path),
        None => path,
    }
}

/// The names in a folder. Names that are not Unicode are skipped.
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
    fn hard_links_are_further_names_of_a_file() {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, target) in [("a.jpg", ""), ("b.jpg", "./a.jpg")] {
            if target.is_empty() {
                append(&mut builder, name, b"first");
                continue;
            }
            let mut link = tar::Header::new_gnu();
            link.set_entry_type(tar::EntryType::Link);
            link.set_size(0);
            builder
                .append_link(&mut link, name, target)
                .expect("it can be added");
        }
        let file = tar_file(&builder.into_inner().expect("it is written to memory"));
        let posters = Posters::open(file.path()).expect("a sound tar");
        assert_eq!(posters.read("b.jpg"), Ok(Some(b"first".to_vec())));
        let archive = Archive::open(file.path()).expect("a sound tar");
        assert_eq!((archive.len(), archive.name(1)), (2, "b.jpg"));
    }

    #[test]
    fn a_name_is_found_in_either_unicode_form() {
        let (whole, parts) = ("기생충 é.jpg", "기생충 é.jpg".nfd().collect::<String>());
        assert_ne!(whole, parts);
        for (stored, asked) in [(whole, parts.as_str()), (parts.as_str(), whole)] {
            let folder = tempfile::tempdir().expect("a folder can be made");
            std::fs::write(folder.path().join(stored), b"found").expect("it can be written");
            let posters = Posters::open(folder.path()).expect("a folder");
            assert_eq!(posters.read(asked), Ok(Some(b"found".to_vec())), "{asked}");
            let mut builder = tar::Builder::new(Vec::new());
            append(&mut builder, stored, b"found");
            let file = tar_file(&builder.into_inner().expect("it is written to memory"));
            let posters = Posters::open(file.path()).expect("a sound tar");
            assert_eq!(posters.read(asked), Ok(Some(b"found".to_vec())), "{asked}");
        }
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
                _ = posters.pictures(|_| (), |_| ());
            }
        }
    }
}
