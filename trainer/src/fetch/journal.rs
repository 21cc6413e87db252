//! What a folder has been filled with so far: JSON lines that are only ever appended to, so that a
//! run which was killed is gone on with.

use std::collections::HashMap;
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::date::Day;
use super::filters::Filters;
use super::lines::Lines;
use super::tmdb::Film;
use crate::dataset::write_whole;

/// The folder `fetch/` in the output folder, locked for as long as this lives.
pub(super) struct Journal {
    /// The last day that films are looked for, where the filters name none: the day of the first
    /// run, so that later ones ask for the same slices.
    pub(super) until: Day,
    known: HashMap<PageKey, FoundPage>,
    pages: Mutex<Lines>,
    films: Mutex<Films>,
    /// Unlocked by the system when the process ends, however it does.
    _lock: File,
}

/// A page of the films that were released between two days, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct PageKey {
    pub(super) from: Day,
    pub(super) until: Day,
    pub(super) page: u32,
}

/// What stands on it: a line of `pages.jsonl`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct FoundPage {
    #[serde(flatten)]
    pub(super) key: PageKey,
    /// Of this slice.
    pub(super) total_pages: u32,
    /// Of this slice.
    pub(super) total_films: u64,
    /// Ids and votes.
    pub(super) films: Vec<(u64, u64)>,
}

/// `begun.json`.
#[derive(Serialize, Deserialize)]
struct Begun {
    filters: Filters,
    day: Day,
}

struct Films {
    lines: Lines,
    index: HashMap<u64, Place>,
}

/// Where a film stands in `films.jsonl`. The films themselves would fill the memory.
#[derive(Clone, Copy)]
struct Place {
    start: u64,
    length: usize,
    has_poster: bool,
}

impl Journal {
    /// Opens or begins the journal of an output folder.
    ///
    /// # Errors
    ///
    /// Where another run holds it, it was begun with other filters, the folder holds a table of
    /// somebody else's, or it cannot be read or written.
    pub(super) fn open(out: &Path, filters: &Filters) -> Result<Journal> {
        let folder = out.join("fetch");
        if !folder.exists() {
            for name in ["movies.csv", "movies.parquet"] {
                if out.join(name).exists() {
                    bail!(
                        "{} was not written by `marquee fetch`, which would replace it; name \
                         another folder with --out",
                        out.join(name).display()
                    );
                }
            }
        }
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make {}; name another --out", folder.display()))?;
        let lock = lock(&folder.join("lock"), out)?;

        let mut known = HashMap::new();
        let mut pages = Lines::open(folder.join("pages.jsonl"), |_, line| {
            if let Ok(page) = serde_json::from_slice::<FoundPage>(line) {
                known.insert(page.key, page);
            }
        })?;
        let mut index = HashMap::new();
        let lines = Lines::open(folder.join("films.jsonl"), |start, line| {
            if let Ok(film) = serde_json::from_slice::<Film>(line) {
                index.insert(film.tmdb_id, Place::new(start, line.len(), &film));
            }
        })?;

        let path = folder.join("begun.json");
        let begun = match begun(&path)? {
            Some(begun) if begun.filters == *filters => begun,
            // a mistyped filter that no film matched need not bind anyone
            Some(begun) if known.values().any(|page| !page.films.is_empty()) => bail!(
                "{} was begun with {}, not with {}: go on with the former, or name another folder \
                 with --out",
                out.display(),
                begun.filters,
                filters
            ),
            _ => {
                pages.clear()?;
                known.clear();
                let begun = Begun {
                    filters: filters.clone(),
                    day: Day::today(),
                };
                write_whole(&path, &serde_json::to_vec_pretty(&begun)?)?;
                begun
            }
        };
        Ok(Journal {
            until: filters.until.unwrap_or(begun.day),
            known,
            pages: Mutex::new(pages),
            films: Mutex::new(Films { lines, index }),
            _lock: lock,
        })
    }

    /// The page, where an earlier run has read it.
    pub(super) fn page(&self, key: PageKey) -> Option<&FoundPage> {
        self.known.get(&key)
    }

