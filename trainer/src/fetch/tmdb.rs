//! The part of TMDB's API that is asked: <https://developer.themoviedb.org/reference/intro/getting-started>.

use anyhow::{Result, bail};
use reqwest::Url;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::access::Access;
use super::date::Day;
use super::filters::{Filters, PosterSize};
use super::journal::PageKey;
use super::polite::{Client, Polite, Refusal};

/// Films on a page of a list.
pub(super) const PAGE: usize = 20;

/// The last page that a query answers: <https://developer.themoviedb.org/docs/errors>, code 22.
pub(super) const LAST_PAGE: u32 = 500;

/// TMDB, asked politely.
pub(super) struct Tmdb {
    access: Access,
    client: Client,
}

/// A page of a list of films.
#[derive(Deserialize)]
pub(super) struct Page {
    pub(super) results: Vec<Listed>,
    pub(super) total_pages: u32,
    pub(super) total_results: u64,
}

/// What a list says of a film.
#[derive(Deserialize)]
pub(super) struct Listed {
    pub(super) id: u64,
    #[serde(default)]
    pub(super) vote_count: Option<u64>,
}

impl Tmdb {
    pub(super) fn new(access: Access, polite: &Polite) -> Result<Tmdb> {
        Ok(Tmdb {
            access,
            client: Client::new(polite)?,
        })
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// A page (1 to [`LAST_PAGE`]) of the films that were released between two days:
    /// <https://developer.themoviedb.org/reference/discover-movie>.
    pub(super) async fn discover(
        &self,
        key: PageKey,
        filters: &Filters,
    ) -> Result<Result<Page, String>> {
        // The most voted when only some are wanted; else an order that votes do not change while
        // page after page is asked for.
        let order = match filters.limit {
            Some(_) => "vote_count.desc",
            None => "primary_release_date.asc",
        };
        let mut query = vec![
            ("include_adult", "false".to_owned()),
            ("include_video", "false".to_owned()),
            ("sort_by", order.to_owned()),
            ("primary_release_date.gte", key.from.to_string()),
            ("primary_release_date.lte", key.until.to_string()),
            ("page", key.page.to_string()),
        ];
        if let Some(votes) = filters.min_votes {
            query.push(("vote_count.gte", votes.to_string()));
        }
        if let Some(language) = &filters.language {
            query.push(("with_original_language", language.clone()));
        }
        self.api(&["discover", "movie"], &query).await
    }

    /// Details and directors of a film: <https://developer.themoviedb.org/reference/movie-details>.
    pub(super) async fn film(&self, id: u64) -> Result<Result<Film, String>> {
        let query = [("append_to_response", "credits".to_owned())];
        let details: Result<Details, _> = self.api(&["movie", &id.to_string()], &query).await?;
        Ok(details.and_then(|details| match details.id == id {
            true => Ok(details.into()),
            false => Err("the answer is about another film".to_owned()),
        }))
    }

    /// Where a poster is: <https://developer.themoviedb.org/docs/image-basics>.
    pub(super) fn poster(&self, path: &str, size: PosterSize) -> Url {
        let parts = [size.as_str(), path.trim_start_matches('/')];
        below(&self.access.images, &parts)
    }

    /// The answer, or the reason why that one is given up.
    ///
    /// # Errors
    ///
    /// Where TMDB does not accept the key: it will not answer anything else either.
    async fn api<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, String)],
    ) -> Result<Result<T, String>> {
        let mut url = below(&self.access.api, path);
        url.query_pairs_mut()
            .append_pair("language", "en-US")
            .extend_pairs(query);
        let request = self.access.request(self.client.http(), url);
        let read = |body: Vec<u8>| {
            // without what was wrong where: serde_json quotes what it was given
            serde_json::from_slice(&body).map_err(|_| "the answer is not TMDB's JSON".to_owned())
        };
        match self.client.ask(request.build(), read).await {
            Ok(answer) => Ok(Ok(answer)),
            Err(Refusal::Lost(reason)) => Ok(Err(reason)),
            Err(Refusal::Unauthorised) => bail!(self.access.refused()),
        }
    }
}

