//! The part of a report that the page shows.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use serde::Serialize;

use super::{EvaluatedNetwork, Metrics};
use crate::dataset::{Split, write_whole};
use crate::evaluation::bootstrap::Interval;
use crate::evaluation::metrics::ClassScore;

/// The part of a report that the page shows about a network, such as `models/weights/cnn32.json`. It
/// has no films' titles. Its fields have the same names as in `report.json`.
#[derive(Clone, Debug, Serialize)]
pub struct Summary<'a> {
    /// The network's name, such as `cnn32`.
    pub network: &'a str,
    /// Trainable parameters.
    pub parameters: usize,
    /// Content hash of the dataset that the network is evaluated on.
    pub judged_by: &'a str,
    /// Whether it was trained on this dataset, too. If it was, it has not seen the films of the test
    /// split.
    pub trained_on_this_dataset: bool,
    /// The split that it is evaluated on.
    pub split: Split,
    /// Films in the split.
    pub films: usize,
    /// Macro-F1, 0 to 1.
    pub macro_f1: f64,
    /// Its 95 % interval.
    pub macro_f1_interval: Interval,
    /// Accuracy, 0 to 1.
    pub accuracy: f64,
    /// Its 95 % interval.
    pub accuracy_interval: Interval,
    /// Expected calibration error, 0 to 1.
    pub calibration_error: f64,
    /// The classes' names, in the order of the rows and columns of `confusion`.
    pub labels: &'a [String],
    /// Precision, recall and F1 of each class.
    pub classes: &'a BTreeMap<String, ClassScore>,
    /// The confusion matrix: films by `[true class][predicted class]`.
    pub confusion: &'a [Vec<usize>],
    /// Metrics of the genres, for a network that predicts them.
    pub genres: Option<GenresSummary>,
    /// Metrics of the members' score, for a network that predicts it.
    pub score: Option<ScoreSummary>,
}

/// The genres' part of a [`Summary`].
#[derive(Clone, Copy, Debug, Serialize)]
pub struct GenresSummary {
    /// Mean average precision, 0 to 1.
    pub mean_average_precision: f64,
    /// Its 95 % interval.
    pub mean_average_precision_interval: Interval,
    /// The mean average precision of guessing, 0 to 1.
    pub base_rate: f64,
}

/// The members' score's part of a [`Summary`].
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ScoreSummary {
    /// Films whose score is known.
    pub films: usize,
    /// Mean absolute error in points; scores are 0 to 10.
    pub mean_absolute_error: f64,
    /// The mean absolute error in points of the best constant answer.
    pub constants_error: f64,
    /// Share of the variance that is explained (R²), at most 1.
    pub explained: f64,
}

impl<'a> Summary<'a> {
    /// Takes the summary's part of a network's metrics.
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

    /// Writes the summary as JSON.
    ///
    /// # Errors
    ///
    /// Where the file cannot be written.
    pub fn write(&self, file: &Path) -> Result<()> {
        let json = serde_json::to_string_pretty(self)? + "\n";
        write_whole(file, json.as_bytes())
    }
}
