use std::time::Duration;

use rand::RngExt;

use super::rate_limiter::RateLimiter;
use super::request_options::RequestOptions;

/// The longest wait between two tries, unless the server asks for a longer one.
const LONGEST_BACKOFF: Duration = Duration::from_secs(60);

/// Why a request was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The server does not accept the key (401). No other request will be answered either.
    Unauthorised,
    /// The reason in words, without the address, which can hold a secret.
    Lost(String),
}

/// Why one try failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// Another try would not help.
    Final(Refusal),
    /// Another try may help, after the wait that the server asks for, if any. The reason is in words.
    Temporary(String, Option<Duration>),
}

/// Makes requests at the allowed rate, and tries again what may succeed later.
pub(super) struct Retries {
    pub(super) limiter: RateLimiter,
    tries: u32,
    backoff: Duration,
}

impl Retries {
    pub(super) fn new(options: &RequestOptions) -> Retries {
        Retries {
            limiter: RateLimiter::new(options.rate),
            tries: options.tries,
            backoff: options.backoff,
        }
    }

    /// Runs `attempt` until it succeeds or is given up.
    pub(super) async fn run<T>(
        &self,
        attempt: impl AsyncFn() -> Result<T, Failure>,
    ) -> Result<T, Refusal> {
        let mut failed = 0;
        loop {
            self.limiter.turn().await;
            let (reason, wait) = match attempt().await {
                Ok(answer) => return Ok(answer),
                Err(Failure::Final(refusal)) => return Err(refusal),
                Err(Failure::Temporary(reason, wait)) => (reason, wait),
            };
            if let Some(wait) = wait {
                self.limiter.rest(wait);
            }
            failed += 1;
            if failed >= self.tries {
                return Err(Refusal::Lost(reason));
            }
            tokio::time::sleep(self.jitter(failed)).await;
        }
    }

    /// A random wait ("full jitter"), so that requests that failed together are not repeated together.
    fn jitter(&self, failed: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(failed - 1);
        let longest = self.backoff.saturating_mul(doubled).min(LONGEST_BACKOFF);
        longest.mul_f64(rand::rng().random())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use tokio::time::Instant;

    fn retries(tries: u32) -> Retries {
        Retries::new(&RequestOptions {
            tries,
            backoff: Duration::from_secs(1),
            ..RequestOptions::default()
        })
    }

    #[test]
    fn waits_are_random_and_bounded() {
        let retries = retries(5);
        for (failed, longest) in [(1, 1), (2, 2), (3, 4), (40, 60)] {
            let waits: Vec<Duration> = (0..50).map(|_| retries.jitter(failed)).collect();
            let longest = Duration::from_secs(longest);
            assert!(waits.iter().all(|wait| *wait <= longest), "{waits:?}");
            assert!(waits.iter().any(|wait| *wait > longest / 2), "{waits:?}");
            assert!(waits.iter().any(|wait| *wait < longest / 2), "{waits:?}");
        }
    }

    /// Runs attempts that fail one after the other and then succeed; also says when each began.
    async fn run(
        retries: &Retries,
        failures: Vec<Failure>,
    ) -> (Result<(), Refusal>, Vec<Duration>) {
        let begun = Instant::now();
        let attempts = RefCell::new((failures.into_iter(), Vec::new()));
        let result = retries
            .run(async || {
                let (failures, times) = &mut *attempts.borrow_mut();
                times.push(begun.elapsed());
                failures.next().map_or(Ok(()), Err)
            })
            .await;
        (result, attempts.into_inner().1)
    }

    #[tokio::test(start_paused = true)]
    async fn what_may_succeed_later_is_tried_again_after_the_wait_that_is_asked_for() {
        let busy = |wait| Failure::Temporary("busy".to_owned(), wait);
        let five_minutes = Duration::from_secs(300);
        let (result, times) = run(&retries(3), vec![busy(None), busy(Some(five_minutes))]).await;
        assert_eq!(result, Ok(()));
        assert_eq!(times.len(), 3);
        assert!(times[1] < Duration::from_secs(2), "{times:?}");
        assert!(times[2] >= times[1] + five_minutes, "{times:?}");

        let (result, times) = run(&retries(2), vec![busy(None), busy(None)]).await;
        assert_eq!(result, Err(Refusal::Lost("busy".to_owned())));
        assert_eq!(times.len(), 2);

        let refused = || Failure::Final(Refusal::Unauthorised);
        let (result, times) = run(&retries(2), vec![refused()]).await;
        assert_eq!(result, Err(Refusal::Unauthorised));
        assert_eq!(times.len(), 1);
    }
}
