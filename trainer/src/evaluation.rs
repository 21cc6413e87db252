//! What a network answered about films, beside what is known of them.

use serde::Serialize;

use crate::bootstrap::{self, Estimate};
use crate::calibration::Answers;

/// The share of films whose score the interval is to hold.
const COVERAGE: f64 = 0.8;

/// What all of a network's heads answered about a split's films.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// The films, as rows of the dataset.
    pub films: Vec<usize>,
    /// Their classes.
    pub classes: Answers,
    /// Their genres, for a network that answers them.
    pub genres: Option<GenreAnswers>,
    /// Their members' scores, likewise.
    pub score: Option<ScoreAnswers>,
}

/// What a network said of films' genres.
#[derive(Clone, Debug)]
pub struct GenreAnswers {
    /// The genres, in the order of the answers.
    pub names: Vec<String>,
    /// `[film, genre]`.
    pub logits: Vec<f32>,
    /// `[film, genre]`: whether the film has the genre.
    pub truths: Vec<bool>,
}

impl GenreAnswers {
    /// Each film's logit for one of the genres, and whether it has it.
    pub fn of(&self, genre: usize) -> impl Iterator<Item = (f32, bool)> {
        let logits = self.logits.iter().skip(genre).step_by(self.names.len());
        let truths = self.truths.iter().skip(genre).step_by(self.names.len());
        logits.copied().zip(truths.copied())
    }

    /// Mean over the genres of their [`average_precision`], those that no film has left out.
    pub fn mean_average_precision(&self) -> f64 {
        let genres = 0..self.names.len();
        mean(genres.filter_map(|genre| average_precision(self.of(genre).collect())))
    }

