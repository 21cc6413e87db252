//! One timing: an engine, and how many posters.

use crate::text::MachineText;
use marquee_app::protocol::Engine;
use marquee_models::text::thousands;

/// The numbers of posters that are measured.
pub(super) const COUNTS: [u32; 4] = [1, 16, 256, 1_000];

/// How long an engine takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Timing {
    /// The engine.
    pub(super) engine: Engine,
    /// Posters in a run.
    pub(super) posters: u32,
    /// Milliseconds for a run; 0 where the browser's clock is too coarse.
    pub(super) ms: f64,
}

impl Timing {
    /// Posters per second; `None` where the clock is too coarse.
    pub(super) fn rate(&self) -> Option<f64> {
        (self.ms > 0.0).then(|| f64::from(self.posters) * 1_000.0 / self.ms)
    }

    /// The rate in words.
    pub(super) fn rate_in_words(&self, text: &MachineText) -> String {
        match self.rate() {
            None => text.too_quick.to_owned(),
            Some(rate) if rate < 10.0 => format!("{rate:.1}"),
            Some(rate) => rounded(rate),
        }
    }

    /// The milliseconds in words, to about three digits.
    pub(super) fn time_in_words(&self) -> String {
        match self.ms {
            ms if ms < 0.01 => "<0.01 ms".into(),
            ms if ms < 9.995 => format!("{ms:.2} ms"),
            ms if ms < 99.95 => format!("{ms:.1} ms"),
            ms => rounded(ms) + " ms",
        }
    }
}

/// An engine's name, in every language.
pub(super) fn engine_name(engine: Engine) -> &'static str {
    match engine {
        Engine::Cpu => "CPU",
        Engine::Gpu => "WebGPU",
    }
}

fn rounded(number: f64) -> String {
    thousands(number.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timing(ms: f64) -> Timing {
        Timing {
            engine: Engine::Gpu,
            posters: 1,
            ms,
        }
    }

    #[test]
    fn times_have_as_many_digits_as_matter() {
        assert_eq!(timing(0.004).time_in_words(), "<0.01 ms");
        assert_eq!(timing(0.162).time_in_words(), "0.16 ms");
        assert_eq!(timing(41.26).time_in_words(), "41.3 ms");
        assert_eq!(timing(12_345.6).time_in_words(), "12,346 ms");
    }

    #[test]
    fn a_rate_needs_a_time() {
        assert_eq!(timing(200.0).rate(), Some(5.0));
        assert_eq!(timing(0.0).rate(), None);
    }
}
