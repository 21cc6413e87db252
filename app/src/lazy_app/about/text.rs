//! What is said about Marquee.

mod english;
mod korean;

use marquee_app::ui::language::Language;

/// The sentence that TMDB asks those who use its data to show; in English everywhere.
pub(super) const TMDB: &str =
    "This product uses the TMDB API but is not endorsed or certified by TMDB.";

/// The words.
pub(super) struct Text {
    /// Over all of it.
    pub(super) heading: &'static str,
    /// What it is.
    pub(super) what_heading: &'static str,
    /// The first stands large.
    pub(super) what: [&'static str; 2],
    /// How good it is.
    pub(super) quality_heading: &'static str,
    /// Before the networks.
    pub(super) quality: [&'static str; 2],
    /// What it can't do.
    pub(super) cannot_heading: &'static str,
    /// A point each.
    pub(super) cannot: [&'static str; 5],
    /// Where the data is from.
    pub(super) data_heading: &'static str,
    /// Before [`TMDB`], behind it, and a paragraph of its own.
    pub(super) data: [&'static str; 3],
    /// That nothing leaves the machine.
    pub(super) private_heading: &'static str,
    /// Before the ways to check it.
    pub(super) private: &'static str,
    /// Each what to do, and what is seen then.
    pub(super) checks: [[&'static str; 2]; 3],
    /// Of a network.
    pub(super) network: Network,
}

/// The words about one network.
pub(super) struct Network {
    /// While its figures are loaded.
    pub(super) loading: &'static str,
    /// Where there are none.
    pub(super) none: &'static str,
    /// On what it was judged.
    pub(super) judged: fn(films: &str) -> String,
    /// On what it was judged, where that may have been trained on.
    pub(super) judged_elsewhere: fn(films: &str) -> String,
    /// The mean of the classes' F1.
    pub(super) macro_f1: &'static str,
    /// How often it is right.
    pub(super) accuracy: &'static str,
    /// What its percentages are worth.
    pub(super) calibration: &'static str,
    /// How far they are off.
    pub(super) off: fn(points: &str) -> String,
    /// An interval.
    pub(super) interval: fn(low: &str, high: &str) -> String,
    /// TMDB's genres.
    pub(super) genres: &'static str,
    /// Mean average precision, beside guessing's.
    pub(super) precision_of: fn(precision: &str, guessing: &str) -> String,
    /// Members' scores.
    pub(super) score: &'static str,
    /// How far they are off, beside the best constant; and R².
    pub(super) score_off: fn(off: &str, constant: &str, explained: &str) -> String,
    /// Over the matrix.
    pub(super) matrix: &'static str,
    /// Over its rows and columns.
    pub(super) matrix_corner: &'static str,
    /// A cell, read out: films of a class, taken for another.
    pub(super) cell: fn(films: usize, truth: &str, answer: &str) -> String,
    /// Over the classes' figures.
    pub(super) classes: &'static str,
    /// A class.
    pub(super) class: &'static str,
    /// Of those called so, how many are.
    pub(super) precision: &'static str,
    /// Of those that are, how many are called so.
    pub(super) recall: &'static str,
    /// Films of the class.
    pub(super) films: &'static str,
    /// The card.
    pub(super) card: &'static str,
    /// Where there is none.
    pub(super) no_card: &'static str,
}

/// The words in a language.
pub(super) fn text(language: Language) -> &'static Text {
    match language {
        Language::English => &english::TEXT,
        Language::Korean => &korean::TEXT,
    }
}
