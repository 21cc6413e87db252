//! The score's part of the metrics.

use serde::Serialize;

use crate::evaluation::ScoreAnswers;
use crate::evaluation::bootstrap::Interval;

/// How well a network predicts the score that TMDB's members give a film, 0 to 10 points.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ScoreMetrics {
    /// Films whose score is known.
    pub films: usize,
    /// Mean absolute error in points.
    pub mean_absolute_error: f64,
    /// Its 95 % interval.
    pub mean_absolute_error_interval: Interval,
    /// The mean absolute error in points of the best constant answer.
    pub constants_error: f64,
    /// Share of the variance that is explained (R²); at most 1, and negative if the network is worse
    /// than a constant.
    pub explained: f64,
    /// Share of the films whose score lies within the predicted 80 % interval, 0 to 1.
    pub coverage: f64,
}

impl ScoreMetrics {
    pub(super) fn new(answers: &ScoreAnswers) -> ScoreMetrics {
        let estimate = answers.estimate_mean_absolute_error();
        ScoreMetrics {
            films: answers.films.len(),
            mean_absolute_error: estimate.value,
            mean_absolute_error_interval: estimate.interval,
            constants_error: answers.constants_error(),
            explained: answers.explained(),
            coverage: answers.coverage(),
        }
    }
}
