//! How good a network's answers about films are.
//!
//! [`evaluate()`] runs a network over films. What it returns has a type for each of the network's heads:
//! [`ClassAnswers`], [`GenreAnswers`] and [`ScoreAnswers`].

pub mod baselines;
pub mod calibration;
mod evaluate;
mod genres;
pub mod linear_probe;
pub mod prior;
mod score;

pub use marquee_evaluation::classes::{CalibrationBin, ClassAnswers};
pub use marquee_evaluation::{abstention, bootstrap, metrics};

pub use evaluate::{Evaluation, evaluate};
pub use genres::{GenreAnswers, GenreScore, average_precision};
pub use score::{ScoreAnswers, Scored};
