//! How fast to ask: so many requests a second, and none while a server asks for rest.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::time::{Instant, sleep_until};

use super::date::http_date;

/// The longest rest that is taken, whatever a server asks for.
pub(super) const LONGEST_REST: Duration = Duration::from_secs(3600);

/// Hands out turns to all requests of a run, evenly spaced.
pub(super) struct Limiter {
    spacing: Duration,
    schedule: Mutex<Schedule>,
}

struct Schedule {
    next: Instant,
    rest_until: Instant,
}

impl Limiter {
    pub(super) fn new(a_second: f64) -> Limiter {
        let now = Instant::now();
        Limiter {
            spacing: Duration::from_secs_f64(1.0 / a_second),
            schedule: Mutex::new(Schedule {
                next: now,
                rest_until: now,
            }),
        }
    }

    /// Waits until the caller may send one request.
    pub(super) async fn turn(&self) {
        loop {
            let at = self.with(|schedule| {
                let at = schedule.next.max(schedule.rest_until).max(Instant::now());
                schedule.next = at + self.spacing;
                at
            });
            sleep_until(at).await;
            // Another request may have been told to rest while this one waited.
            if self.with(|schedule| schedule.rest_until <= at) {
                return;
            }
        }
    }

    /// Sends nothing for so long, [`LONGEST_REST`] at the most.
    pub(super) fn rest(&self, time: Duration) {
        let until = Instant::now() + time.min(LONGEST_REST);
        self.with(|schedule| schedule.rest_until = schedule.rest_until.max(until));
    }

    /// How long the rest still takes, if there is one.
    pub(super) fn rest_left(&self) -> Option<Duration> {
        let until = self.with(|schedule| schedule.rest_until);
        let left = until.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    fn with<T>(&self, change: impl FnOnce(&mut Schedule) -> T) -> T {
        // two instants cannot be left half-changed
        change(&mut self.schedule.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// How long `Retry-After` asks to wait: seconds, or a date (RFC 9110, 10.2.3).
pub(super) fn retry_after(header: &str, now: SystemTime) -> Option<Duration> {
    let header = header.trim();
    match header.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        // a date that has passed asks for no wait
        Err(_) => Some(http_date(header)?.duration_since(now).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_retry_after_are_understood() {
        let now = http_date("Sun, 06 Nov 1994 08:49:37 GMT").expect("a date");
        let seconds = |header| retry_after(header, now).map(|wait| wait.as_secs());
        assert_eq!(seconds("120"), Some(120));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:50:37 GMT"), Some(60));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:40:00 GMT"), Some(0));
        assert_eq!(seconds("soon"), None);
        assert_eq!(seconds("-1"), None);
    }
}
