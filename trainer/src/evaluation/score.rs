use super::mean;
use crate::evaluation::bootstrap::{self, Estimate};

/// The share of films whose score the interval is to hold.
const COVERAGE: f64 = 0.8;

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

#[cfg(test)]
mod tests {
    use super::*;

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
