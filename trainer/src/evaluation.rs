//! What a network answered about films, beside what is known of them.

use crate::calibration::Answers;

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
    let having = answers.iter().filter(|(_, has)| *has).count();
    answers.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let (mut seen, mut found, mut sum) = (0, 0, 0.0);
    for alike in answers.chunk_by(|(one, _), (other, _)| one == other) {
        let new = alike.iter().filter(|(_, has)| *has).count();
        seen += alike.len();
        found += new;
        sum += new as f64 * found as f64 / seen as f64;
    }
    (having > 0).then(|| sum / having as f64)
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
}
