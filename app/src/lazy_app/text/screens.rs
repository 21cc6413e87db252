//! What the list of networks says.

pub(crate) struct ScreensText {
    /// Over the list.
    pub(crate) heading: &'static str,
    /// The button that asks the other networks as well, where the visitor saves data.
    pub(crate) ask_all: &'static str,
    /// What the tags are, for screen readers.
    pub(crate) genres: &'static str,
    /// One of TMDB's genres.
    pub(crate) genre: fn(name: &str) -> &str,
    /// The members' score, and the interval that holds four films of five.
    pub(crate) score: fn(points: &str, low: &str, high: &str) -> String,
}
