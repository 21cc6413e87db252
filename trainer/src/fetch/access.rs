//! The user's key, and where TMDB is. Keys are seen by this module alone.

use std::env;

use anyhow::{Context, Result, bail};
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{RequestBuilder, Url};

const API: &str = "https://api.themoviedb.org/3";
const IMAGES: &str = "https://image.tmdb.org/t/p";

/// The user's key. It has no `Debug`, so that it cannot be printed by accident.
enum Key {
    /// Of version 3, a parameter of every request.
    Parameter(String),
    /// Of version 4, a header of every request to the API.
    Bearer(HeaderValue),
}

/// Where to ask, and with which key.
pub struct Access {
    key: Key,
    pub(super) api: Url,
    pub(super) images: Url,
}

impl Access {
    /// Reads `TMDB_TOKEN` or `TMDB_API_KEY`, and `MARQUEE_TMDB_API` and `MARQUEE_TMDB_IMAGES` where
    /// they are set.
    ///
    /// # Errors
    ///
    /// Where there is no key, or an address is none.
    pub fn from_env() -> Result<Access> {
        let set = |name| env::var(name).ok().filter(|value| !value.trim().is_empty());
        let key = match (set("TMDB_TOKEN"), set("TMDB_API_KEY")) {
            (Some(token), _) => {
                let header = HeaderValue::from_str(&format!("Bearer {}", token.trim()));
                let mut header = header.ok().context(
                    "TMDB_TOKEN has characters that no token has; copy it again from \
                     https://www.themoviedb.org/settings/api",
                )?;
                header.set_sensitive(true);
                Key::Bearer(header)
            }
            (None, Some(key)) => Key::Parameter(key.trim().to_owned()),
            (None, None) => bail!(
                "TMDB answers only with a key of your own: get one, free of charge, at \
                 https://www.themoviedb.org/settings/api and set it in the environment, such as\n  \
                 export TMDB_API_KEY=...   (the \"API Key\")\n  \
                 export TMDB_TOKEN=...     (the \"API Read Access Token\")"
            ),
        };
        let address = |name, default: &str| {
            let value = set(name);
            let url = Url::parse(value.as_deref().unwrap_or(default)).ok();
            url.filter(|url| ["http", "https"].contains(&url.scheme()))
                .with_context(|| format!("{name} is no address such as {default}"))
        };
        Ok(Access {
            key,
            api: address("MARQUEE_TMDB_API", API)?,
            images: address("MARQUEE_TMDB_IMAGES", IMAGES)?,
        })
    }

    /// A request to the API, with the key.
    pub(super) fn request(&self, http: &reqwest::Client, mut url: Url) -> RequestBuilder {
        match &self.key {
            Key::Parameter(key) => {
                url.query_pairs_mut().append_pair("api_key", key);
                http.get(url)
            }
            Key::Bearer(token) => http.get(url).header(AUTHORIZATION, token),
        }
    }

    /// What to do where TMDB does not accept the key.
    pub(super) fn refused(&self) -> &'static str {
        match self.key {
            Key::Parameter(_) => {
                "TMDB does not accept the key in TMDB_API_KEY; compare it with the \"API Key\" on \
                 https://www.themoviedb.org/settings/api (the long \"API Read Access Token\" \
                 belongs into TMDB_TOKEN)"
            }
            Key::Bearer(_) => {
                "TMDB does not accept the token in TMDB_TOKEN; compare it with the \"API Read \
                 Access Token\" on https://www.themoviedb.org/settings/api (the short \"API Key\" \
                 belongs into TMDB_API_KEY)"
            }
        }
    }
}
