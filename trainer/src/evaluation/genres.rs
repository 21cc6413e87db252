use marquee_models::math::sigmoid;
use serde::Serialize;

use super::bootstrap::{self, Estimate};
use super::metrics::mean;

/// A network's answers about films' genres.
#[derive(Clone, Debug)]
pub struct GenreAnswers {
    /// The genres, in the order of the answers.
    pub names: Vec<String>,
    /// A logit for each genre, `[film, genre]`.
    pub logits: Vec<f32>,
    /// Whether the film has the genre, `[film, genre]`.
    pub truths: Vec<bool>,
}

impl GenreAnswers {
    /// Each film's logit for the genre with this index, and whether the film has the genre. `genre` is
    /// below the number of genres; a larger index begins in another film.
    ///
    /// # Panics
    ///
    /// If there are no genres.
    pub fn of(&self, genre: usize) -> impl Iterator<Item = (f32, bool)> {
        let logits = self.logits.iter().skip(genre).step_by(self.names.len());
        let truths = self.truths.iter().skip(genre).step_by(self.names.len());
        logits.copied().zip(truths.copied())
    }

    /// Mean of the genres' [`average_precision`], 0 to 1, without genres that no film has.
    pub fn mean_average_precision(&self) -> f64 {
        let genres = 0..self.names.len();
        mean(genres.filter_map(|genre| average_precision(self.of(genre).collect())))
    }

    /// The mean average precision with its 95 % bootstrap interval.
    pub fn estimate_mean_average_precision(&self) -> Estimate {
        let genres = 0..self.names.len();
        // sorted once, not for every resample
        let ranked: Vec<Vec<(usize, f32, bool)>> = genres
            .map(|genre| {
                let films = self.of(genre).enumerate();
                let mut films: Vec<_> = films
                    .map(|(film, (logit, has))| (film, logit, has))
                    .collect();
                films.sort_by(|(_, one, _), (_, other, _)| other.total_cmp(one));
                films
            })
            .collect();
        bootstrap::estimate(self.truths.len() / self.names.len().max(1), |times| {
            mean(ranked.iter().filter_map(|films| {
                let times = |film: &usize| times[*film] as usize;
                weighted_precision(
                    films
                        .iter()
                        .map(|(film, logit, has)| (*logit, *has, times(film))),
                )
            }))
        })
    }

    /// Finds the threshold of each genre that has the highest F1: a film has the genre if its
    /// probability, 0 to 1, is at least the threshold. `None` for a genre that no film has. The films
    /// should not be those that the network is judged by.
    pub fn calibrate_thresholds(&self) -> Vec<Option<f64>> {
        let genres = 0..self.names.len();
        genres
            .map(|genre| {
                let mut films: Vec<(f32, bool)> = self.of(genre).collect();
                films.sort_by(|(one, _), (other, _)| other.total_cmp(one));
                let having = films.iter().filter(|(_, has)| *has).count();
                let (mut said, mut right) = (0, 0);
                let mut best = None;
                for alike in films.chunk_by(|(one, _), (other, _)| one == other) {
                    said += alike.len();
                    right += alike.iter().filter(|(_, has)| *has).count();
                    let f1 = f1(right, said, having);
                    if right > 0 && best.is_none_or(|(highest, _)| f1 > highest) {
                        best = Some((f1, sigmoid(alike[0].0).into()));
                    }
                }
                best.map(|(_, threshold)| threshold)
            })
            .collect()
    }

    /// How good the answers are for each genre that at least one film has. `thresholds` are those of
    /// [`calibrate_thresholds`](Self::calibrate_thresholds) for other films, if there are any.
    pub fn scores(&self, thresholds: Option<&[Option<f64>]>) -> Vec<GenreScore> {
        let score = |(genre, name): (usize, &String)| {
            let average_precision = average_precision(self.of(genre).collect())?;
            let having = self.of(genre).filter(|(_, has)| *has).count();
            let threshold = thresholds.and_then(|thresholds| thresholds[genre]);
            let f1 = threshold.map(|threshold| {
                let said = |logit: f32| f64::from(sigmoid(logit)) >= threshold;
                let right = self
                    .of(genre)
                    .filter(|(logit, has)| *has && said(*logit))
                    .count();
                f1(
                    right,
                    self.of(genre).filter(|(logit, _)| said(*logit)).count(),
                    having,
                )
            });
            Some(GenreScore {
                name: name.clone(),
                films: having,
                average_precision,
                base_rate: having as f64 / self.of(genre).count() as f64,
                threshold,
                f1,
            })
        };
        self.names.iter().enumerate().filter_map(score).collect()
    }

