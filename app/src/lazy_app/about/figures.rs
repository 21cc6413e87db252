//! How good a network is, from the file beside its weights that `marquee evaluate --summary` writes.

use crate::confusion::Confusion;
use serde::Deserialize;
use std::collections::HashMap;

/// The parts of the file that are shown.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(super) struct Figures {
    /// How many films it was evaluated on.
    pub(super) films: u32,
    split: String,
    trained_on_this_dataset: bool,
    /// Macro-F1, 0 to 1.
    pub(super) macro_f1: f64,
    /// Its 95% interval.
    pub(super) macro_f1_interval: Interval,
    /// The share of right answers, 0 to 1.
    pub(super) accuracy: f64,
    /// Its 95% interval.
    pub(super) accuracy_interval: Interval,
    /// Expected calibration error, 0 to 1.
    pub(super) calibration_error: f64,
    /// The classes, in the order of the matrix.
    pub(super) labels: Vec<String>,
    /// How good it is at each class.
    pub(super) classes: HashMap<String, Class>,
    confusion: Vec<Vec<u32>>,
    /// How often a film that is called so has such a genre; empty where the classes are not genres.
    #[serde(default)]
    pub(super) such_genres: Vec<SuchGenres>,
    /// The figures for recent films, and for large and small pictures.
    #[serde(default)]
    pub(super) parts: Vec<Part>,
    /// How good it is at TMDB's genres, if it predicts them.
    pub(super) genres: Option<Genres>,
    /// How good it is at members' scores, if it predicts them.
    pub(super) score: Option<Score>,
}

/// The ends of an interval.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
pub(super) struct Interval {
    pub(super) low: f64,
    pub(super) high: f64,
}

/// How good a network is at one class; shares from 0 to 1.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
pub(super) struct Class {
    pub(super) precision: f64,
    pub(super) recall: f64,
    pub(super) f1: f64,
    pub(super) films: u32,
}

/// How often films have a genre of a class; shares from 0 to 1.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(super) struct SuchGenres {
    pub(super) class: String,
    /// Of the films that the network calls so.
    pub(super) of_called: f64,
    /// Of all films.
    pub(super) of_all: f64,
}

/// How good a network is on some of the films.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
pub(super) struct Part {
    pub(super) which: Which,
    pub(super) films: u32,
    /// Macro-F1, 0 to 1.
    pub(super) macro_f1: f64,
    /// Its 95% interval.
    pub(super) macro_f1_interval: Interval,
    /// The share of right answers, 0 to 1.
    pub(super) accuracy: f64,
}

/// Which films a part is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Which {
    /// Those of this year or later.
    Since(u16),
    /// Those whose pictures have at least this size.
    Large { width: u32, height: u32 },
    /// Those with smaller pictures.
    Small,
}

/// How good a network is at TMDB's genres; shares from 0 to 1.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
pub(super) struct Genres {
    pub(super) mean_average_precision: f64,
    /// The mean average precision of guessing.
    pub(super) base_rate: f64,
}

/// How good a network is at members' scores, in points of 10.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
pub(super) struct Score {
    pub(super) mean_absolute_error: f64,
    /// The error of the best constant.
    pub(super) constants_error: f64,
    /// R².
    pub(super) explained: f64,
}

impl Figures {
    /// Reads the file's text; `None` where it is something else.
    pub(super) fn read(text: &str) -> Option<Figures> {
        let figures: Figures = serde_json::from_str(text).ok()?;
        let known = |label| figures.classes.contains_key(label);
        let whole = figures.labels.iter().all(known) && figures.confusion().is_some();
        whole.then_some(figures)
    }

    /// Whether it was certainly trained on none of the films.
    pub(super) fn unseen(&self) -> bool {
        self.split == "test" && self.trained_on_this_dataset
    }

    /// Films by true class and answer.
    pub(super) fn confusion(&self) -> Option<Confusion> {
        let confusion = Confusion::from_rows(&self.confusion);
        confusion.filter(|confusion| confusion.classes() == self.labels.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CNN32: &str = include_str!("../../../../models/weights/cnn32.json");
    const POSTERNET: &str = include_str!("../../../../models/weights/posternet.json");

    #[test]
    fn the_shipped_files_are_read() {
        let figures = Figures::read(CNN32).expect("figures");
        assert!(figures.unseen());
        let confusion = figures.confusion().expect("a matrix");
        assert_eq!(confusion.total(), figures.films);
        let accuracy = confusion.accuracy().expect("films");
        assert!((accuracy - figures.accuracy).abs() < 1e-9);
        assert!(figures.genres.is_none() && figures.score.is_none());
        assert_eq!(figures.such_genres.len(), figures.labels.len());
        assert_eq!(figures.parts[0].which, Which::Since(2015));
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
