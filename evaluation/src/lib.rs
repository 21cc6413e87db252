//! How good answers about classes are, and linear classifiers on a network's features.
//!
//! The trainer judges networks by it, and the page teaches and judges classifiers of a visitor's own classes:
//!
//! | question | module |
//! |---|---|
//! | how often are the answers right? | [`metrics`], [`classes`] |
//! | how much would a figure vary with other films? | [`bootstrap`] |
//! | how sure must an answer be? | [`abstention`] |
//! | which classes do features tell apart? | [`linear`], [`probe`] |

pub mod abstention;
pub mod bootstrap;
pub mod classes;
mod folds;
mod lbfgs;
pub mod linear;
pub mod metrics;
pub mod probe;
