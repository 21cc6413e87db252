//! How far a batch run is.

/// How far a batch run is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Progress {
    /// How many files the visitor brought.
    pub(super) total: u32,
    /// How many of them were read or refused.
    pub(super) done: u32,
    /// Whether the rest is being read.
    pub(super) working: bool,
    /// Seconds until the rest is read, once that can be told.
    pub(super) left_s: Option<f64>,
    /// Seconds since the beginning.
    pub(super) took_s: f64,
}
