use super::bootstrap::{self, Estimate};
use super::metrics::mean;

/// The share of films whose score should lie within the interval.
const COVERAGE: f64 = 0.8;

/// A network's answers about films' scores.
#[derive(Clone, Debug)]
pub struct ScoreAnswers {
    /// One for each film whose score is known.
    pub films: Vec<Scored>,
}

/// A film's score, and a network's answer about it, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// The film, as a row of the dataset.
    pub film: usize,
    /// The mean score that TMDB's members gave, 0 to 10.
    pub truth: f32,
    /// The score that the network expects; not cut to 0–10.
    pub expected: f32,
    /// Half the width of the network's 80 % interval around `expected`; above 0.
    pub half_width: f32,
}

impl ScoreAnswers {
    /// Mean absolute error, in points; 0 without films.
    pub fn mean_absolute_error(&self) -> f64 {
        mean(
            self.films
                .iter()
                .map(|film| error(film, film.expected).abs()),
        )
    }

    /// The mean absolute error in points, with its 95 % bootstrap interval.
    pub fn estimate_mean_absolute_error(&self) -> Estimate {
        bootstrap::estimate(self.films.len(), |times| {
            let films = self.films.iter().zip(times);
            let sum: f64 = films
                .map(|(film, times)| error(film, film.expected).abs() * f64::from(*times))
                .sum();
            sum / self.films.len().max(1) as f64
        })
    }

    /// Finds the factor of the intervals' widths with which 80 % of new films lie within theirs
    /// (split-conformal prediction; Lei et al. 2018).
    ///
    /// The films should not be those that the network was trained on. `None` for fewer than four
    /// films, or if the factor would be 0 or infinite.
    pub fn calibrate_interval(&self) -> Option<f32> {
        let films = self.films.iter();
        let mut ratios: Vec<f32> = films
            .map(|film| error(film, film.expected).abs() as f32 / film.half_width)
            .collect();
        ratios.sort_by(f32::total_cmp);
        // one film more than there are: the new one
        let rank = (COVERAGE * (ratios.len() + 1) as f64).ceil() as usize;
        let ratio = ratios.get(rank - 1).copied();
        ratio.filter(|ratio| ratio.is_finite() && *ratio > 0.0)
    }

    /// The mean absolute error in points of the best constant answer, the median; NaN without films.
    pub fn constants_error(&self) -> f64 {
        let mut truths: Vec<f32> = self.films.iter().map(|film| film.truth).collect();
        truths.sort_by(f32::total_cmp);
        let Some(&median) = truths.get(truths.len() / 2) else {
            return f64::NAN;
        };
        mean(self.films.iter().map(|film| error(film, median).abs()))
    }

    /// Coefficient of determination (R²): 1 if all answers are right, 0 if they are as good as the
    /// scores' mean, negative if worse.
    pub fn explained(&self) -> f64 {
        let average = mean(self.films.iter().map(|film| f64::from(film.truth))) as f32;
        let squares = |of: &dyn Fn(&Scored) -> f32| -> f64 {
            let errors = self.films.iter().map(|film| error(film, of(film)));
            errors.map(|error| error * error).sum()
        };
        1.0 - squares(&|film| film.expected) / squares(&|_| average)
    }

    /// The share of films whose score lies within the interval, 0 to 1.
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
        };
        assert!((answers.mean_absolute_error() - 0.5).abs() < 1e-9);
        assert!((answers.constants_error() - 2.0 / 3.0).abs() < 1e-9);
        assert!((answers.explained() - (1.0 - 1.25 / 2.0)).abs() < 1e-9);
        assert!((answers.coverage() - 2.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn the_calibrated_interval_holds_four_of_five_films() {
        let film = |error: usize| Scored {
            film: 0,
            truth: 5.0 + error as f32 / 100.0,
            expected: 5.0,
            half_width: 0.5,
        };
        let scores = |films: usize| ScoreAnswers {
            films: (1..=films).map(film).collect(),
        };
        // the 80th of 99 is off by 0.8 points, and the interval holds 0.5
        let factor = scores(99)
            .calibrate_interval()
            .expect("there are films enough");
        assert!((factor - 1.6).abs() < 1e-5, "{factor}");
        let mut wider = scores(99);
        for film in &mut wider.films {
            film.half_width *= factor * 1.000_01;
        }
        assert!((wider.coverage() - 80.0 / 99.0).abs() < 1e-9);
        assert_eq!(scores(3).calibrate_interval(), None);
        assert_eq!(scores(0).calibrate_interval(), None);
    }
}
