//! What Marquee's page and its two workers share: the messages between them, and how a worker
//! receives and sends them.
//!
//! The programs themselves are the binaries `page`, `cpu-worker` and `gpu-worker`.

pub mod protocol;
#[cfg(feature = "worker")]
pub mod worker;
