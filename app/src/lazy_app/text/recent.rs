//! What the row of recent posters says.

pub(crate) struct RecentText {
    /// Over the row.
    pub(crate) heading: &'static str,
    /// The switch.
    pub(crate) keep: &'static str,
    /// What is kept, and what the switch does to it.
    pub(crate) hint: &'static str,
    /// The button that deletes all of it.
    pub(crate) clear: &'static str,
    /// After it was deleted.
    pub(crate) cleared: &'static str,
}
