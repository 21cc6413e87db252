//! Records what has been fetched into a folder so far, so that a run that was killed goes on later.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::film::Film;
use super::filters::Filters;
use super::json_lines::JsonLines;
use super::page::{FoundPage, PageKey};
use crate::files::{self, write_whole};

/// The files in the folder `fetch/` of the output folder. They are locked until this is dropped.
pub(super) struct Journal {
    /// The last day of release that is listed: that of the filters, or else the day of the first
    /// run, so that later runs ask for the same pages.
    pub(super) until: Date,
    known: HashMap<PageKey, FoundPage>,
    pages: RefCell<JsonLines>,
    films: RefCell<Films>,
    _lock: File,
}

/// The contents of `begun.json`.
#[derive(Serialize, Deserialize)]
struct Begun {
    filters: Filters,
    day: Date,
}

struct Films {
    lines: JsonLines,
    index: HashMap<u64, Place>,
}

/// Where a film is in `films.jsonl`. The films themselves would take too much memory.
#[derive(Clone, Copy)]
struct Place {
    start: u64,
    length: usize,
    has_poster: bool,
}

impl Journal {
    /// Opens the journal of an output folder, or begins it.
    ///
    /// # Errors
    ///
    /// If another run has locked it, if it was begun with other filters, if the folder has a table
    /// that was not written by a run, or if a file cannot be read or written.
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
        let lock = files::lock(&folder.join("lock"))?.with_context(|| {
            format!(
                "another `marquee fetch` is writing to {}; wait until it is done, or name another \
                 folder with --out",
                out.display()
            )
        })?;

        let mut known = HashMap::new();
        let mut pages = JsonLines::open(folder.join("pages.jsonl"), |_, line| {
            if let Ok(page) = serde_json::from_slice::<FoundPage>(line) {
                known.insert(page.key, page);
            }
        })?;
        let mut index = HashMap::new();
        let lines = JsonLines::open(folder.join("films.jsonl"), |start, line| {
            if let Ok(film) = serde_json::from_slice::<Film>(line) {
                index.insert(film.tmdb_id, Place::new(start, line.len(), &film));
            }
        })?;

        let path = folder.join("begun.json");
        let begun = match begun(&path)? {
            Some(begun) if begun.filters == *filters => begun,
            // if no film was found, the filters were perhaps mistyped and may change
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
                    day: TimeZone::UTC.to_datetime(Timestamp::now()).date(),
                };
                write_whole(&path, &serde_json::to_vec_pretty(&begun)?)?;
                begun
            }
        };
        Ok(Journal {
            until: filters.until.unwrap_or(begun.day),
            known,
            pages: RefCell::new(pages),
            films: RefCell::new(Films { lines, index }),
            _lock: lock,
        })
    }

    /// The page, if an earlier run has read it.
    pub(super) fn page(&self, key: PageKey) -> Option<&FoundPage> {
        self.known.get(&key)
    }

    pub(super) fn add_page(&self, page: &FoundPage) -> Result<()> {
        self.pages.borrow_mut().append(page)?;
        Ok(())
    }

    pub(super) fn add_film(&self, film: &Film) -> Result<()> {
        let films = &mut *self.films.borrow_mut();
        let (start, length) = films.lines.append(film)?;
        films
            .index
            .insert(film.tmdb_id, Place::new(start, length, film));
        Ok(())
    }

    /// Whether TMDB has a poster of the film; `None` if its details are not recorded.
    pub(super) fn has_poster(&self, id: u64) -> Option<bool> {
        let films = self.films.borrow();
        films.index.get(&id).map(|place| place.has_poster)
    }

    /// The film; `None` if its details are not recorded.
    pub(super) fn film(&self, id: u64) -> Result<Option<Film>> {
        let films = &mut *self.films.borrow_mut();
        let Some(place) = films.index.get(&id).copied() else {
            return Ok(None);
        };
        let line = films.lines.read(place.start, place.length)?;
        let film = serde_json::from_slice(&line)
            .context("fetch/films.jsonl was changed by another program; start again")?;
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

/// The filters and the day with which a folder was begun; `None` if it was not.
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
