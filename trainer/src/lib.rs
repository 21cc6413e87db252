//! The library behind the command `marquee`: from a list of films to a network that names the class of
//! their posters.
//!
//! | module | what it is for |
//! |---|---|
//! | [`fetch`] | downloading a list of films, and their posters, from TMDB |
//! | [`dataset`] | building and reading datasets: posters of one size with classes and a split |
//! | [`training`] | training a network on a dataset by a recipe |
//! | [`evaluation`] | measuring and calibrating a network: metrics, intervals, baselines |
//! | [`report`] | what people read about a network: a page, a model card, a summary |
//! | [`interchange`] | networks that come from or go to other tools: PyTorch, the Hugging Face Hub |
//! | [`device`] | the CPU or GPU to train and evaluate on |
//! | [`files`] | files that are complete or absent, and locks |
//! | `html` | what pages share: sections, tables, charts, numbers |
//! | [`progress`] | progress bars |
//!
//! Each subcommand in `commands/` is a thin layer over one of these modules.

pub mod dataset;
pub mod device;
pub mod evaluation;
pub mod fetch;
pub mod files;
mod html;
pub mod interchange;
pub mod progress;
pub mod report;
pub mod training;
