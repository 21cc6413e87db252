//! What is said about the site itself.

pub(crate) struct UpdateText {
    /// There is a new version.
    pub(crate) offer: &'static str,
    /// The button that uses it.
    pub(crate) use_it: &'static str,
    /// The button that leaves it for the next visit.
    pub(crate) later: &'static str,
    /// The next visit needs no network.
    pub(crate) all_kept: &'static str,
}