    /// The mean average precision of guessing: the mean share of films that have a genre, without
    /// genres that no film has, 0 to 1; 0 if no film has a genre.
    pub fn base_rate(&self) -> f64 {
        let share = |genre: usize| {
            let films = self.of(genre).count();
            let having = self.of(genre).filter(|(_, has)| *has).count();
            (having > 0).then_some(having as f64 / films as f64)
        };
        mean((0..self.names.len()).filter_map(share))
    }
}

/// How good a network is at one genre. All figures are from 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GenreScore {
    /// The genre.
    pub name: String,
    /// Number of films that have it.
    pub films: usize,
    /// Its [`average_precision`].
    pub average_precision: f64,
    /// Share of the films that have it: the average precision of guessing.
    pub base_rate: f64,
    /// The probability from which on a film is said to have it; `None` if there is none.
    pub threshold: Option<f64>,
    /// F1 at this threshold, if there is one.
    pub f1: Option<f64>,
}

/// Average precision, 0 to 1: the mean, over the films that have the genre, of the precision among
/// the films with at least the same logit (scikit-learn's `average_precision_score`).
///
/// `answers` are each film's logit, and whether the film has the genre. `None` if no film has it.
pub fn average_precision(mut answers: Vec<(f32, bool)>) -> Option<f64> {
    answers.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    weighted_precision(answers.into_iter().map(|(answer, has)| (answer, has, 1)))
}

/// The average precision of answers in descending order. The third value is how often one counts.
fn weighted_precision(answers: impl Iterator<Item = (f32, bool, usize)>) -> Option<f64> {
    let (mut seen, mut found, mut sum) = (0, 0, 0.0);
    let mut answers = answers.peekable();
    let mut new = 0;
    while let Some((answer, has, times)) = answers.next() {
        seen += times;
        new += if has { times } else { 0 };
        // ties count together
        if answers.peek().is_some_and(|(next, ..)| *next == answer) || new == 0 {
            continue;
        }
        found += new;
        sum += new as f64 * found as f64 / seen as f64;
        new = 0;
    }
    (found > 0).then(|| sum / found as f64)
}

/// Harmonic mean of precision and recall; 0 if nothing is right.
fn f1(right: usize, said: usize, having: usize) -> f64 {
    2.0 * right as f64 / (said + having).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The figures are scikit-learn's `average_precision_score` for the same.
    #[test]
    fn average_precision_is_that_of_scikit_learn() {
        let near = |answers: &[(f32, bool)], expected: f64| {
            let found = average_precision(answers.to_vec()).expect("a film has the genre");
            assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
        };
        near(
            &[(0.1, false), (0.4, false), (0.35, true), (0.8, true)],
            5.0 / 6.0,
        );
        // ties count together
        near(
            &[(0.5, true), (0.5, false), (0.5, false), (0.2, true)],
            5.0 / 12.0,
        );
        assert_eq!(average_precision(vec![(0.5, false)]), None);
    }

    fn genres(names: &[&str], answers: &[(f32, bool)]) -> GenreAnswers {
        GenreAnswers {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            logits: answers.iter().map(|(logit, _)| *logit).collect(),
            truths: answers.iter().map(|(_, has)| *has).collect(),
        }
    }

    #[test]
    fn a_genres_threshold_is_the_one_of_the_best_f1() {
        // by film: Drama, Western
        let answers = genres(
            &["Drama", "Western"],
            &[
                (3.0, true),
                (1.0, false),
                (2.0, true),
                (0.0, false),
                (1.0, false),
                (-1.0, false),
                (0.0, true),
                (-2.0, false),
                (-1.0, false),
                (-3.0, false),
            ],
        );
        let thresholds = answers.calibrate_thresholds();
        // three of the first four have it: F1 6/7, more than the 4/5 of the first two alone
        assert_eq!(thresholds, [Some(0.5), None]);
        let scores = answers.scores(Some(&thresholds));
        let [drama] = &scores[..] else {
            panic!("no film is a Western: {scores:?}");
        };
        assert_eq!(
            (drama.name.as_str(), drama.films, drama.base_rate),
            ("Drama", 3, 0.6)
        );
        assert!((drama.f1.expect("it has a threshold") - 6.0 / 7.0).abs() < 1e-9);
        assert_eq!(answers.scores(None)[0].f1, None);
    }

    #[test]
    fn the_interval_of_the_mean_average_precision_is_around_it() {
        let films: Vec<(f32, bool)> = (0..400)
            .map(|film| ((film * 37 % 100) as f32, film * 37 % 100 > 30 + film % 60))
            .collect();
        let answers = genres(&["Drama"], &films);
        let estimate = answers.estimate_mean_average_precision();
        assert!((estimate.value - answers.mean_average_precision()).abs() < 1e-12);
        let interval = estimate.interval;
        assert!(
            interval.low < estimate.value && estimate.value < interval.high,
            "{estimate:?}"
        );
    }
}
