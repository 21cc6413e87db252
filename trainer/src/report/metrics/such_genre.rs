//! A second figure for a class whose films are told apart by their genres.

use serde::Serialize;

use crate::dataset::Dataset;
use crate::dataset::rule::Rule;

/// How often a film that is called so has such a genre.
///
/// A film has several genres and gets one class, so an answer that is counted as wrong may still name one of
/// its genres. That alone is no praise: nearly every film is a comedy or a drama. So it stands beside how
/// many of all films have such a genre.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SuchGenre {
    /// The class.
    pub class: String,
    /// Films that the network gives this class.
    pub called: usize,
    /// The share of them that has a genre of this class, 0 to 1; 0 if there are none.
    pub of_called: f64,
    /// The share of all films that has one, above 0 and at most 1.
    pub of_all: f64,
}

impl SuchGenre {
    /// Counts them for `films` and the classes `predicted` for them. Classes of whose genres no film has one are
    /// left out; so are all where the classes do not follow from the genres by the built-in rule.
    pub(super) fn count(dataset: &Dataset, films: &[usize], predicted: &[usize]) -> Vec<SuchGenre> {
        let rule = Rule::default();
        if !dataset.follows(&rule) {
            return Vec::new();
        }
        let classes = rule.labels.iter().enumerate();
        let figures = classes.map(|(class, label)| {
            let has = |film: usize| dataset.genres(film).any(|genre| rule.is_of(genre, label));
            let share = |films: &[usize]| {
                let having = films.iter().filter(|&&film| has(film)).count();
                having as f64 / films.len().max(1) as f64
            };
            let answers = films.iter().zip(predicted);
            let called = answers.filter(|(_, answer)| **answer == class);
            let called: Vec<usize> = called.map(|(film, _)| *film).collect();
            SuchGenre {
                class: label.clone(),
                called: called.len(),
                of_called: share(&called),
                of_all: share(films),
            }
        });
        // of a genre that no film has, nothing can be said
        figures.filter(|figure| figure.of_all > 0.0).collect()
    }

    /// How many times as often as among all films.
    pub fn times(&self) -> f64 {
        self.of_called / self.of_all
    }
}
