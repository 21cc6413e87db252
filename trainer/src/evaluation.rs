//! How good a network's answers about films are.
//!
//! [`evaluate()`] runs a network over films. What it returns has a type for each of the network's heads:
//! [`ClassAnswers`], [`GenreAnswers`] and [`ScoreAnswers`].

pub mod abstention;
pub mod baselines;
pub mod bootstrap;
pub mod calibration;
mod classes;
mod evaluate;
mod genres;
pub mod metrics;
pub mod prior;
mod score;

pub use classes::{CalibrationBin, ClassAnswers};
pub use evaluate::{Evaluation, evaluate};
pub use genres::{GenreAnswers, GenreScore, average_precision};
pub use score::{ScoreAnswers, Scored};
