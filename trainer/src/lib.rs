//! The library behind the command `marquee`: fetching films, datasets of posters, training,
//! prediction, and networks that come from or go to other tools.
//!
//! Each subcommand in `cmd/` is a thin layer over one of these modules.

pub mod abstention;
pub mod baselines;
pub mod bootstrap;
pub mod calibration;
pub mod dataset;
pub mod device;
pub mod evaluation;
pub mod fetch;
pub mod fitting;
mod html;
pub mod import;
pub mod manifest;
pub mod metrics;
pub mod model_card;
pub mod onnx;
pub mod posters;
pub mod predict;
pub mod prior;
pub mod progress;
pub mod report;
pub mod rule;
pub mod training;
