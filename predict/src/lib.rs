//! From posters to a network's answers, on several threads and without Burn: what `marquee predict` and the Python
//! package share.
//!
//! | question | module |
//! |---|---|
//! | which posters do paths name? | [`posters`] |
//! | which files are pictures, and where are they in a tar? | [`pictures`], [`tar`], [`packed`] |
//! | which network is meant? | [`network`] |
//! | what does it say about one poster? | [`predictor`] |
//! | and about many, on several threads? | [`in_order`] |
//! | what if it panics about one? | [`panics`] |
//! | which rows does a Parquet file have? | [`parquet_rows`] |
//! | what are the command's options, and what does it do? | [`command`] |
//! | which part of the posters is one machine's? | `shard` |
//! | how are answers written, and gone on with? | `output` |
//! | how are files and columns written, and who sees how far it is? | [`files`], [`columns`], [`progress`] |

pub mod columns;
pub mod command;
pub mod files;
pub mod in_order;
pub mod network;
mod output;
pub mod packed;
pub mod panics;
pub mod parquet_rows;
pub mod pictures;
pub mod posters;
pub mod predictor;
pub mod progress;
mod shard;
pub mod tar;
