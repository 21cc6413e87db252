use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures_util::{StreamExt, TryStreamExt, stream};
use indicatif::{HumanBytes, HumanCount, ProgressBar};
use jiff::civil::Date;

use super::access::Access;
use super::client::block_on;
use super::filters::Filters;
use super::journal::Journal;
use super::lost::Lost;
use super::request_options::RequestOptions;
use super::slices::{self, Found};
use super::table::{self, Row};
use super::tmdb::Tmdb;
use super::{download, posters, space};
use crate::progress;

/// What is fetched, where to, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder for all files.
    pub out: PathBuf,
    /// Which films are fetched.
    pub filters: Filters,
    /// Write `movies.csv`.
    pub csv: bool,
    /// Write `movies.parquet`.
    pub parquet: bool,
    /// How requests are made.
    pub requests: RequestOptions,
    /// Begin even if the disk seems to have too little free space.
    pub ignore_space: bool,
}

/// The result of a run.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// How many films are in the tables.
    pub films: usize,
    /// How many of these films have their poster in the folder.
    pub posters: usize,
    /// How many bytes this run received.
    pub bytes: u64,
    /// The days on which more films were released than TMDB lists, with the number of films.
    pub overfull: Vec<(Date, u64)>,
    /// What could not be fetched.
    pub lost: Vec<Lost>,
    /// Whether the run was stopped before its end.
    pub stopped: bool,
}

/// Fetches what is not in the folder yet, until all is there or `stop` is set.
///
/// What could not be fetched is not an error. It is listed in the [`Summary`], and the next run tries
/// it again.
///
/// Blocks the thread. Must not be called from within an async runtime.
///
/// # Errors
///
/// If TMDB does not accept the key, if no film passes the filters, if another run uses the folder, if
/// the folder was begun with other filters, if the disk has too little space, or if a file cannot be
/// read or written.
pub fn fetch(options: &Options, access: Access, stop: &AtomicBool) -> Result<Summary> {
    if let (Some(since), Some(until)) = (options.filters.since, options.filters.until) {
        ensure!(since <= until, "--since {since} is after --until {until}");
    }
    let run = Run {
        tmdb: Tmdb::new(access, &options.requests)?,
        journal: Journal::open(&options.out, &options.filters)?,
        posters: options.out.join("posters"),
        lost: RefCell::default(),
        options,
    };
    block_on(run.to_end(stop))
}

struct Run<'a> {
    options: &'a Options,
    tmdb: Tmdb,
    journal: Journal,
    /// The folder of posters.
    posters: PathBuf,
    lost: RefCell<Vec<Lost>>,
}

impl Run<'_> {
    async fn to_end(&self, stop: &AtomicBool) -> Result<Summary> {
        let filters = &self.options.filters;
        let bar = progress::bar("listing", 0, "pages");
        let listing = slices::discover(&self.tmdb, &self.journal, filters, &bar);
        let Some(found) = self.unless(stop, &bar, listing).await? else {
            return Ok(Summary {
                bytes: self.tmdb.client().received(),
                stopped: true,
                ..Summary::default()
            });
        };
        bar.finish_and_clear();
        let ids = found.ids(filters.limit);
        ensure!(
            !(ids.is_empty() && found.lost.is_empty()),
            "no film on TMDB matches {filters}"
        );

        fs::create_dir_all(&self.posters)
            .with_context(|| format!("cannot make {}", self.posters.display()))?;
        let there = posters::there(&self.posters)?;
        let mut missing = ids.clone();
        missing.retain(|id| match self.journal.has_poster(*id) {
            Some(has_poster) => has_poster && !there.contains(id),
            None => true,
        });
        if !self.options.ignore_space {
            space::check(&self.options.out, missing.len() as u64, filters.size)?;
        }
        let bar = progress::films(ids.len(), ids.len() - missing.len());
        let films = self.films(missing, &bar);
        let stopped = self.unless(stop, &bar, films).await?.is_none();
        bar.finish_and_clear();
        self.write_tables(&ids, found, stopped)
    }

    /// Runs `work` to its end, or drops it and returns `None` once `stop` is set. The bar shows when
    /// the server has asked for a rest.
    async fn unless<T>(
        &self,
        stop: &AtomicBool,
        bar: &ProgressBar,
        work: impl Future<Output = Result<T>>,
    ) -> Result<Option<T>> {
        let doing = bar.message();
        let stopped = async {
            while !stop.load(Ordering::Relaxed) {
                match self.tmdb.client().rest_left() {
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

    /// Fetches what is missing of these films.
    async fn films(&self, ids: Vec<u64>, bar: &ProgressBar) -> Result<()> {
        let client = self.tmdb.client();
        let mut posters = 0;
        let mut films = stream::iter(ids)
            .map(|id| self.film(id))
            .buffer_unordered(client.connections());
        while let Some(new_poster) = films.try_next().await? {
            posters += u64::from(new_poster);
            let (count, bytes) = (HumanCount(posters), HumanBytes(client.received()));
            bar.set_prefix(format!("{count} posters {bytes}"));
            bar.inc(1);
        }
        Ok(())
    }

    /// Fetches what is missing of a film, and returns whether that includes a poster.
    async fn film(&self, id: u64) -> Result<bool> {
        let lose = |what: &str, reason| {
            self.lost.borrow_mut().push(Lost {
                tmdb_id: Some(id),
                what: what.to_owned(),
                reason,
            });
            Ok(false)
        };
        let film = match self.journal.film(id)? {
            Some(film) => film,
            None => match self.tmdb.film(id).await? {
                Ok(film) => {
                    self.journal.add_film(&film)?;
                    film
                }
                Err(reason) => return lose("film", reason),
            },
        };
        let Some(path) = film.poster_path else {
            return Ok(false);
        };
        let url = self.tmdb.poster(&path, self.options.filters.size);
        let file = self.posters.join(posters::name(id));
        match download::poster(self.tmdb.client(), url, &file).await? {
            Ok(()) => Ok(true),
            Err(reason) => lose("poster", reason),
        }
    }

    /// Writes the tables of all films that are known so far.
    fn write_tables(&self, ids: &[u64], found: Found, stopped: bool) -> Result<Summary> {
        let Options {
            out, csv, parquet, ..
        } = self.options;
        let there = posters::there(&self.posters)?;
        let mut known = ids.to_vec();
        known.retain(|id| self.journal.has_poster(*id).is_some());
        let rows = || {
            known.iter().map(|id| {
                let film = self.journal.film(*id)?;
                Ok(Row {
                    film: film.context("a film has left the journal")?,
                    has_poster: there.contains(id),
                })
            })
        };
        if *csv {
            table::write_csv(&out.join("movies.csv"), rows())?;
        }
        if *parquet {
            table::write_parquet(&out.join("movies.parquet"), rows())?;
        }
        let mut lost = found.lost;
        lost.append(&mut self.lost.borrow_mut());
        lost.sort_by(|a, b| (a.tmdb_id, &a.what).cmp(&(b.tmdb_id, &b.what)));
        table::write_lost(&out.join("lost.csv"), &lost)?;
        Ok(Summary {
            films: known.len(),
            posters: known.iter().filter(|id| there.contains(id)).count(),
            bytes: self.tmdb.client().received(),
            overfull: found.overfull,
            lost,
            stopped,
        })
    }
}
