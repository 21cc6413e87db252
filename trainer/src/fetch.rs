//! A data set of posters from TMDB, with the user's own key.
//!
//! First the lists of all films that the filters let through (`slices`), then each film's details
//! and poster, at a polite pace (`polite`, `limit`); what is known is kept in a `journal`, so that a
//! run that was stopped, or killed, is gone on with. At the end it becomes a `table`.
//!
//! | file | what it is |
//! |---|---|
//! | `movies.csv`, `movies.parquet` | a film a row, sorted by TMDB's id |
//! | `posters/tmdb603.jpg` | its poster |
//! | `lost.csv` | what could not be fetched, and why |
//! | `fetch/begun.json` | the filters |
//! | `fetch/lock` | held while a run writes |
//! | `fetch/pages.jsonl` | the lists, a page a line |
//! | `fetch/films.jsonl` | the films' details, a film a line |

mod access;
mod date;
mod download;
mod each;
mod filters;
mod journal;
mod limit;
mod lines;
mod polite;
mod posters;
mod slices;
mod space;
mod table;
mod tmdb;

pub use access::Access;
pub use date::Day;
pub use download::download;
pub use filters::{Filters, PosterSize};
pub use polite::Polite;

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use indicatif::{HumanBytes, HumanCount, ProgressBar};

use crate::progress;
use each::each;
use journal::Journal;
use slices::Found;
use table::Row;
use tmdb::Tmdb;

/// What TMDB asks everyone to say who shows its data:
/// <https://developer.themoviedb.org/docs/faq>.
pub const ATTRIBUTION: &str =
    "This product uses the TMDB API but is not endorsed or certified by TMDB.";

/// What is fetched, where to, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Folder for all of it.
    pub out: PathBuf,
    /// Which films.
    pub filters: Filters,
    /// Whether to write `movies.csv`.
    pub csv: bool,
    /// Whether to write `movies.parquet`.
    pub parquet: bool,
    /// How requests are made.
    pub polite: Polite,
    /// Begin even where the free disk space does not look enough.
    pub ignore_space: bool,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// In the tables.
    pub films: usize,
    /// Films in the tables whose posters are there.
    pub posters: usize,
    /// Bytes that this run received.
    pub bytes: u64,
    /// Days on which more films were released than TMDB lists, with how many.
    pub overfull: Vec<(Day, u64)>,
    /// What could not be fetched.
    pub lost: Vec<Lost>,
    /// Whether it was stopped before the end.
    pub stopped: bool,
}

/// A row of `lost.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The film, where it is one.
    pub tmdb_id: Option<u64>,
    /// `film`, `poster`, or the page of a list.
    pub what: String,
    /// Why, in words.
    pub reason: String,
}

/// A run.
struct Run {
    tmdb: Tmdb,
    journal: Journal,
    filters: Filters,
    posters: PathBuf,
    connections: usize,
    lost: Mutex<Vec<Lost>>,
}

/// Fetches what is not in the folder yet, until it is all there or `stop` is set.
///
/// What is lost is no error but in the [`Summary`]; the next run tries it again.
///
/// Blocks; must not be called from within an async runtime.
///
/// # Errors
///
/// Where TMDB does not accept the key, no film matches, the folder is in use or was begun with other
/// filters, the disk has too little space, or it cannot be written.
pub fn fetch(options: &Options, access: Access, stop: &AtomicBool) -> Result<Summary> {
    if let (Some(since), Some(until)) = (options.filters.since, options.filters.until) {
        ensure!(since <= until, "--since {since} is after --until {until}");
    }
    let run = Arc::new(Run {
        tmdb: Tmdb::new(access, &options.polite)?,
        journal: Journal::open(&options.out, &options.filters)?,
        filters: options.filters.clone(),
        posters: options.out.join("posters"),
        connections: options.polite.connections,
        lost: Mutex::default(),
    });
    let summary = download::block_on(run_to_end(&run, options, stop))?;
    Ok(Summary {
        bytes: run.tmdb.client().received(),
        ..summary
    })
}

