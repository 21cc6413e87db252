use std::collections::HashMap;

use serde_json::{Value, json};

use super::KEY;
use super::film::Film;

/// The parameters of a request.
pub(super) type Query<'a> = HashMap<&'a str, &'a str>;

/// An answer of the server.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) kind: &'static str,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn new(status: u16, kind: &'static str, body: impl Into<Vec<u8>>) -> Answer {
        Answer {
            status,
            kind,
            body: body.into(),
        }
    }

    fn json(value: &Value) -> Answer {
        Answer::new(200, "application/json", value.to_string())
    }

    /// An error in TMDB's words.
    pub(super) fn error(status: u16) -> Answer {
        let error = json!({"success": false, "status_code": 34, "status_message": "no"});
        Answer {
            status,
            ..Answer::json(&error)
        }
    }

    /// What a healthy server answers.
    pub(super) fn to(
        path: &str,
        query: &Query,
        bearer: &str,
        films: &[Film],
        films_a_page: usize,
    ) -> Answer {
        let film = |prefix: &str, suffix: &str| -> Option<&Film> {
            let (_, rest) = path.rsplit_once(prefix)?;
            let id: u64 = rest.strip_suffix(suffix)?.parse().ok()?;
            films.iter().find(|film| film.id == id)
        };
        if let Some(size) = path.strip_prefix("/t/p/") {
            let size = size.split('/').next().unwrap_or_default();
            let width = size.strip_prefix('w').and_then(|width| width.parse().ok());
            return match film("/poster", ".jpg") {
                Some(film) => Answer::new(200, "image/jpeg", film.poster(width.unwrap_or(1000))),
                None => Answer::error(404),
            };
        }
        if bearer != KEY && query.get("api_key") != Some(&KEY) {
            return Answer::error(401);
        }
        if path == "/3/discover/movie" {
            return Answer::list(query, films, films_a_page);
        }
        match film("/3/movie/", "") {
            Some(film) if query.get("append_to_response") == Some(&"credits") => {
                Answer::json(&film.details())
            }
            _ => Answer::error(404),
        }
    }

    /// A page of a list.
    fn list(query: &Query, films: &[Film], films_a_page: usize) -> Answer {
        let text = |name| query.get(name).copied();
        let number = |name| text(name).and_then(|text| text.parse::<usize>().ok());
        let page = number("page").unwrap_or(1);
        if !(1..=500).contains(&page) {
            return Answer::error(400);
        }
        let least_votes = number("vote_count.gte").unwrap_or(0) as u64;
        let from = text("primary_release_date.gte");
        let until = text("primary_release_date.lte");
        let language = text("with_original_language");
        let mut films: Vec<&Film> = films
            .iter()
            .filter(|film| from.is_none_or(|day| *film.date >= *day))
            .filter(|film| until.is_none_or(|day| *film.date <= *day))
            .filter(|film| language.is_none_or(|code| film.language == code))
            .filter(|film| film.votes >= least_votes)
            .collect();
        match text("sort_by") {
            Some("vote_count.desc") => films.sort_by_key(|film| std::cmp::Reverse(film.votes)),
            Some("primary_release_date.asc") => films.sort_by(|a, b| a.date.cmp(&b.date)),
            _ => return Answer::error(400),
        }
        let mut pages = films.chunks(films_a_page);
        let total_pages = pages.len();
        let results = pages.nth(page - 1).unwrap_or_default().iter();
        Answer::json(&json!({
            "page": page,
            "results": results.map(|film| film.listed()).collect::<Vec<Value>>(),
            "total_pages": total_pages,
            "total_results": films.len(),
        }))
    }
}
