//! The requests to TMDB's API: <https://developer.themoviedb.org/reference/intro/getting-started>.

use anyhow::{Result, bail};
use reqwest::Url;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::access::Access;
use super::client::Client;
use super::film::Film;
use super::filters::{Filters, PosterSize};
use super::page::PageKey;
use super::request_options::RequestOptions;
use super::retries::Refusal;

/// The number of films on a page of a list.
pub(super) const PAGE: usize = 20;

/// TMDB sends no page after this one: <https://developer.themoviedb.org/docs/errors>, code 22.
pub(super) const LAST_PAGE: u32 = 500;

/// TMDB, with the user's key.
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

/// A film in a list.
#[derive(Deserialize)]
pub(super) struct Listed {
    pub(super) id: u64,
    #[serde(default)]
    pub(super) vote_count: Option<u64>,
}

impl Tmdb {
    pub(super) fn new(access: Access, requests: &RequestOptions) -> Result<Tmdb> {
        Ok(Tmdb {
            access,
            client: Client::new(requests)?,
        })
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// A page (1 to [`LAST_PAGE`]) of a list, or the reason in words why it was given up:
    /// <https://developer.themoviedb.org/reference/discover-movie>.
    pub(super) async fn discover(
        &self,
        key: PageKey,
        filters: &Filters,
    ) -> Result<Result<Page, String>> {
        // With a limit, films with the most votes come first. Without, the order must not depend on
        // votes, which change while page after page is fetched.
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

    /// The details and directors of a film, or the reason in words why they were given up:
    /// <https://developer.themoviedb.org/reference/movie-details>.
    pub(super) async fn film(&self, id: u64) -> Result<Result<Film, String>> {
        let query = [("append_to_response", "credits".to_owned())];
        let details: Result<Details, _> = self.api(&["movie", &id.to_string()], &query).await?;
        Ok(details.and_then(|details| match details.id == id {
            true => Ok(details.into()),
            false => Err("the answer is about another film".to_owned()),
        }))
    }

    /// The address of a poster: <https://developer.themoviedb.org/docs/image-basics>.
    pub(super) fn poster(&self, path: &str, size: PosterSize) -> Url {
        let parts = [&size.to_string(), path.trim_start_matches('/')];
        below(&self.access.images, &parts)
    }

    /// The answer, or the reason in words why the request was given up.
    ///
    /// # Errors
    ///
    /// If TMDB does not accept the key, because it will not answer any other request either.
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
            // the message of serde_json is not shown, because it quotes the answer
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

/// A film as TMDB sends it. Everything but the id may be missing or null.
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
        // TMDB sends 0 for what nobody has entered
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
            // without votes, the mean is not a score
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
