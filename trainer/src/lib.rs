//! The library behind the command `marquee`: fetching films, datasets of posters, training,
//! prediction, and networks that come from or go to other tools.
//!
//! Each subcommand in `commands/` is a thin layer over one of these modules.

pub mod dataset;
pub mod device;
pub mod evaluation;
pub mod fetch;
mod html;
pub mod interchange;
pub mod predict;
pub mod progress;
pub mod report;
pub mod training;
