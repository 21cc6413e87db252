//! Teach: the festival's posters are ticked with the visitor's own classes, and a classifier learns from
//! each tick.

mod classes;
mod keeper;
mod panel;
mod pass_on;
mod record;
mod score;
mod teacher;

pub(super) use panel::Panel;
pub(super) use pass_on::PassOn;
pub(super) use score::OwnScore;
pub(super) use teacher::{Teacher, use_teacher};
