//! The user's key, and TMDB's addresses. Only this module sees the key.

use std::env;

use anyhow::{Context, Result, bail};
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{RequestBuilder, Url};

const API: &str = "https://api.themoviedb.org/3";
const IMAGES: &str = "https://image.tmdb.org/t/p";

/// The user's key. It has no `Debug`, so that it cannot be printed by accident.
enum Key {
    /// The key of version 3: a parameter of each request.
    Parameter(String),
    /// The token of version 4: a header of each request to the API.
    Bearer(HeaderValue),
}

/// The addresses of TMDB and the user's key. It has no `Debug`, as the key has none.
pub struct Access {
    key: Key,
    pub(super) api: Url,
    pub(super) images: Url,
}

impl Access {
    /// Reads the environment: `TMDB_TOKEN`, or else `TMDB_API_KEY`; and other addresses than TMDB's
    /// from `MARQUEE_TMDB_API` and `MARQUEE_TMDB_IMAGES`, if they are set.
    ///
    /// # Errors
    ///
    /// If neither the token nor the key is set, or if an address is not one of `http` or `https`.
    pub fn from_env() -> Result<Access> {
        let set = |name| env::var(name).ok().filter(|value| !value.trim().is_empty());
        let key = match (set("TMDB_TOKEN"), set("TMDB_API_KEY")) {
            (Some(token), _) => {
                let header = HeaderValue::from_str(&format!("Bearer {}", token.trim()));
                let mut header = header.ok().context(
                    "TMDB_TOKEN has characters that are not allowed in a token; copy it again from \
                     https://www.themoviedb.org/settings/api",
                )?;
                header.set_sensitive(true);
                Key::Bearer(header)
            }
            (None, Some(key)) => Key::Parameter(key.trim().to_owned()),
            (None, None) => bail!(
                "TMDB needs a key of your own: get one, free of charge, at \
                 https://www.themoviedb.org/settings/api and set it in the environment, such as\n  \
                 export TMDB_API_KEY=...   (the \"API Key\")\n  \
                 export TMDB_TOKEN=...     (the \"API Read Access Token\")"
            ),
        };
        let address = |name, default: &str| {
            let value = set(name);
            let url = Url::parse(value.as_deref().unwrap_or(default)).ok();
            url.filter(|url| ["http", "https"].contains(&url.scheme()))
                .with_context(|| format!("{name} is not an address such as {default}"))
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

    /// What to tell the user if TMDB does not accept the key.
    pub(super) fn refused(&self) -> &'static str {
        match self.key {
            Key::Parameter(_) => {
                "TMDB does not accept the key in TMDB_API_KEY; compare it with the \"API Key\" on \
                 https://www.themoviedb.org/settings/api (the long \"API Read Access Token\" \
                 belongs in TMDB_TOKEN)"
            }
            Key::Bearer(_) => {
                "TMDB does not accept the token in TMDB_TOKEN; compare it with the \"API Read \
                 Access Token\" on https://www.themoviedb.org/settings/api (the short \"API Key\" \
                 belongs in TMDB_API_KEY)"
            }
        }
    }
}
