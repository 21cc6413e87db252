//! Collections of posters: a folder of image files, or a tar, `.tar.gz` or ZIP file of them.

mod folder;
mod tar_index;
mod unpacked;

pub use tar_index::TarIndex;

use std::cell::RefCell;
use std::fs::File;
use std::io;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, ensure};
use marquee_models::hidden::is_hidden;
use marquee_predict::pictures::{is_picture, is_picture_file, read_file};
use marquee_predict::tar::{Place, scan_all};

use folder::{spelled, walk};
use unpacked::is_archive;

/// A collection of posters, which are read by name.
pub enum Posters {
    /// The files in a folder and its subfolders.
    Folder(PathBuf),
    /// The files in an archive.
    Tar(TarIndex),
}

impl Posters {
    /// Opens a folder or an archive.
    ///
    /// # Errors
    ///
    /// If the path does not exist, or is a file but not a complete archive.
    pub fn open(path: &Path) -> Result<Posters> {
        if path.is_dir() {
            return Ok(Posters::Folder(path.to_owned()));
        }
        let shown = path.display();
        ensure!(path.exists(), "there is no folder or archive {shown}");
        let index = TarIndex::open(path).with_context(|| match is_archive(path) {
            true => format!("the archive {shown} cannot be read; it may be damaged or cut off"),
            false => format!(
                "{shown} is neither a folder of posters nor an archive of posters (tar, tar.gz or ZIP)"
            ),
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
                // the name may also be the whole path of a file in the folder
                let relative = Path::new(name);
                let relative = relative.strip_prefix(folder).unwrap_or(relative);
                if leads_out(relative) {
                    return Err("its name leads out of the folder".to_owned());
                }
                match read_file(&spelled(folder, relative)) {
                    Ok(bytes) => Ok(Some(bytes)),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                    Err(error) => Err(unreadable(error)),
                }
            }
            Posters::Tar(index) => index
                .find(name.strip_prefix("./").unwrap_or(name))
                .map(|place| place.read(&index.path).map_err(unreadable))
                .transpose(),
        }
    }

    /// Calls `found` with the name of each picture. Every other file goes to `unused` with the reason, except hidden ones
    /// and those of systems. In an archive, that goes for links that lead to no file of it, and for names that lead out
    /// of it, too. The order is not defined.
    ///
    /// # Errors
    ///
    /// If a folder or the tar file cannot be read.
    pub fn pictures(
        &self,
        mut found: impl FnMut(&str),
        unused: impl FnMut(&str, &'static str),
    ) -> Result<()> {
        let unused = RefCell::new(unused);
        let mut tell = |name: &str, is_picture: bool| match is_picture {
            true => found(name),
            false => (unused.borrow_mut())(name, "it is no picture"),
        };
        match self {
            Posters::Tar(index) => {
                let mut tar = File::open(&index.path)?;
                let skipped = |name: &str, why| {
                    if leads_out(Path::new(name)) || !name.split('/').any(is_hidden) {
                        (unused.borrow_mut())(name, why);
                    }
                };
                let read = |name: &str, place: Place| -> Result<()> {
                    if leads_out(Path::new(name)) {
                        skipped(name, "its name leads out of the archive");
                    } else if !name.split('/').any(is_hidden) {
                        let start = place.start(&mut tar);
                        let start = start
                            .with_context(|| format!("cannot read {}", index.path.display()))?;
                        tell(name, is_picture(name, &start));
                    }
                    Ok(())
                };
                scan_all(&index.path, read, skipped)?;
                for (name, why) in &index.not_unpacked {
                    skipped(name, why);
                }
                Ok(())
            }
            Posters::Folder(folder) => walk(
                folder,
                "",
                &mut |name| tell(name, is_picture_file(&folder.join(name))),
                &mut |name, why| (unused.borrow_mut())(name, why),
            ),
        }
    }
}

/// Whether a name within a folder or an archive leads out of it.
fn leads_out(name: &Path) -> bool {
    let inside = |part: Component| matches!(part, Component::Normal(_) | Component::CurDir);
    !name.components().all(inside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;
    use unicode_normalization::UnicodeNormalization;

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
    fn links_are_further_names_of_a_file() {
        use tar::EntryType::{Link, Symlink};
        let mut builder = tar::Builder::new(Vec::new());
        for (name, target, kind) in [
            ("a.jpg", "", Link),
            ("b.jpg", "./a.jpg", Link),
            ("c/d.jpg", "../a.jpg", Symlink),
        ] {
            if target.is_empty() {
                append(&mut builder, name, b"first");
                continue;
            }
            let mut link = tar::Header::new_gnu();
            link.set_entry_type(kind);
            link.set_size(0);
            builder
                .append_link(&mut link, name, target)
                .expect("it can be added");
        }
        let file = tar_file(&builder.into_inner().expect("it is written to memory"));
        let posters = Posters::open(file.path()).expect("a sound tar");
        for name in ["b.jpg", "c/d.jpg"] {
            assert_eq!(posters.read(name), Ok(Some(b"first".to_vec())), "{name}");
        }
        let mut names = Vec::new();
        posters
            .pictures(|name| names.push(name.to_owned()), |_, _| {})
            .expect("it can be read");
        assert_eq!(names, ["a.jpg", "b.jpg", "c/d.jpg"]);
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
    fn a_folder_and_a_file_may_be_in_different_unicode_forms() {
        let (whole, parts) = ("é", "é".nfd().collect::<String>());
        let folder = tempfile::tempdir().expect("a folder can be made");
        std::fs::create_dir(folder.path().join(&parts)).expect("it can be made");
        let stored = folder.path().join(&parts).join(format!("{whole}.jpg"));
        std::fs::write(stored, b"found").expect("it can be written");
        let posters = Posters::open(folder.path()).expect("a folder");
        for asked in [
            format!("{whole}/{whole}.jpg"),
            format!("{parts}/{parts}.jpg"),
        ] {
            assert_eq!(posters.read(&asked), Ok(Some(b"found".to_vec())), "{asked}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn what_cannot_be_used_is_told_with_the_reason() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().expect("a folder can be made");
        let write = |name: &OsStr| std::fs::write(folder.path().join(name), b"\xFF\xD8\xFF");
        write(OsStr::new("a")).expect("it can be written");
        std::fs::write(folder.path().join("notes.txt"), b"text").expect("it can be written");
        std::os::unix::fs::symlink(folder.path(), folder.path().join("back")).expect("a link");
        let mut unused = vec![
            (
                "back".to_owned(),
                "it is a link to a folder, which could lead back",
            ),
            ("notes.txt".to_owned(), "it is no picture"),
        ];
        // some file systems have no such names
        if write(OsStr::from_bytes(b"\xE9.jpg")).is_ok() {
            unused.push(("\u{FFFD}.jpg".to_owned(), "its name is not Unicode"));
        }
        let posters = Posters::open(folder.path()).expect("a folder");
        let (mut pictures, mut others) = (Vec::new(), Vec::new());
        posters
            .pictures(
                |name| pictures.push(name.to_owned()),
                |name, why| others.push((name.to_owned(), why)),
            )
            .expect("it can be read");
        others.sort();
        assert_eq!(pictures, ["a"]);
        assert_eq!(others, unused);
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
                _ = posters.pictures(|_| (), |_, _| ());
            }
        }
    }
}
