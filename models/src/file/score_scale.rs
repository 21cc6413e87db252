//! From what the score's head answers to the points that people give.

/// From a standardised score to the points that TMDB's members give, 0 to 10.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScoreScale {
    /// Mean over the training films, in points.
    pub mean: f32,
    /// Their standard deviation, in points; above 0.
    pub deviation: f32,
    /// How many predicted deviations to either side of the expected score hold four of five films;
    /// above 0.
    pub interval: f32,
}

impl ScoreScale {
    /// How many deviations to either side of the mean hold four fifths of a normal distribution.
    pub const NORMAL_INTERVAL: f32 = 1.281_55;

    /// Turns the outputs of the score's head, the standardised mean and the logarithm of its variance,
    /// into points: the expected score, and half the width of the interval that holds four of five
    /// films. Neither is cut to 0–10.
    pub fn points(&self, mean: f32, log_variance: f32) -> (f32, f32) {
        let deviation = (0.5 * log_variance).exp();
        (
            self.mean + self.deviation * mean,
            self.deviation * self.interval * deviation,
        )
    }

    pub(super) fn from_list([mean, deviation, interval]: [f32; 3]) -> ScoreScale {
        ScoreScale {
            mean,
            deviation,
            interval,
        }
    }

    pub(super) fn to_list(self) -> [f32; 3] {
        [self.mean, self.deviation, self.interval]
    }
}
