//! The wrong answers that a report lists.

use serde::Serialize;

use crate::dataset::Dataset;
use crate::evaluation::ClassAnswers;

/// The most mistakes that a report lists.
pub const MISTAKES: usize = 20;

/// A wrong answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mistake {
    /// The film's title, or its id if it has no title.
    pub film: String,
    /// Its year of release; empty if it is unknown.
    pub year: String,
    /// Its true class.
    pub truth: String,
    /// The class that the network predicted.
    pub predicted: String,
    /// The probability that the network gave to that class, 0 to 1.
    pub probability: f64,
}

/// The wrong answers with the highest confidence at this temperature, highest first. Those of the same
/// confidence are in the order of `films`, which are the rows in the dataset that `answers` are of.
pub(super) fn mistakes(
    answers: &ClassAnswers,
    temperature: f64,
    films: &[usize],
    dataset: &Dataset,
) -> Vec<Mistake> {
    let mut wrong: Vec<(f64, usize)> = (answers.confidences(temperature).enumerate())
        .filter(|(_, (_, right))| !right)
        .map(|(index, (confidence, _))| (confidence, index))
        .collect();
    wrong.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    wrong.truncate(MISTAKES);
    let labels = &dataset.summary().labels;
    let predicted = answers.predicted();
    let mistake = |&(probability, index): &(f64, usize)| {
        let row = films[index];
        let entry = &dataset.entries()[row];
        let title = entry.title.trim();
        Mistake {
            film: if title.is_empty() { &entry.id } else { title }.to_owned(),
            year: entry.year.trim().to_owned(),
            truth: labels[dataset.class(row)].clone(),
            predicted: labels[predicted[index]].clone(),
            probability,
        }
    };
    wrong.iter().map(mistake).collect()
}
