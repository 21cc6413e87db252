//! Classifiers of the visitor's own classes: what they are, how the page answers by them, where they are
//! kept, and how they come in. They are taught in the festival.

pub(crate) mod classifier;
pub(crate) mod classifiers;
pub(crate) mod database;
pub(crate) mod kept;
mod opened;
pub(crate) mod put_to_use;
mod save;
mod shelf;

pub(crate) use opened::OpenedClassifier;
pub(crate) use save::SaveAsFile;
pub(crate) use shelf::Shelf;
