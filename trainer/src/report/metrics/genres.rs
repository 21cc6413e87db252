//! The genres' part of the metrics.

use serde::Serialize;

use crate::evaluation::bootstrap::Interval;
use crate::evaluation::{GenreAnswers, GenreScore};

/// How well a network predicts genres, of which a film may have several.
#[derive(Clone, Debug, Serialize)]
pub struct GenreMetrics {
    /// Mean average precision, 0 to 1.
    pub mean_average_precision: f64,
    /// Its 95 % interval.
    pub mean_average_precision_interval: Interval,
    /// The mean average precision of guessing, 0 to 1.
    pub base_rate: f64,
    /// Mean average precision divided by that of guessing.
    pub times_base_rate: f64,
    /// Mean of the genres' F1, 0 to 1; `None` if the dataset has no validation split, on which the
    /// genres' thresholds are chosen.
    pub macro_f1: Option<f64>,
    /// Each genre that at least one film has.
    pub genres: Vec<GenreScore>,
}

impl GenreMetrics {
    /// Computes them; the genres' thresholds are chosen on the answers for the validation split.
    pub(super) fn new(answers: &GenreAnswers, validation: Option<&GenreAnswers>) -> GenreMetrics {
        let thresholds = validation.map(GenreAnswers::calibrate_thresholds);
        let genres = answers.scores(thresholds.as_deref());
        let estimate = answers.estimate_mean_average_precision();
        let base_rate = answers.base_rate();
        // a genre without a threshold is never predicted, so its F1 is 0
        let sum: f64 = genres.iter().filter_map(|genre| genre.f1).sum();
        GenreMetrics {
            mean_average_precision: estimate.value,
            mean_average_precision_interval: estimate.interval,
            base_rate,
            times_base_rate: estimate.value / base_rate,
            macro_f1: thresholds.map(|_| sum / genres.len() as f64),
            genres,
        }
    }
}
