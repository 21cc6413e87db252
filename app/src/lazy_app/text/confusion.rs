//! What is said around right and wrong answers: the confusion matrix and its two figures.

/// What the confusion matrix and its figures say, of a network and of the festival.
pub(crate) struct ConfusionText {
    /// The share of right answers.
    pub(crate) accuracy: &'static str,
    /// The mean of the classes' F1 scores.
    pub(crate) macro_f1: &'static str,
    /// Over the matrix.
    pub(crate) caption: &'static str,
    /// The matrix's corner, which names its rows.
    pub(crate) corner: &'static str,
    /// A cell, where the pointer rests on it: how many of a class were taken for another.
    pub(crate) cell: fn(count: &str, truth: &str, answer: &str) -> String,
}
