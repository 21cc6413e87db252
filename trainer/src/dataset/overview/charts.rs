//! The page's charts.

mod classes;
mod log_axis;
mod sizes;
mod years;

pub(super) use classes::films_by_class;
pub(super) use sizes::posters_by_size;
pub(super) use years::{films_by_year, years_per_bar};
