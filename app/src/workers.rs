//! What the workers share: how one receives and sends messages, and how it reads a poster.
//!
//! The workers themselves are the programs beside these files.

#[cfg(feature = "decoder")]
pub mod decoder;
#[cfg(feature = "cpu")]
pub mod heads;
#[cfg(feature = "cpu")]
pub mod reader;
#[cfg(feature = "worker")]
pub mod scope;
