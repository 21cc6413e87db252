use std::fmt;

/// Why a row is left out. `rejected.csv` adds details to each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The row is damaged CSV, or its text is not UTF-8.
    Unreadable,
    /// The film has no genres, or none that makes a class.
    NoClass,
    /// Another row is the same film.
    Duplicate,
    /// The row names no poster, or there is no file of that name.
    NoPoster,
    /// The file is no picture, or lies in no folder of a class.
    NotUsed,
    /// The poster could not be downloaded.
    NotDownloaded,
    /// The poster cannot be decoded.
    Damaged,
    /// The poster has too few pixels.
    TooSmall,
    /// The poster has no colours.
    Gray,
    /// Many films share the picture.
    Placeholder,
    /// The film is in another split, too, under another row or with a poster that looks alike.
    OtherSplit,
    /// The input names another split than training's, but a dataset to be apart from trains on the film.
    Elsewhere,
    /// The input names a split for other films, but not for this one.
    NoSplit,
    /// The poster is another design, and its film is not in the training split.
    Untrained,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Unreadable => "unreadable row",
            Reason::NoClass => "no class",
            Reason::Duplicate => "duplicate film",
            Reason::NoPoster => "no poster",
            Reason::NotUsed => "file not used",
            Reason::NotDownloaded => "poster not downloaded",
            Reason::Damaged => "damaged poster",
            Reason::TooSmall => "poster too small",
            Reason::Gray => "not three channels",
            Reason::Placeholder => "placeholder",
            Reason::OtherSplit => "film of another split",
            Reason::Elsewhere => "film that another dataset trains on",
            Reason::NoSplit => "no split",
            Reason::Untrained => "design of a film that is not trained on",
        })
    }
}
