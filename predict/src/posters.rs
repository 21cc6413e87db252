//! The posters that a list of paths names.

mod lines;
mod names;
mod table;

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use marquee_models::hidden::is_hidden;
use marquee_models::preprocess;

pub use names::Names;

use crate::pictures::{is_picture, is_picture_file, read_file};
use crate::tar::{Place, is_tar_file, scan};

/// How many files that are no pictures are remembered by name.
const REMEMBERED: usize = 3;

/// The path that stands for standard input.
const STANDARD_INPUT: &str = "-";

/// The posters that a list of paths names: a file is a poster, a folder stands for the pictures in it and its
/// subfolders, sorted by name, a tar for the pictures in it, and a Parquet file or JSON Lines for their rows. A file's
/// name or its first bytes say whether it is a picture; hidden files are passed over. `-` stands for standard input,
/// with a path or a JSON object on each line.
pub struct Posters {
    paths: Vec<PathBuf>,
    names: Names,
    count: Option<u64>,
    others: Others,
}

/// The files in folders and tars that are no pictures, and links to folders. Hidden ones and those of systems are not
/// among them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Others {
    /// How many there are.
    pub count: usize,
    /// The paths of the first of them.
    pub first: Vec<String>,
    /// The path of the first that is read where it is named itself: a table, a list, a tar or a linked folder.
    pub to_name: Option<String>,
}

/// A poster.
pub struct Poster {
    /// The path that was given, or within that folder or tar.
    pub path: String,
    source: Source,
}

/// Where a poster's bytes are.
enum Source {
    File(PathBuf),
    /// In a tar with this path.
    Entry(Arc<Path>, Place),
    Bytes(Vec<u8>),
    /// A row has no poster, for this reason.
    Nothing(String),
}

/// What a walk meets.
enum Met {
    Poster(Poster),
    /// A file that is no picture, or a linked folder, by its path; and whether that is read where it is named itself.
    Other(String, bool),
}

impl Posters {
    /// Counts the posters that `paths` name. Their names are not kept, so memory does not grow with them. `names` says
    /// which columns of tables are read.
    ///
    /// # Errors
    ///
    /// If a folder, a tar or a Parquet file cannot be read or has no pictures, or standard input is not alone. A file
    /// that cannot be read is told by [`Poster::read`].
    pub fn find(paths: &[PathBuf], names: &Names) -> Result<Posters> {
        let mut posters = Posters {
            paths: paths.to_vec(),
            names: names.clone(),
            count: None,
            others: Others::default(),
        };
        if paths.iter().any(|path| is_standard_input(path)) {
            ensure!(
                paths.len() == 1,
                "{STANDARD_INPUT}, which is standard input, cannot stand beside other paths"
            );
            return Ok(posters);
        }
        let mut count = 0;
        for path in paths {
            let before = count;
            let mut others = Others::default();
            if is_table(path) {
                count += table::count(path, names)?;
                continue;
            }
            if is_list(path) {
                each_line(path, names, &mut |_| {
                    count += 1;
                    Ok(())
                })?;
                continue;
            }
            walk(path, &mut |met| {
                match met {
                    Met::Poster(_) => count += 1,
                    Met::Other(path, to_name) => others.add(path, to_name),
                }
                Ok(())
            })?;
            ensure!(
                count > before,
                "there are no pictures ({}) in {}{}",
                preprocess::FORMATS,
                path.display(),
                others.hint()
            );
            posters.others.append(others);
        }
        posters.count = Some(count);
        Ok(posters)
    }

    /// The number of posters; `None` if standard input will tell.
    pub fn count(&self) -> Option<u64> {
        self.count
    }

    /// The files that are no pictures.
    pub fn others(&self) -> &Others {
        &self.others
    }

    /// Calls `visit` with each poster, in the order of the paths.
    ///
    /// # Errors
    ///
    /// Those of `visit`, or if a folder, a tar, a Parquet file or standard input cannot be read any more.
    pub fn each(&self, visit: &mut dyn FnMut(Poster) -> Result<()>) -> Result<()> {
        self.paths.iter().try_for_each(|path| {
            if is_standard_input(path) {
                return lines::each("standard input", io::stdin().lock(), &self.names, visit);
            }
            if is_table(path) {
                return table::each(path, &self.names, visit);
            }
            if is_list(path) {
                return each_line(path, &self.names, visit);
            }
            walk(path, &mut |met| match met {
                Met::Poster(poster) => visit(poster),
                Met::Other(..) => Ok(()),
            })
        })
    }
}

