use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use serde::Serialize;

use super::{EvaluatedNetwork, Metrics};
use crate::dataset::{Split, write_whole};
use crate::evaluation::bootstrap::Interval;
use crate::evaluation::metrics::ClassScore;

/// What a page says of a network that it offers: a small part of the report, without a film's name.
/// The names are those of `report.json`.
#[derive(Clone, Debug, Serialize)]
pub struct Summary<'a> {
    /// The network's name, such as `cnn32`.
    pub network: &'a str,
    /// Numbers that training adjusted.
    pub parameters: usize,
    /// Content hash of the dataset whose films it is judged by.
    pub judged_by: &'a str,
    /// Whether it was trained on this dataset, too, and thus on none of these films.
    pub trained_on_this_dataset: bool,
    /// Which films.
    pub split: Split,
    /// How many.
    pub films: usize,
    /// Macro-F1, 0 to 1.
    pub macro_f1: f64,
    /// What 95 % of resamples of the films lie between.
    pub macro_f1_interval: Interval,
    /// Accuracy, 0 to 1.
    pub accuracy: f64,
    /// Its interval.
    pub accuracy_interval: Interval,
    /// Expected calibration error, 0 to 1.
    pub calibration_error: f64,
    /// The classes' names, in the order of the rows and columns of `confusion`.
    pub labels: &'a [String],
    /// How good it is at each class.
    pub classes: &'a BTreeMap<String, ClassScore>,
    /// Films by `[true class, predicted class]`.
    pub confusion: &'a [Vec<usize>],
    /// How good it is at genres, where it answers them.
    pub genres: Option<GenresSummary>,
    /// How good it is at members' scores, where it answers them.
    pub score: Option<ScoreSummary>,
}

/// What is said of genres.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct GenresSummary {
    /// Mean average precision, 0 to 1.
    pub mean_average_precision: f64,
    /// Its interval.
    pub mean_average_precision_interval: Interval,
    /// That of guessing.
    pub base_rate: f64,
}

/// What is said of members' scores.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ScoreSummary {
    /// Films whose score is known.
    pub films: usize,
    /// Mean absolute error in points of 0 to 10.
    pub mean_absolute_error: f64,
    /// The least that one and the same answer for all could have.
    pub constants_error: f64,
    /// Share of the variance that is explained (R²).
    pub explained: f64,
}

impl<'a> Summary<'a> {
    /// Picks it out of all that was measured.
    pub fn new(network: &'a EvaluatedNetwork, metrics: &'a Metrics) -> Summary<'a> {
        Summary {
            network: &network.name,
            parameters: network.parameters,
            judged_by: &network.judged_by,
            trained_on_this_dataset: metrics.trained_on_this_dataset,
            split: metrics.split,
            films: metrics.films,
            macro_f1: metrics.macro_f1,
            macro_f1_interval: metrics.macro_f1_interval,
            accuracy: metrics.accuracy,
            accuracy_interval: metrics.accuracy_interval,
            calibration_error: metrics.calibration_error,
            labels: &metrics.labels,
            classes: &metrics.classes,
            confusion: &metrics.confusion,
            genres: metrics.genres.as_ref().map(|genres| GenresSummary {
                mean_average_precision: genres.mean_average_precision,
                mean_average_precision_interval: genres.mean_average_precision_interval,
                base_rate: genres.base_rate,
            }),
            score: metrics.score.as_ref().map(|score| ScoreSummary {
                films: score.films,
                mean_absolute_error: score.mean_absolute_error,
                constants_error: score.constants_error,
                explained: score.explained,
            }),
        }
    }

    /// Writes it as JSON.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn write(&self, file: &Path) -> Result<()> {
        let json = serde_json::to_string_pretty(self)? + "\n";
        write_whole(file, json.as_bytes())
    }
}
