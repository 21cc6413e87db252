//! The part of a report that the page shows.

use std::path::Path;

use anyhow::Result;
use serde_json::json;

use super::metrics::Metrics;
use super::network::EvaluatedNetwork;
use crate::files::write_whole;

/// Writes the part of a report that the page shows about a network as JSON, such as
/// `models/weights/cnn32.json`. The keys are those of [`Metrics`] and [`EvaluatedNetwork`], except that
/// `network` is only the network's name. There are no films' titles in it.
///
/// # Errors
///
/// Where the file cannot be written.
pub fn write_summary(network: &EvaluatedNetwork, metrics: &Metrics, file: &Path) -> Result<()> {
    let genres = metrics.genres.as_ref().map(|genres| {
        json!({
            "mean_average_precision": genres.mean_average_precision,
            "mean_average_precision_interval": genres.mean_average_precision_interval,
            "base_rate": genres.base_rate,
        })
    });
    let score = metrics.score.as_ref().map(|score| {
        json!({
            "films": score.films,
            "mean_absolute_error": score.mean_absolute_error,
            "constants_error": score.constants_error,
            "explained": score.explained,
        })
    });
    let summary = json!({
        "network": network.name,
        "parameters": network.parameters,
        "judged_by": network.judged_by,
        "trained_on_this_dataset": metrics.trained_on_this_dataset,
        "split": metrics.split,
        "films": metrics.films,
        "macro_f1": metrics.macro_f1,
        "macro_f1_interval": metrics.macro_f1_interval,
        "accuracy": metrics.accuracy,
        "accuracy_interval": metrics.accuracy_interval,
        "calibration_error": metrics.calibration_error,
        "labels": metrics.labels,
        "classes": metrics.classes,
        "confusion": metrics.confusion,
        "such_genres": metrics.such_genres,
        "parts": metrics.parts,
        "genres": genres,
        "score": score,
    });
    let json = serde_json::to_string_pretty(&summary)? + "\n";
    write_whole(file, json.as_bytes())
}
