//! Which films there are. One query lists 10,000 at the most, so release dates are cut into slices
//! that hold fewer.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Result;
use indicatif::ProgressBar;

use super::date::Day;
use super::each::each;
use super::journal::{FoundPage, PageKey};
use super::tmdb::{LAST_PAGE, PAGE};
use super::{Lost, Run};

/// The year of the oldest film on TMDB.
const FIRST_YEAR: i32 = 1874;

/// What the lists named.
#[derive(Default)]
pub(super) struct Found {
    /// Ids and votes.
    films: HashMap<u64, u64>,
    /// Days on which more films were released than a query lists, with how many.
    pub(super) overfull: Vec<(Day, u64)>,
    /// Pages that could not be read.
    pub(super) lost: Vec<Lost>,
}

impl Found {
    /// The ids, or those of the `limit` films with the most votes; in ascending order.
    pub(super) fn ids(&self, limit: Option<usize>) -> Vec<u64> {
        let mut films: Vec<(u64, u64)> =
            self.films.iter().map(|(id, votes)| (*id, *votes)).collect();
        if let Some(limit) = limit {
            films.sort_unstable_by_key(|(id, votes)| (std::cmp::Reverse(*votes), *id));
            films.truncate(limit);
        }
        let mut ids: Vec<u64> = films.into_iter().map(|(id, _)| id).collect();
        ids.sort_unstable();
        ids
    }

    /// Takes in a page, or why there is none; says whether there is one.
    fn take(&mut self, result: Result<FoundPage, Lost>) -> Option<FoundPage> {
        match result {
            Ok(page) => {
                self.films.extend(page.films.iter().copied());
                Some(page)
            }
            Err(lost) => {
                self.lost.push(lost);
                None
            }
        }
    }
}

/// Reads the lists of all films that the filters let through.
pub(super) async fn discover(run: &Arc<Run>, bar: &ProgressBar) -> Result<Found> {
    let mut found = Found::default();
    let mut rest = Vec::new();
    let first = Day::new(FIRST_YEAR, 1, 1).unwrap_or(run.journal.until);
    let mut slices = vec![PageKey {
        from: run.filters.since.unwrap_or(first),
        until: run.journal.until,
        page: 1,
    }];
    // Each round reads the first pages of slices, and halves those that turn out too long.
    while !slices.is_empty() {
        let mut halves = Vec::new();
        read(run, &slices, bar, |page| {
            let Some(page) = found.take(page) else {
                return;
            };
            let key = page.key;
            let pages = match run.filters.limit {
                Some(limit) => page
                    .total_pages
                    .min(u32::try_from(limit.div_ceil(PAGE)).unwrap_or(u32::MAX)),
                None => page.total_pages,
            };
            let days = key.until.days_since(key.from);
            if pages > LAST_PAGE && days > 0 {
                let middle = key.from.plus(days / 2);
                halves.push(PageKey {
                    until: middle,
                    ..key
                });
                halves.push(PageKey {
                    from: middle.plus(1),
                    ..key
                });
                return;
            }
            if pages > LAST_PAGE {
                found.overfull.push((key.from, page.total_films));
            }
            rest.extend((2..=pages.min(LAST_PAGE)).map(|page| PageKey { page, ..key }));
        })
        .await?;
        slices = halves;
    }
    read(run, &rest, bar, |page| {
        found.take(page);
    })
    .await?;
    found.overfull.sort_unstable();
    Ok(found)
}

async fn read(
    run: &Arc<Run>,
    keys: &[PageKey],
    bar: &ProgressBar,
    mut done: impl FnMut(Result<FoundPage, Lost>),
) -> Result<()> {
    bar.inc_length(keys.len() as u64);
    each(
        keys.iter().copied(),
        run.connections,
        |key| page(Arc::clone(run), key),
        |page| {
            done(page);
            bar.inc(1);
            Ok(())
        },
    )
    .await
}

/// A page, from the journal or from TMDB.
async fn page(run: Arc<Run>, key: PageKey) -> Result<Result<FoundPage, Lost>> {
    if let Some(page) = run.journal.page(key) {
        return Ok(Ok(page.clone()));
    }
    let answer = run.tmdb.discover(key, &run.filters).await?;
    Ok(match answer {
        Ok(answer) => {
            let films = answer.results.into_iter();
            let page = FoundPage {
                key,
                total_pages: answer.total_pages,
                total_films: answer.total_results,
                films: films
                    .map(|film| (film.id, film.vote_count.unwrap_or(0)))
                    .collect(),
            };
            run.journal.add_page(&page)?;
            Ok(page)
        }
        Err(reason) => Err(Lost {
            tmdb_id: None,
            what: format!("page {} of {} to {}", key.page, key.from, key.until),
            reason,
        }),
    })
}