async fn run_to_end(run: &Arc<Run>, options: &Options, stop: &AtomicBool) -> Result<Summary> {
    let bar = progress::bar("listing", 0, "pages");
    let Some(found) = unless(stop, run, &bar, slices::discover(run, &bar)).await? else {
        return Ok(Summary {
            stopped: true,
            ..Summary::default()
        });
    };
    bar.finish_and_clear();
    let ids = found.ids(options.filters.limit);
    ensure!(
        !(ids.is_empty() && found.lost.is_empty()),
        "no film on TMDB matches {}",
        options.filters
    );

    fs::create_dir_all(&run.posters)
        .with_context(|| format!("cannot make {}", run.posters.display()))?;
    let there = posters::there(&run.posters)?;
    let missing: Vec<u64> = ids
        .iter()
        .copied()
        .filter(|id| match run.journal.has_poster(*id) {
            Some(has_poster) => has_poster && !there.contains(id),
            None => true,
        })
        .collect();
    if !options.ignore_space {
        space::check(&options.out, missing.len() as u64, options.filters.size)?;
    }
    let bar = progress::films(ids.len(), ids.len() - missing.len());
    let stopped = unless(stop, run, &bar, films(run, missing, &bar))
        .await?
        .is_none();
    bar.finish_and_clear();
    finish(run, options, &ids, found, stopped)
}

/// Works until it is done, or drops it and gives `None` once `stop` is set. The bar says when the
/// server wants to be left alone.
async fn unless<T>(
    stop: &AtomicBool,
    run: &Run,
    bar: &ProgressBar,
    work: impl Future<Output = Result<T>>,
) -> Result<Option<T>> {
    let doing = bar.message();
    let stopped = async {
        while !stop.load(Ordering::Relaxed) {
            match run.tmdb.client().rest_left() {
                Some(left) => bar.set_message(format!("waiting {} s", left.as_secs() + 1)),
                None => bar.set_message(doing.clone()),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::select! {
        result = work => result.map(Some),
        () = stopped => Ok(None),
    }
}

async fn films(run: &Arc<Run>, ids: Vec<u64>, bar: &ProgressBar) -> Result<()> {
    let mut posters = 0;
    each(
        ids,
        run.connections,
        |id| film(Arc::clone(run), id),
        |new_poster| {
            posters += u64::from(new_poster);
            let bytes = run.tmdb.client().received();
            bar.set_prefix(format!(
                "{} posters {}",
                HumanCount(posters),
                HumanBytes(bytes)
            ));
            bar.inc(1);
            Ok(())
        },
    )
    .await
}

/// Fetches what is missing of a film; says whether that gave a poster.
async fn film(run: Arc<Run>, id: u64) -> Result<bool> {
    let lose = |what: &str, reason| {
        run.lost().push(Lost {
            tmdb_id: Some(id),
            what: what.to_owned(),
            reason,
        });
        Ok(false)
    };
    let film = match run.journal.film(id)? {
        Some(film) => film,
        None => match run.tmdb.film(id).await? {
            Ok(film) => {
                run.journal.add_film(&film)?;
                film
            }
            Err(reason) => return lose("film", reason),
        },
    };
    let Some(path) = film.poster_path else {
        return Ok(false);
    };
    let url = run.tmdb.poster(&path, run.filters.size);
    let file = run.posters.join(posters::name(id));
    match download::poster(run.tmdb.client(), url, &file).await? {
        Ok(()) => Ok(true),
        Err(reason) => lose("poster", reason),
    }
}

/// Writes the tables of what there is.
fn finish(
    run: &Run,
    options: &Options,
    ids: &[u64],
    found: Found,
    stopped: bool,
) -> Result<Summary> {
    let there = posters::there(&run.posters)?;
    let known: Vec<u64> = ids
        .iter()
        .copied()
        .filter(|id| run.journal.has_poster(*id).is_some())
        .collect();
    let rows = || {
        known.iter().map(|id| {
            let film = run
                .journal
                .film(*id)?
                .context("a film has left the journal")?;
            let has_poster = there.contains(id);
            Ok(Row { film, has_poster })
        })
    };
    if options.csv {
        table::write_csv(&options.out.join("movies.csv"), rows())?;
    }
    if options.parquet {
        table::write_parquet(&options.out.join("movies.parquet"), rows())?;
    }
    let mut lost = found.lost;
    lost.append(&mut run.lost());
    lost.sort_by(|a, b| (a.tmdb_id, &a.what).cmp(&(b.tmdb_id, &b.what)));
    table::write_lost(&options.out.join("lost.csv"), &lost)?;
    Ok(Summary {
        films: known.len(),
        posters: known.iter().filter(|id| there.contains(id)).count(),
        bytes: 0,
        overfull: found.overfull,
        lost,
        stopped,
    })
}

impl Run {
    fn lost(&self) -> MutexGuard<'_, Vec<Lost>> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
