//! Asking a server that owes us nothing: slowly, patiently, and never for ever.

use std::error::Error;
use std::hash::{BuildHasher, RandomState};
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, ensure};
use marquee_models::preprocess::MAX_FILE_BYTES;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Request, Response, StatusCode};

use super::limit::{Limiter, retry_after};

/// The longest wait between two tries of one request, but for a server's own `Retry-After`.
const LONGEST_BACKOFF: Duration = Duration::from_secs(60);

/// How many times [`Polite::timeout`] an answer may take that does arrive bit by bit.
const SLOW: u32 = 10;

/// Why what is no address cannot be asked for; not which, since a secret may stand in its place.
pub(super) const NO_ADDRESS: &str = "not an address of the web";

/// How requests are made.
#[derive(Clone, Debug)]
pub struct Polite {
    /// The most requests a second, all servers together; above 0.
    pub rate: f64,
    /// The most requests that wait for an answer at once; at least 1.
    pub connections: usize,
    /// How often one thing is asked for before it is given up; at least 1.
    pub tries: u32,
    /// The wait before the second try is random, up to this; before each later one up to twice as
    /// long, and never over a minute.
    pub backoff: Duration,
    /// How long a server may send nothing. A whole answer may take ten times as long.
    pub timeout: Duration,
}

impl Default for Polite {
    /// 20 requests a second, 32 at once, 5 tries, half a second, 30 seconds.
    fn default() -> Polite {
        Polite {
            rate: 20.0,
            connections: 32,
            tries: 5,
            backoff: Duration::from_millis(500),
            timeout: Duration::from_secs(30),
        }
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The server does not accept the key (401): nothing else will be answered either.
    Unauthorised,
    /// Given up, with the reason in words that name no address and no secret.
    Lost(String),
}

/// Why one try failed.
enum Failure {
    /// Trying again would not help.
    Final(Refusal),
    /// It might, after the wait that the server asks for, if any.
    Passing(String, Option<Duration>),
}

/// Sends requests as a [`Polite`] says.
pub(super) struct Client {
    http: reqwest::Client,
    limiter: Limiter,
    polite: Polite,
    received: AtomicU64,
}

impl Client {
    pub(super) fn new(polite: &Polite) -> Result<Client> {
        ensure!(
            polite.rate.is_finite() && polite.rate > 0.0,
            "the rate must be over 0 requests a second"
        );
        // reqwest is built without a crypto provider of its own
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| {
            // an error says that the process has one already, which will do
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let http = reqwest::Client::builder()
            .user_agent(concat!("marquee/", env!("CARGO_PKG_VERSION")))
            // a referrer would carry the key in the address to wherever a redirect leads
            .referer(false)
            .connect_timeout(polite.timeout)
            .read_timeout(polite.timeout)
            .timeout(polite.timeout * SLOW)
            .build()
            .map_err(reqwest::Error::without_url)
            .context("cannot set up HTTPS; are the system's root certificates installed?")?;
        Ok(Client {
            http,
            limiter: Limiter::new(polite.rate),
            polite: polite.clone(),
            received: AtomicU64::new(0),
        })
    }

    /// The client to build requests with.
    pub(super) fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Bytes of all answers so far.
    pub(super) fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// How long the server wants to be left alone from now on, if it does.
    pub(super) fn rest_left(&self) -> Option<Duration> {
        self.limiter.rest_left()
    }

    /// Asks until there is an answer that `read` understands.
    pub(super) async fn ask<T>(
        &self,
        request: reqwest::Result<Request>,
        read: impl Fn(Vec<u8>) -> Result<T, String>,
    ) -> Result<T, Refusal> {
        let request = request.map_err(|_| Refusal::Lost(NO_ADDRESS.to_owned()))?;
        let mut failed = 0;
        loop {
            self.limiter.turn().await;
            // it has no body, so it can always be cloned
            let Some(copy) = request.try_clone() else {
                return Err(Refusal::Lost("the request cannot be repeated".to_owned()));
            };
            let failure = match self.once(copy).await {
                Ok(body) => match read(body) {
                    Ok(answer) => return Ok(answer),
                    Err(reason) => Failure::Passing(reason, None),
                },
                Err(failure) => failure,
            };
            let (reason, wait) = match failure {
                Failure::Final(refusal) => return Err(refusal),
                Failure::Passing(reason, wait) => (reason, wait),
            };
            if let Some(wait) = wait {
                self.limiter.rest(wait);
            }
            failed += 1;
            if failed >= self.polite.tries {
                return Err(Refusal::Lost(reason));
            }
            tokio::time::sleep(self.jitter(failed)).await;
        }
    }

    async fn once(&self, request: Request) -> Result<Vec<u8>, Failure> {
        let response = self.http.execute(request).await.map_err(failure)?;
        let status = response.status();
        match status {
            StatusCode::OK => self.body(response).await,
            StatusCode::UNAUTHORIZED => Err(Failure::Final(Refusal::Unauthorised)),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {
                Err(busy(status, response.headers()))
            }
            _ if status.is_server_error() => Err(busy(status, response.headers())),
            _ => Err(Failure::Final(Refusal::Lost(answered(status)))),
        }
    }

    async fn body(&self, mut response: Response) -> Result<Vec<u8>, Failure> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failure)? {
            self.received
                .fetch_add(chunk.len() as u64, Ordering::Relaxed);
            body.extend_from_slice(&chunk);
            if body.len() > MAX_FILE_BYTES {
                let reason = format!("over {} MB", MAX_FILE_BYTES >> 20);
                return Err(Failure::Final(Refusal::Lost(reason)));
            }
        }
        Ok(body)
    }

    /// "Full jitter": clients that failed together do not come back together.
    fn jitter(&self, failed: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(failed - 1);
        let most = self
            .polite
            .backoff
            .saturating_mul(doubled)
            .min(LONGEST_BACKOFF);
        // every RandomState has keys of its own
        let random = RandomState::new().hash_one(failed);
        most.mul_f64(random as f64 / u64::MAX as f64)
    }
}

fn busy(status: StatusCode, headers: &HeaderMap) -> Failure {
    let wait = headers
        .get(RETRY_AFTER)
        .and_then(|header| header.to_str().ok())
        .and_then(|header| retry_after(header, SystemTime::now()));
    Failure::Passing(answered(status), wait)
}

fn answered(status: StatusCode) -> String {
    format!("the server answered {status}")
}

/// In words, and never with the address: it may hold a key.
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
    Failure::Passing(reason, None)
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
    fn waits_are_random_and_bounded() {
        let polite = Polite {
            backoff: Duration::from_secs(1),
            ..Polite::default()
        };
        let client = Client::new(&polite).expect("it can be set up");
        for (failed, most) in [(1, 1), (2, 2), (3, 4), (40, 60)] {
            let waits: Vec<Duration> = (0..50).map(|_| client.jitter(failed)).collect();
            let most = Duration::from_secs(most);
            assert!(waits.iter().all(|wait| *wait <= most), "{waits:?}");
            assert!(waits.iter().any(|wait| *wait > most / 2), "{waits:?}");
            assert!(waits.iter().any(|wait| *wait < most / 2), "{waits:?}");
        }
    }
}
