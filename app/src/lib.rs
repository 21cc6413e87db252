//! What Marquee's page and its two workers share: the messages between them, and how a worker
//! receives and sends them.
//!
//! The programs themselves are the binaries `page`, `cpu-worker` and `gpu-worker`.

#[cfg(feature = "decoder")]
pub mod decoder;
pub mod protocol;
#[cfg(feature = "cpu")]
pub mod reader;
#[cfg(feature = "share-link")]
pub mod share_link;
#[cfg(feature = "ui")]
pub mod ui;
#[cfg(feature = "worker")]
pub mod worker;