impl Others {
    fn add(&mut self, path: String, to_name: bool) {
        self.count += 1;
        if to_name && self.to_name.is_none() {
            self.to_name = Some(path.clone());
        }
        if self.first.len() < REMEMBERED {
            self.first.push(path);
        }
    }

    fn append(&mut self, others: Others) {
        self.count += others.count;
        let space = REMEMBERED - self.first.len();
        self.first.extend(others.first.into_iter().take(space));
        self.to_name = self.to_name.take().or(others.to_name);
    }

    /// How that is read which would be, as the end of a sentence; empty if there is nothing of the kind.
    pub(crate) fn hint(&self) -> String {
        let to_name = self.to_name.iter();
        to_name
            .map(|path| format!("; to have it read, name {path} itself"))
            .collect()
    }
}

impl Poster {
    fn file(path: PathBuf) -> Poster {
        Poster {
            path: path.display().to_string(),
            source: Source::File(path),
        }
    }

    /// Reads the poster's bytes.
    ///
    /// # Errors
    ///
    /// Why they cannot be read.
    pub fn read(&self) -> Result<Cow<'_, [u8]>, String> {
        let bytes = match &self.source {
            Source::File(path) => read_file(path),
            Source::Entry(tar, place) => place.read(tar),
            Source::Bytes(bytes) => return Ok(Cow::Borrowed(bytes)),
            Source::Nothing(reason) => return Err(reason.clone()),
        };
        bytes.map(Cow::Owned).map_err(|error| error.to_string())
    }
}

fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == STANDARD_INPUT
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension()
        .is_some_and(|it| it.eq_ignore_ascii_case(extension))
}

fn is_table(path: &Path) -> bool {
    has_extension(path, "parquet") && !path.is_dir()
}

fn is_list(path: &Path) -> bool {
    let extensions = ["jsonl", "ndjson"];
    extensions.iter().any(|it| has_extension(path, it)) && !path.is_dir()
}

fn each_line(
    path: &Path,
    names: &Names,
    visit: &mut dyn FnMut(Poster) -> Result<()>,
) -> Result<()> {
    let shown = path.display().to_string();
    let file = File::open(path).with_context(|| format!("cannot read {shown}"))?;
    lines::each(&shown, BufReader::new(file), names, visit)
}

/// Visits what the path of a folder, a tar or a picture stands for.
fn walk(path: &Path, visit: &mut dyn FnMut(Met) -> Result<()>) -> Result<()> {
    if path.is_dir() {
        walk_folder(path, visit)
    } else if is_tar_file(path) {
        walk_tar(path, visit)
    } else {
        visit(Met::Poster(Poster::file(path.to_owned())))
    }
}

fn walk_tar(path: &Path, visit: &mut dyn FnMut(Met) -> Result<()>) -> Result<()> {
    let shown = path.display();
    let mut tar = File::open(path).with_context(|| format!("cannot open {shown}"))?;
    let tar_path: Arc<Path> = path.into();
    scan(path, |name, place| {
        let path = || format!("{shown}/{name}");
        if name.split('/').any(is_hidden) {
            Ok(())
        } else if is_picture(name, &place.start(&mut tar)?) {
            visit(Met::Poster(Poster {
                path: path(),
                source: Source::Entry(Arc::clone(&tar_path), place),
            }))
        } else {
            visit(Met::Other(path(), false))
        }
    })
}

fn walk_folder(folder: &Path, visit: &mut dyn FnMut(Met) -> Result<()>) -> Result<()> {
    let cannot_read = || format!("cannot read the folder {}", folder.display());
    let mut paths = fs::read_dir(folder)
        .and_then(|entries| {
            entries
                .map(|entry| Ok(entry?.path()))
                .collect::<Result<Vec<_>, _>>()
        })
        .with_context(cannot_read)?;
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default();
        if is_hidden(&name.to_string_lossy()) {
            continue;
        }
        // a link could lead back to a folder above
        if path.is_dir() && !path.is_symlink() {
            walk_folder(&path, visit)?;
        } else if path.is_file() && is_picture_file(&path) {
            visit(Met::Poster(Poster::file(path)))?;
        } else {
            let to_name = path.is_dir() || is_table(&path) || is_list(&path) || is_tar_file(&path);
            visit(Met::Other(path.display().to_string(), to_name))?;
        }
    }
    Ok(())
}
