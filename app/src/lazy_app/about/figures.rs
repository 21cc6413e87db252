//! How good a network is, from the file beside its weights that `marquee evaluate --summary` writes.

use crate::confusion::Confusion;
use serde_json::Value;

/// The figures that are shown.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Figures {
    /// How many films it was evaluated on.
    pub(super) films: u32,
    /// Whether it was certainly trained on none of them.
    pub(super) unseen: bool,
    /// Macro-F1, 0 to 1.
    pub(super) macro_f1: Estimate,
    /// The share of right answers, 0 to 1.
    pub(super) accuracy: Estimate,
    /// Expected calibration error, 0 to 1.
    pub(super) calibration_error: f64,
    /// The classes, in the order of the matrix.
    pub(super) classes: Vec<Class>,
    /// Films by true class and answer.
    pub(super) confusion: Confusion,
    /// Mean average precision of the genres, and what guessing reaches, if the network predicts genres.
    pub(super) genres: Option<(f64, f64)>,
    /// How good it is at members' scores, if it predicts them.
    pub(super) score: Option<Score>,
}

/// A figure and its 95% interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Estimate {
    pub(super) value: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

/// How good it is at one class; shares from 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Class {
    pub(super) label: String,
    pub(super) precision: f64,
    pub(super) recall: f64,
    pub(super) f1: f64,
    pub(super) films: u32,
}

/// How good it is at members' scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Score {
    /// The mean absolute error in points of 10.
    pub(super) off: f64,
    /// The error of the best constant.
    pub(super) constant: f64,
    /// R².
    pub(super) explained: f64,
}

impl Figures {
    /// Reads the file's text; `None` where it is something else.
    pub(super) fn read(text: &str) -> Option<Figures> {
        let summary: Value = serde_json::from_str(text).ok()?;
        let labels = summary["labels"].as_array()?;
        let class = |label: &Value| {
            let label = label.as_str()?;
            let score = &summary["classes"][label];
            Some(Class {
                label: label.to_owned(),
                precision: score["precision"].as_f64()?,
                recall: score["recall"].as_f64()?,
                f1: score["f1"].as_f64()?,
                films: count(&score["films"])?,
            })
        };
        let row = |row: &Value| row.as_array()?.iter().map(count).collect();
        let rows = summary["confusion"].as_array()?.iter().map(row);
        let rows: Vec<Vec<u32>> = rows.collect::<Option<_>>()?;
        let confusion = Confusion::from_rows(&rows).filter(|it| it.classes() == labels.len())?;
        let (genres, score) = (&summary["genres"], &summary["score"]);
        Some(Figures {
            films: count(&summary["films"])?,
            unseen: summary["split"] == "test" && summary["trained_on_this_dataset"] == true,
            macro_f1: estimate(&summary, "macro_f1")?,
            accuracy: estimate(&summary, "accuracy")?,
            calibration_error: summary["calibration_error"].as_f64()?,
            classes: labels.iter().map(class).collect::<Option<_>>()?,
            confusion,
            genres: (genres["mean_average_precision"].as_f64()).zip(genres["base_rate"].as_f64()),
            score: (|| {
                Some(Score {
                    off: score["mean_absolute_error"].as_f64()?,
                    constant: score["constants_error"].as_f64()?,
                    explained: score["explained"].as_f64()?,
                })
            })(),
        })
    }
}

fn estimate(summary: &Value, name: &str) -> Option<Estimate> {
    let interval = &summary[format!("{name}_interval")];
    Some(Estimate {
        value: summary[name].as_f64()?,
        low: interval["low"].as_f64()?,
        high: interval["high"].as_f64()?,
    })
}

fn count(value: &Value) -> Option<u32> {
    value.as_u64()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CNN32: &str = include_str!("../../../../models/weights/cnn32.json");
    const POSTERNET: &str = include_str!("../../../../models/weights/posternet.json");

    #[test]
    fn the_shipped_files_are_read() {
        let figures = Figures::read(CNN32).expect("figures");
        assert!(figures.unseen);
        assert_eq!(figures.confusion.total(), figures.films);
        let accuracy = figures.confusion.accuracy().expect("films");
        assert!((accuracy - figures.accuracy.value).abs() < 1e-9);
        assert!(figures.genres.is_none() && figures.score.is_none());
        let figures = Figures::read(POSTERNET).expect("figures");
        assert!(figures.genres.is_some() && figures.score.is_some());
    }

    #[test]
    fn what_is_no_summary_is_not_read() {
        assert_eq!(Figures::read("<!doctype html>"), None);
        assert_eq!(Figures::read("{}"), None);
        let torn = CNN32.replacen("\"confusion\": [", "\"confusion\": [[1],", 1);
        assert_eq!(Figures::read(&torn), None);
    }
}
