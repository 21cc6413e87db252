//! What is said about Marquee and its networks.

/// What the section about Marquee says.
pub(crate) struct AboutText {
    /// Over all of it.
    pub(crate) heading: &'static str,
    /// What Marquee is.
    pub(crate) what_heading: &'static str,
    /// How good it is.
    pub(crate) quality_heading: &'static str,
    /// What the figures mean.
    pub(crate) figures: &'static str,
    /// What it can't do.
    pub(crate) cannot_heading: &'static str,
    /// Where the data comes from.
    pub(crate) data_heading: &'static str,
    /// Where more of that is said.
    pub(crate) cards: &'static str,
    /// Nothing leaves the machine.
    pub(crate) private_heading: &'static str,
    /// Before the ways to check that.
    pub(crate) private: &'static str,
    /// For each way, what to do and what happens then.
    pub(crate) checks: [[&'static str; 2]; 3],
    /// What is said about each network.
    pub(crate) network: NetworkText,
}

/// What is said about one network.
pub(crate) struct NetworkText {
    /// While its figures are loaded.
    pub(crate) loading: &'static str,
    /// Where there are none.
    pub(crate) none: &'static str,
    /// The films that it was evaluated on.
    pub(crate) evaluated: fn(films: &str) -> String,
    /// The same, where it may have been trained on some of them.
    pub(crate) evaluated_elsewhere: fn(films: &str) -> String,
    /// Before the calibration error.
    pub(crate) calibration: &'static str,
    /// The calibration error.
    pub(crate) off: fn(points: &str) -> String,
    /// A 95% interval.
    pub(crate) interval: fn(low: &str, high: &str) -> String,
    /// Before the genres' precision.
    pub(crate) genres: &'static str,
    /// Mean average precision, and what guessing reaches.
    pub(crate) precision_of: fn(precision: &str, guessing: &str) -> String,
    /// Before the error of members' scores.
    pub(crate) score: &'static str,
    /// The mean absolute error in points, the best constant's error, and R².
    pub(crate) score_off: fn(off: &str, constant: &str, explained: &str) -> String,
    /// Over how often films have such a genre.
    pub(crate) such_genres: &'static str,
    /// The column of answers.
    pub(crate) when_it_says: &'static str,
    /// The column of films that are called so.
    pub(crate) of_called: &'static str,
    /// The column of all films.
    pub(crate) of_all: &'static str,
    /// Over the figures for some of the films.
    pub(crate) parts: &'static str,
    /// The column of which films these are.
    pub(crate) which: &'static str,
    /// Films of this year or later.
    pub(crate) since: fn(year: u16) -> String,
    /// Films whose pictures have this size, such as 160×240, or more.
    pub(crate) large: fn(size: &str) -> String,
    /// Films with smaller pictures.
    pub(crate) small: &'static str,
    /// Over the classes' figures.
    pub(crate) classes: &'static str,
    /// The column of classes.
    pub(crate) class: &'static str,
    /// The column of precisions.
    pub(crate) precision: &'static str,
    /// The column of recalls.
    pub(crate) recall: &'static str,
    /// The column of how many films there are.
    pub(crate) films: &'static str,
    /// The model card.
    pub(crate) card: &'static str,
    /// Where there is none.
    pub(crate) no_card: &'static str,
}
