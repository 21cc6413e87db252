//! What a network is to answer.

/// What a network is to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Labels {
    /// Classes; a film has one of them.
    pub classes: usize,
    /// Genres; a film has any number of them. Only PosterNet answers them.
    pub genres: usize,
    /// Whether there are scores to learn. Only PosterNet answers them.
    pub score: bool,
}
