//! The classes that drawn films belong to.

/// A genre of each class, in the classes' order.
pub(crate) const GENRES: [&str; 6] = [
    "War",
    "Animation",
    "Drama",
    "Horror",
    "Romance",
    "Science Fiction",
];
