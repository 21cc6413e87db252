//! Damaged input of every kind that people can hand to Marquee: it must be refused with a reason, and never make
//! Marquee panic.
//!
//! Each [`Target`] reads one kind. `cargo test` runs it on its sound seeds, on the findings that `corpus/` keeps, and
//! on a fixed number of mutations of both, which takes seconds. `cargo run --release -p marquee-fuzz` runs as many as
//! one likes. Every mutation follows from its number alone, so that a finding can be repeated. libFuzzer would be
//! guided by coverage, but needs a nightly compiler, and the project is built with a stable one.

mod mutate;
mod run;
mod sums;
mod target;

pub use run::{Finding, run};
pub use target::Target;
