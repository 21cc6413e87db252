//! How much a figure would vary if other films of the same kind had been drawn (Efron 1979).

use std::fmt;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
#[cfg(feature = "rayon")]
use rayon::prelude::*;
use serde::Serialize;

/// How often the films are drawn again.
pub const RESAMPLES: usize = 1_000;

/// The share of the resamples' figures within the interval.
pub const CONFIDENCE: f64 = 0.95;

/// The same films always give the same interval.
const SEED: u64 = 0;

/// The interval of the middle 95 % of the resamples' figures.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The lowest of them.
    pub low: f64,
    /// The highest of them.
    pub high: f64,
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3} to {:.3}", self.low, self.high)
    }
}

/// A figure with its 95 % confidence interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The figure over the films as they are.
    pub value: f64,
    /// The bootstrap's interval.
    pub interval: Interval,
}

/// Computes a figure over `films` films, and over [`RESAMPLES`] draws of as many films with
/// replacement.
///
/// `figure` gets how often each film counts, `[film]`. Every call draws the same films, so that two
/// networks are compared on the same draws.
pub fn estimate(films: usize, figure: impl Fn(&[u32]) -> f64 + Sync) -> Estimate {
    #[cfg(feature = "rayon")]
    let resamples = (0..RESAMPLES).into_par_iter();
    #[cfg(not(feature = "rayon"))]
    let resamples = 0..RESAMPLES;
    let mut figures: Vec<f64> = resamples
        .map(|resample| {
            let mut rng = ChaCha8Rng::seed_from_u64(SEED);
            rng.set_stream(resample as u64);
            let mut times = vec![0; films];
            for _ in 0..films {
                times[rng.random_range(0..films)] += 1;
            }
            figure(&times)
        })
        .collect();
    figures.sort_by(f64::total_cmp);
    // as many figures lie below the interval as above it
    let outside = ((1.0 - CONFIDENCE) / 2.0 * RESAMPLES as f64).round() as usize;
    Estimate {
        value: figure(&vec![1; films]),
        interval: Interval {
            low: figures[outside],
            high: figures[RESAMPLES - 1 - outside],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_a_share_is_as_wide_as_theory_says() {
        // three of ten films: the share's standard error is √(0.3 · 0.7 / n)
        let share = |films: usize| {
            estimate(films, |times| {
                let counted = times.iter().enumerate();
                let right: u32 = counted
                    .filter(|(film, _)| film % 10 < 3)
                    .map(|(_, n)| n)
                    .sum();
                f64::from(right) / times.iter().sum::<u32>() as f64
            })
        };
        for films in [500, 2_000] {
            let Estimate { value, interval } = share(films);
            let error = (0.3 * 0.7 / films as f64).sqrt();
            assert!((value - 0.3).abs() < 1e-9);
            assert!(interval.low < value && value < interval.high);
            let errors = (interval.high - interval.low) / (2.0 * error);
            assert!((errors - 1.96).abs() < 0.2, "{errors} standard errors");
        }
        assert_eq!(share(500), share(500));
    }
}
