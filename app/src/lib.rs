//! What Marquee's page and its two workers share: the messages between them, and how a worker
//! receives and sends them.
//!
//! The programs themselves are the binaries `page`, `cpu-worker` and `gpu-worker`.

#[cfg(feature = "decoder")]
pub mod decoder;
#[cfg(feature = "link")]
pub mod link;
pub mod protocol;
#[cfg(feature = "cpu")]
pub mod reader;
#[cfg(feature = "ui")]
pub mod ui;
#[cfg(feature = "worker")]
pub mod worker;