    pub(super) fn add_page(&self, page: &FoundPage) -> Result<()> {
        locked(&self.pages).append(page)?;
        Ok(())
    }

    pub(super) fn add_film(&self, film: &Film) -> Result<()> {
        let mut films = locked(&self.films);
        let (start, length) = films.lines.append(film)?;
        films
            .index
            .insert(film.tmdb_id, Place::new(start, length, film));
        Ok(())
    }

    /// Whether the film's details are there, and if so, whether it has a poster.
    pub(super) fn has_poster(&self, id: u64) -> Option<bool> {
        let films = locked(&self.films);
        films.index.get(&id).map(|place| place.has_poster)
    }

    /// The film, where its details are there.
    pub(super) fn film(&self, id: u64) -> Result<Option<Film>> {
        let mut films = locked(&self.films);
        let Some(place) = films.index.get(&id).copied() else {
            return Ok(None);
        };
        let line = films.lines.read(place.start, place.length)?;
        let film = serde_json::from_slice(&line)
            .context("fetch/films.jsonl was changed by something else; start again")?;
        Ok(Some(film))
    }
}

impl Place {
    fn new(start: u64, length: usize, film: &Film) -> Place {
        Place {
            start,
            length,
            has_poster: film.poster_path.is_some(),
        }
    }
}

/// An append has either moved the end or not: there is nothing half-done behind a panic.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn lock(path: &Path, out: &Path) -> Result<File> {
    let cannot = || format!("cannot lock {}", path.display());
    let file = File::create(path).with_context(cannot)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!(
            "another `marquee fetch` is writing to {}; wait until it is done, or name another \
             folder with --out",
            out.display()
        ),
        Err(TryLockError::Error(error)) => Err(error).with_context(cannot),
    }
}

/// With what a folder was begun, where it was.
fn begun(path: &Path) -> Result<Option<Begun>> {
    let json = match fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        json => json.with_context(|| format!("cannot read {}", path.display()))?,
    };
    let begun = serde_json::from_slice(&json).with_context(|| {
        format!(
            "{} cannot be read; name another folder with --out",
            path.display()
        )
    })?;
    Ok(Some(begun))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn film(id: u64) -> Film {
        Film {
            tmdb_id: id,
            title: Some(format!("Film {id}")),
            ..Film::default()
        }
    }

    #[test]
    fn a_torn_last_line_is_forgotten_and_nothing_else() {
        let out = tempfile::tempdir().expect("a folder");
        let filters = Filters::default();
        let lines = out.path().join("fetch/films.jsonl");
        let journal = Journal::open(out.path(), &filters).expect("it opens");
        for id in 1..=3 {
            journal.add_film(&film(id)).expect("it is written");
        }
        drop(journal);
        let whole = fs::read(&lines).expect("it is there");
        let third = whole.len() - whole.len() / 3;
        for cut in third..whole.len() {
            fs::write(&lines, &whole[..cut]).expect("it is written");
            let journal = Journal::open(out.path(), &filters).expect("it opens");
            assert_eq!(journal.film(2).expect("it is read"), Some(film(2)));
            assert_eq!(journal.film(3).expect("nothing is read"), None, "{cut}");
            journal.add_film(&film(4)).expect("it is written");
            assert_eq!(journal.film(4).expect("it is read"), Some(film(4)));
            drop(journal);
            let journal = Journal::open(out.path(), &filters).expect("it opens");
            assert_eq!(journal.film(4).expect("it is read"), Some(film(4)));
        }
    }

    #[test]
    fn two_runs_do_not_share_a_folder() {
        let out = tempfile::tempdir().expect("a folder");
        let first = Journal::open(out.path(), &Filters::default()).expect("it opens");
        let second = Journal::open(out.path(), &Filters::default());
        let error = second.err().expect("it is locked").to_string();
        assert!(error.contains("--out"), "{error}");
        drop(first);
        assert!(Journal::open(out.path(), &Filters::default()).is_ok());
    }
}