fn below(base: &Url, parts: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(parts);
    }
    url
}

/// A film as the journal and the tables have it. What is not known is `None` or empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Film {
    pub(super) tmdb_id: u64,
    /// Such as `/f89U3ADr1oiB1s9GkdPOEpXUk5H.jpg`.
    pub(super) poster_path: Option<String>,
    pub(super) title: Option<String>,
    pub(super) original_title: Option<String>,
    pub(super) release_date: Option<Day>,
    /// ISO 639-1, of the original.
    pub(super) language: Option<String>,
    pub(super) genres: Vec<String>,
    /// In minutes.
    pub(super) runtime: Option<i64>,
    /// 0 to 10.
    pub(super) score: Option<f64>,
    pub(super) votes: Option<i64>,
    pub(super) overview: Option<String>,
    /// In US dollars.
    pub(super) budget: Option<i64>,
    /// In US dollars.
    pub(super) revenue: Option<i64>,
    pub(super) directors: Vec<String>,
    pub(super) imdb_id: Option<String>,
}

/// A film as TMDB sends it. Anything but the id may be missing or null.
#[derive(Deserialize)]
struct Details {
    id: u64,
    poster_path: Option<String>,
    title: Option<String>,
    original_title: Option<String>,
    release_date: Option<String>,
    original_language: Option<String>,
    genres: Option<Vec<Named>>,
    runtime: Option<i64>,
    vote_average: Option<f64>,
    vote_count: Option<i64>,
    overview: Option<String>,
    budget: Option<i64>,
    revenue: Option<i64>,
    imdb_id: Option<String>,
    credits: Option<Credits>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Credits {
    crew: Option<Vec<Member>>,
}

#[derive(Deserialize)]
struct Member {
    name: Option<String>,
    job: Option<String>,
}

impl From<Details> for Film {
    fn from(details: Details) -> Film {
        let said = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        // TMDB writes 0 for what nobody has entered
        let entered = |number: Option<i64>| number.filter(|number| *number > 0);
        let crew = details.credits.and_then(|credits| credits.crew);
        let directors = crew.unwrap_or_default().into_iter();
        let directors = directors.filter(|member| member.job.as_deref() == Some("Director"));
        let genres = details.genres.unwrap_or_default().into_iter();
        Film {
            tmdb_id: details.id,
            poster_path: said(details.poster_path),
            title: said(details.title),
            original_title: said(details.original_title),
            release_date: details.release_date.and_then(|date| date.parse().ok()),
            language: said(details.original_language),
            genres: genres.map(|genre| genre.name).collect(),
            runtime: entered(details.runtime),
            // a mean over nobody's votes is no score
            score: entered(details.vote_count).and(details.vote_average),
            votes: details.vote_count,
            overview: said(details.overview),
            budget: entered(details.budget),
            revenue: entered(details.revenue),
            directors: directors.filter_map(|member| said(member.name)).collect(),
            imdb_id: said(details.imdb_id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_and_nulls_are_unknown() {
        let json = r#"{"id": 7, "title": "", "budget": 0, "revenue": 12, "runtime": 0,
            "vote_average": 0.0, "vote_count": 0, "poster_path": null, "release_date": "",
            "genres": null, "credits": {"crew": [{"job": "Director", "name": "A"},
            {"job": "Writer", "name": "B"}, {"job": "Director", "name": "C"}]}}"#;
        let details: Details = serde_json::from_str(json).expect("it is TMDB's JSON");
        let expected = Film {
            tmdb_id: 7,
            revenue: Some(12),
            votes: Some(0),
            directors: vec!["A".to_owned(), "C".to_owned()],
            ..Film::default()
        };
        assert_eq!(Film::from(details), expected);
    }
}
