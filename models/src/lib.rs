//! What a trained Marquee network is, and how it answers.
//!
//! The trainer, the command line and the page all use this crate, so that a poster goes the same
//! way everywhere:
//!
//! | question | module |
//! |---|---|
//! | which genres are there, and which class is a film of? | [`genre`], [`class`] |
//! | how do pixels become numbers? | [`preprocess`] |
//! | which layers does a network have? | [`network`] |
//! | what is in a weights file, and is it sound? | [`mod@file`] |
//! | what do a network's outputs say? | [`answer`], [`math`] |
//! | which posters look nearly alike? | [`similar`] (feature `decode`) |
//! | how are numbers written? | [`text`] |
//! | which files are passed over in folders? | [`hidden`] |
//! | how does a network answer without Burn? | [`simd`] |
//! | and with it? | [`burn`] (feature `burn`) |
//! | which networks come with Marquee? | [`shipped`] (feature `shipped`) |

pub mod answer;
#[cfg(feature = "burn")]
pub mod burn;
pub mod class;
pub mod file;
pub mod genre;
pub mod hidden;
pub mod math;
pub mod network;
pub mod preprocess;
#[cfg(feature = "shipped")]
pub mod shipped;
pub mod simd;
#[cfg(feature = "decode")]
pub mod similar;
pub mod text;
