//! The subcommands of `cargo xtask`: one file each.

pub(crate) mod bench;
pub(crate) mod build;
pub(crate) mod conformance;
pub(crate) mod dev;
pub(crate) mod package;
pub(crate) mod pictures;
pub(crate) mod serve;
pub(crate) mod test;
