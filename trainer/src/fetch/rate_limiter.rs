use std::cell::Cell;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// The longest rest, even if a server asks for more.
const LONGEST_REST: Duration = Duration::from_secs(3600);

/// Spaces the requests of a run evenly, and sends none while a server asks for a rest.
pub(super) struct RateLimiter {
    spacing: Duration,
    next: Cell<Instant>,
    rest_until: Cell<Instant>,
}

impl RateLimiter {
    /// Allows this many requests per second; more than 0.
    pub(super) fn new(rate: f64) -> RateLimiter {
        let now = Instant::now();
        RateLimiter {
            spacing: Duration::from_secs_f64(1.0 / rate),
            next: Cell::new(now),
            rest_until: Cell::new(now),
        }
    }

    /// Waits until the caller may send one request.
    pub(super) async fn turn(&self) {
        loop {
            let rest_until = self.rest_until.get();
            let at = self.next.get().max(rest_until).max(Instant::now());
            self.next.set(at + self.spacing);
            sleep_until(at).await;
            // a server may have asked for a rest during the wait
            if self.rest_until.get() <= at {
                return;
            }
        }
    }

    /// Allows no request for this time, but not for more than an hour.
    pub(super) fn rest(&self, time: Duration) {
        let until = Instant::now() + time.min(LONGEST_REST);
        self.rest_until.set(self.rest_until.get().max(until));
    }

    /// What is left of the rest, if there is one.
    pub(super) fn rest_left(&self) -> Option<Duration> {
        let left = self.rest_until.get().checked_duration_since(Instant::now());
        left.filter(|left| !left.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::{join, join_all};

    /// When each of this many callers that wait together has its turn.
    async fn turns(limiter: &RateLimiter, callers: usize) -> Vec<Duration> {
        let begun = Instant::now();
        join_all((0..callers).map(async |_| {
            limiter.turn().await;
            begun.elapsed()
        }))
        .await
    }

    #[tokio::test(start_paused = true)]
    async fn requests_are_spaced_evenly() {
        let limiter = RateLimiter::new(40.0);
        let expected: Vec<Duration> = (0..50).map(|at| at * Duration::from_millis(25)).collect();
        assert_eq!(turns(&limiter, 50).await, expected);
    }

    #[tokio::test(start_paused = true)]
    async fn all_requests_wait_while_a_server_asks_for_rest() {
        let limiter = RateLimiter::new(1.0);
        let asking = async {
            tokio::time::sleep(Duration::from_millis(1500)).await;
            limiter.rest(Duration::from_secs(10));
            assert_eq!(limiter.rest_left(), Some(Duration::from_secs(10)));
        };
        let (waited, ()) = join(turns(&limiter, 4), asking).await;
        let seconds: Vec<f64> = waited.iter().map(Duration::as_secs_f64).collect();
        assert_eq!(seconds[..2], [0.0, 1.0]);
        assert!(seconds[2..].iter().all(|wait| *wait >= 11.5), "{seconds:?}");
        assert_eq!(limiter.rest_left(), None);
        limiter.rest(Duration::from_secs(1 << 40));
        assert_eq!(limiter.rest_left(), Some(LONGEST_REST));
    }
}
