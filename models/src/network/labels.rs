//! What a network is to tell apart.

/// How many labels a network is to tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Labels {
    /// Classes; a film has one of them.
    pub classes: usize,
    /// Genres; a film has any number of them. Only PosterNet answers them.
    pub genres: usize,
}
