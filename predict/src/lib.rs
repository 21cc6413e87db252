//! A network's answers about many posters, on several threads, without Burn.
//!
//! | question | module |
//! |---|---|
//! | which network is meant? | [`network`] |
//! | what does it say about one poster? | [`predictor`] |
//! | and about many, on several threads? | [`in_order`] |
//! | what if it panics about one? | [`panics`] |

pub mod in_order;
pub mod network;
pub mod panics;
pub mod predictor;
