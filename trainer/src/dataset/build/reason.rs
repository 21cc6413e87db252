use std::fmt;

/// Why a row is left out. `rejected.csv` says more of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// Damaged CSV, or not UTF-8.
    Unreadable,
    /// No genres, or none that makes a class.
    NoClass,
    /// Another row is the same film.
    Duplicate,
    /// The row names no poster, or there is none of that name.
    NoPoster,
    /// A poster that could not be downloaded.
    NotDownloaded,
    /// A poster that cannot be decoded.
    Damaged,
    /// A poster too small to see anything.
    TooSmall,
    /// A poster without colours.
    Gray,
    /// One picture for many films.
    Placeholder,
    /// Another design of a film that is not trained on.
    Untrained,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Unreadable => "unreadable row",
            Reason::NoClass => "no class",
            Reason::Duplicate => "duplicate film",
            Reason::NoPoster => "no poster",
            Reason::NotDownloaded => "poster not downloaded",
            Reason::Damaged => "damaged poster",
            Reason::TooSmall => "poster too small",
            Reason::Gray => "not three channels",
            Reason::Placeholder => "placeholder",
            Reason::Untrained => "design of a film that is not trained on",
        })
    }
}
