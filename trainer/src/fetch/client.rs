//! Requests over HTTP, at a polite rate and with a limit to everything.

use std::cell::Cell;
use std::error::Error;
use std::sync::Once;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use marquee_models::preprocess::MAX_FILE_BYTES;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Request, Response, StatusCode};

use super::request_options::RequestOptions;
use super::retries::{Failure, Refusal, Retries};

/// A whole answer may take this many times [`RequestOptions::timeout`].
const SLOW: u32 = 10;

/// The reason if a text is not a web address. The text is not quoted, because it can hold a secret.
pub(super) const NO_ADDRESS: &str = "not a web address";

/// Makes requests as [`RequestOptions`] say.
///
/// It is used by one task, which runs many requests at the same time.
pub(super) struct Client {
    http: reqwest::Client,
    retries: Retries,
    connections: usize,
    received: Cell<u64>,
}

impl Client {
    pub(super) fn new(options: &RequestOptions) -> Result<Client> {
        ensure!(
            options.rate.is_finite() && options.rate > 0.0,
            "the rate must be over 0 requests a second"
        );
        // reqwest is built without a crypto provider of its own
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| {
            // this fails if the process has a provider already, which serves as well
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let http = reqwest::Client::builder()
            .user_agent(concat!("marquee/", env!("CARGO_PKG_VERSION")))
            // a referrer would carry the key in the address to wherever a redirect leads
            .referer(false)
            .connect_timeout(options.timeout)
            .read_timeout(options.timeout)
            .timeout(options.timeout * SLOW)
            .build()
            .map_err(reqwest::Error::without_url)
            .context("cannot set up HTTPS; are the system's root certificates installed?")?;
        Ok(Client {
            http,
            retries: Retries::new(options),
            connections: options.connections.max(1),
            received: Cell::new(0),
        })
    }

    /// The client to build requests with.
    pub(super) fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// How many requests may be under way at the same time; at least 1.
    pub(super) fn connections(&self) -> usize {
        self.connections
    }

    /// How many bytes all answers had so far.
    pub(super) fn received(&self) -> u64 {
        self.received.get()
    }

    /// What is left of the rest that a server has asked for, if any.
    pub(super) fn rest_left(&self) -> Option<Duration> {
        self.retries.limiter.rest_left()
    }

    /// Makes a request until there is an answer that `read` accepts, or it is given up.
    pub(super) async fn ask<T>(
        &self,
        request: reqwest::Result<Request>,
        read: impl Fn(Vec<u8>) -> Result<T, String>,
    ) -> Result<T, Refusal> {
        let lost = |reason: &str| Refusal::Lost(reason.to_owned());
        let request = request.map_err(|_| lost(NO_ADDRESS))?;
        self.retries
            .run(async || {
                // a request without a body can always be cloned
                let copy = request.try_clone();
                let copy = copy.ok_or_else(|| Failure::Final(lost("it cannot be repeated")))?;
                let body = self.once(copy).await?;
                read(body).map_err(|reason| Failure::Temporary(reason, None))
            })
            .await
    }

    async fn once(&self, request: Request) -> Result<Vec<u8>, Failure> {
        let response = self.http.execute(request).await.map_err(failure)?;
        match response.status() {
            StatusCode::OK => self.body(response).await,
            status => Err(refused(status, response.headers(), Timestamp::now())),
        }
    }

    async fn body(&self, mut response: Response) -> Result<Vec<u8>, Failure> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failure)? {
            self.received.set(self.received() + chunk.len() as u64);
            body.extend_from_slice(&chunk);
            if body.len() > MAX_FILE_BYTES {
                let reason = format!("over {} MB", MAX_FILE_BYTES >> 20);
                return Err(Failure::Final(Refusal::Lost(reason)));
            }
        }
        Ok(body)
    }
}

/// Runs the futures of a download to their end.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("cannot start the threads that download")?;
    let result = runtime.block_on(work);
    // does not wait until the system has looked up a name that nobody needs any more
    runtime.shutdown_background();
    result
}

/// An answer with another status than 200.
fn refused(status: StatusCode, headers: &HeaderMap, now: Timestamp) -> Failure {
    let reason = format!("the server answered {status}");
    match status {
        StatusCode::UNAUTHORIZED => Failure::Final(Refusal::Unauthorised),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {
            Failure::Temporary(reason, retry_after(headers, now))
        }
        _ if status.is_server_error() => Failure::Temporary(reason, retry_after(headers, now)),
        _ => Failure::Final(Refusal::Lost(reason)),
    }
}

/// The wait that `Retry-After` asks for: seconds, or a date (RFC 9110, 10.2.3).
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let header = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = header.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = DateTimeParser::new().parse_timestamp(header).ok()?;
    // a date that has passed asks for no wait
    Some(now.duration_until(date).try_into().unwrap_or_default())
}

/// Why there is no answer, in words and without the address, which can hold a key.
fn failure(error: reqwest::Error) -> Failure {
    let error = error.without_url();
    if error.is_builder() {
        return Failure::Final(Refusal::Lost(NO_ADDRESS.to_owned()));
    }
    let reason = if error.is_timeout() {
        "the server took too long".to_owned()
    } else if error.is_connect() {
        format!("no connection: {}", root(&error))
    } else if error.is_body() || error.is_decode() {
        "the answer was cut off".to_owned()
    } else {
        format!("no answer: {}", root(&error))
    };
    Failure::Temporary(reason, None)
}

fn root(error: &dyn Error) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_retry_after_are_understood() {
        let now = "1994-11-06T08:49:37Z".parse().expect("a time");
        for (header, seconds) in [
            ("120", Some(120)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sun, 06 Nov 1994 08:40:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
        ] {
            let value = header.parse().expect("a header");
            let headers = HeaderMap::from_iter([(RETRY_AFTER, value)]);
            for status in [
                StatusCode::TOO_MANY_REQUESTS,
                StatusCode::SERVICE_UNAVAILABLE,
            ] {
                let Failure::Temporary(_, wait) = refused(status, &headers, now) else {
                    panic!("{status} is not final");
                };
                assert_eq!(wait.map(|wait| wait.as_secs()), seconds, "{header}");
            }
        }
    }
}
