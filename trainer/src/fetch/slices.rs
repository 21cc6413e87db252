//! Lists all films that pass the filters. TMDB lists at most 10,000 films for one query, so the time
//! between two days of release is cut into slices with fewer films.

use std::cmp::Reverse;
use std::collections::HashMap;

use anyhow::Result;
use futures_util::{StreamExt, TryStreamExt, stream};
use indicatif::ProgressBar;
use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::filters::Filters;
use super::journal::Journal;
use super::lost::Lost;
use super::page::{FoundPage, PageKey};
use super::tmdb::{LAST_PAGE, PAGE, Tmdb};

/// No film on TMDB is older.
const FIRST_DAY: Date = date(1874, 1, 1);

/// The films that were listed.
#[derive(Default)]
pub(super) struct Found {
    /// The number of votes, by id.
    films: HashMap<u64, u64>,
    /// The days on which more films were released than TMDB lists, with the number of films.
    pub(super) overfull: Vec<(Date, u64)>,
    /// The pages that could not be read.
    pub(super) lost: Vec<Lost>,
}

impl Found {
    /// The ids of all films, or of the `limit` films with the most votes, in ascending order.
    pub(super) fn ids(&self, limit: Option<usize>) -> Vec<u64> {
        let mut ids: Vec<u64> = self.films.keys().copied().collect();
        if let Some(limit) = limit {
            ids.sort_unstable_by_key(|id| (Reverse(self.films[id]), *id));
            ids.truncate(limit);
        }
        ids.sort_unstable();
        ids
    }
}

/// Lists all films that pass the filters.
pub(super) async fn discover(
    tmdb: &Tmdb,
    journal: &Journal,
    filters: &Filters,
    bar: &ProgressBar,
) -> Result<Found> {
    let mut found = Found::default();
    let mut rest = Vec::new();
    let most_pages = filters.limit.map_or(u32::MAX, |limit| {
        u32::try_from(limit.div_ceil(PAGE)).unwrap_or(u32::MAX)
    });
    let mut slices = vec![PageKey {
        from: filters.since.unwrap_or(FIRST_DAY),
        until: journal.until,
        page: 1,
    }];
    let read = async |keys: Vec<PageKey>, found: &mut Found| -> Result<Vec<FoundPage>> {
        bar.inc_length(keys.len() as u64);
        let mut pages = stream::iter(keys)
            .map(|key| page(tmdb, journal, filters, key))
            .buffer_unordered(tmdb.client().connections());
        let mut first = Vec::new();
        while let Some(page) = pages.try_next().await? {
            bar.inc(1);
            match page {
                Ok(page) => {
                    found.films.extend(page.films.iter().copied());
                    // only the first page is needed to find the others
                    if page.key.page == 1 {
                        first.push(page);
                    }
                }
                Err(lost) => found.lost.push(lost),
            }
        }
        Ok(first)
    };
    // read the first page of each slice, and halve the slices that are too long
    while !slices.is_empty() {
        let mut halves = Vec::new();
        for page in read(slices, &mut found).await? {
            let key = page.key;
            let pages = page.total_pages.min(most_pages);
            let days = key.from.until(key.until)?.get_days();
            if pages > LAST_PAGE && days > 0 {
                let middle = key.from.checked_add((days / 2).days())?;
                let (until, from) = (middle, middle.tomorrow()?);
                halves.extend([PageKey { until, ..key }, PageKey { from, ..key }]);
                continue;
            }
            if pages > LAST_PAGE {
                found.overfull.push((key.from, page.total_films));
            }
            rest.extend((2..=pages.min(LAST_PAGE)).map(|page| PageKey { page, ..key }));
        }
        slices = halves;
    }
    read(rest, &mut found).await?;
    found.overfull.sort_unstable();
    Ok(found)
}

/// Reads a page from the journal, or from TMDB.
async fn page(
    tmdb: &Tmdb,
    journal: &Journal,
    filters: &Filters,
    key: PageKey,
) -> Result<Result<FoundPage, Lost>> {
    if let Some(page) = journal.page(key) {
        return Ok(Ok(page.clone()));
    }
    Ok(match tmdb.discover(key, filters).await? {
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
            journal.add_page(&page)?;
            Ok(page)
        }
        Err(reason) => Err(Lost {
            tmdb_id: None,
            what: format!("page {} of {} to {}", key.page, key.from, key.until),
            reason,
        }),
    })
}