    /// The same with the interval it could as well have lain in.
    pub fn estimate(&self) -> Estimate {
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

    /// For each genre the probability from which on saying that a film has it gives the highest F1
    /// here, in 0–1; `None` where no film has it. To be fitted on films that the network is not
    /// judged by.
    pub fn fit_thresholds(&self) -> Vec<Option<f64>> {
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
                        best = Some((f1, sigmoid(alike[0].0)));
                    }
                }
                best.map(|(_, threshold)| threshold)
            })
            .collect()
    }

    /// How good the answers are for each genre that a film here has. `thresholds` are those of
    /// [`fit_thresholds`](Self::fit_thresholds), where there were films to fit them on.
    pub fn scores(&self, thresholds: Option<&[Option<f64>]>) -> Vec<GenreScore> {
        let score = |(genre, name): (usize, &String)| {
            let average_precision = average_precision(self.of(genre).collect())?;
            let having = self.of(genre).filter(|(_, has)| *has).count();
            let threshold = thresholds.and_then(|thresholds| thresholds[genre]);
            let f1 = threshold.map(|threshold| {
                let said = |logit: f32| sigmoid(logit) >= threshold;
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

    /// Mean over the same genres of the share of films that have them: the mean average precision of
    /// guessing.
    pub fn base_rate(&self) -> f64 {
        let share = |genre: usize| {
            let films = self.of(genre).count();
            let having = self.of(genre).filter(|(_, has)| *has).count();
            (having > 0).then_some(having as f64 / films as f64)
        };
        mean((0..self.names.len()).filter_map(share))
    }
}

/// How good a network is at one genre, each figure in 0–1.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GenreScore {
    /// The genre.
    pub name: String,
    /// Films that have it.
    pub films: usize,
    /// See [`average_precision`].
    pub average_precision: f64,
    /// Share of the films that have it: the average precision of guessing.
    pub base_rate: f64,
    /// Probability from which on a film is said to have it; `None` where none could be fitted.
    pub threshold: Option<f64>,
    /// F1 at this threshold.
    pub f1: Option<f64>,
}

/// What a network said of films' scores.
#[derive(Clone, Debug)]
pub struct ScoreAnswers {
    /// For each film whose score is known.
    pub films: Vec<Scored>,
    /// Mean of the training films' scores: what a constant would answer, in points.
    pub constant: f32,
}

/// A film's score, in points of 0 to 10.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// The film, as a row of the dataset.
    pub film: usize,
    /// What members gave.
    pub truth: f32,
    /// What the network expects them to give.
    pub expected: f32,
    /// Half the width of the interval that it thinks holds four of five such films.
    pub half_width: f32,
}

impl ScoreAnswers {
    /// Mean absolute error, in points.
    pub fn mean_absolute_error(&self) -> f64 {
        mean(
            self.films
                .iter()
                .map(|film| error(film, film.expected).abs()),
        )
    }

    /// The same with the interval it could as well have lain in.
    pub fn estimate(&self) -> Estimate {
        bootstrap::estimate(self.films.len(), |times| {
            let films = self.films.iter().zip(times);
            let sum: f64 = films
                .map(|(film, times)| error(film, film.expected).abs() * f64::from(*times))
                .sum();
            sum / self.films.len().max(1) as f64
        })
    }

    /// By how much the intervals' widths are to be multiplied so that they hold four of five films
    /// that the network was not trained on (split-conformal prediction; Lei et al. 2018). To be
    /// fitted on such films. `None` for too few of them, or where the answers leave nothing to fit.
    pub fn fit_interval(&self) -> Option<f32> {
        let films = self.films.iter();
        let mut ratios: Vec<f32> = films
            .map(|film| error(film, film.expected).abs() as f32 / film.half_width)
            .collect();
        ratios.sort_by(f32::total_cmp);
        // one film more than there are: the one that the interval is for
        let rank = (COVERAGE * (ratios.len() + 1) as f64).ceil() as usize;
        let ratio = ratios.get(rank - 1).copied();
        ratio.filter(|ratio| ratio.is_finite() && *ratio > 0.0)
    }

    /// The least mean absolute error that one and the same answer could have here: the median's.
    pub fn constants_error(&self) -> f64 {
        let mut truths: Vec<f32> = self.films.iter().map(|film| film.truth).collect();
        truths.sort_by(f32::total_cmp);
        let Some(&median) = truths.get(truths.len() / 2) else {
            return f64::NAN;
        };
        mean(self.films.iter().map(|film| error(film, median).abs()))
    }

    /// The share of the scores' variance that the answers explain (R²): 0 for their mean.
    pub fn explained(&self) -> f64 {
        let average = mean(self.films.iter().map(|film| f64::from(film.truth))) as f32;
        let squares = |of: &dyn Fn(&Scored) -> f32| -> f64 {
            let errors = self.films.iter().map(|film| error(film, of(film)));
            errors.map(|error| error * error).sum()
        };
        1.0 - squares(&|film| film.expected) / squares(&|_| average)
    }

    /// The share of films whose score lies within the interval.
    pub fn coverage(&self) -> f64 {
        let within = |film: &Scored| error(film, film.expected).abs() <= film.half_width.into();
        mean(self.films.iter().map(|film| f64::from(within(film))))
    }
}

fn error(film: &Scored, answer: f32) -> f64 {
    f64::from(film.truth) - f64::from(answer)
}

/// Average precision: the mean, over the films that have the genre, of the precision among those
/// that score at least as high (scikit-learn's `average_precision_score`). `None` where no film has
/// it.
pub fn average_precision(mut answers: Vec<(f32, bool)>) -> Option<f64> {
    answers.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    weighted_precision(answers.into_iter().map(|(answer, has)| (answer, has, 1)))
}

/// The average precision of answers from the highest to the lowest, each of which counts several
/// times.
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

/// Harmonic mean of precision and recall; 0 where nothing is right.
fn f1(right: usize, said: usize, having: usize) -> f64 {
    2.0 * right as f64 / (said + having).max(1) as f64
}

fn sigmoid(logit: f32) -> f64 {
    1.0 / (1.0 + f64::from(-logit).exp())
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (count, sum) = values.fold((0, 0.0), |(count, sum), value| (count + 1, sum + value));
    sum / f64::from(count.max(1))
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

    #[test]
    fn a_score_is_judged_by_what_a_constant_could_do() {
        let film = |truth: f32, expected: f32| Scored {
            film: 0,
            truth,
            expected,
            half_width: 0.75,
        };
        let answers = ScoreAnswers {
            films: vec![film(5.0, 5.5), film(6.0, 6.0), film(7.0, 6.0)],
            constant: 6.0,
        };
        assert!((answers.mean_absolute_error() - 0.5).abs() < 1e-9);
        assert!((answers.constants_error() - 2.0 / 3.0).abs() < 1e-9);
        assert!((answers.explained() - (1.0 - 1.25 / 2.0)).abs() < 1e-9);
        assert!((answers.coverage() - 2.0 / 3.0).abs() < 1e-9);
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
        let thresholds = answers.fit_thresholds();
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
        let estimate = answers.estimate();
        assert!((estimate.value - answers.mean_average_precision()).abs() < 1e-12);
        let interval = estimate.interval;
        assert!(
            interval.low < estimate.value && estimate.value < interval.high,
            "{estimate:?}"
        );
    }

    #[test]
    fn the_fitted_interval_holds_four_of_five_films() {
        let film = |error: usize| Scored {
            film: 0,
            truth: 5.0 + error as f32 / 100.0,
            expected: 5.0,
            half_width: 0.5,
        };
        let scores = |films: usize| ScoreAnswers {
            films: (1..=films).map(film).collect(),
            constant: 6.0,
        };
        // the 80th of 99 is off by 0.8 points, and the interval holds 0.5
        let factor = scores(99).fit_interval().expect("there are films enough");
        assert!((factor - 1.6).abs() < 1e-5, "{factor}");
        let mut wider = scores(99);
        for film in &mut wider.films {
            film.half_width *= factor * 1.000_01;
        }
        assert!((wider.coverage() - 80.0 / 99.0).abs() < 1e-9);
        assert_eq!(scores(3).fit_interval(), None);
        assert_eq!(scores(0).fit_interval(), None);
    }
}
