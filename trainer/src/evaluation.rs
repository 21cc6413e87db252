//! What a network answered about films, beside what is known of them.

pub mod abstention;
pub mod baselines;
pub mod bootstrap;
pub mod calibration;
pub mod fitting;
mod genres;
pub mod metrics;
pub mod prior;
mod score;

pub(crate) use genres::sigmoid;
pub use genres::{GenreAnswers, GenreScore, average_precision};
pub use score::{ScoreAnswers, Scored};

use crate::evaluation::calibration::Answers;

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

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (count, sum) = values.fold((0, 0.0), |(count, sum), value| (count + 1, sum + value));
    sum / f64::from(count.max(1))
}
