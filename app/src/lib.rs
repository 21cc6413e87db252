//! What the page's programs and workers share: the messages between them, and how a worker
//! receives and sends them.
//!
//! The programs are the binaries `initial-app` and `lazy-app`; the workers are `cpu-worker`,
//! `gpu-worker`, `networks-worker` and the decoders.

#[cfg(feature = "ui")]
pub mod channel;
pub mod protocol;
#[cfg(feature = "share-link")]
pub mod share_link;
#[cfg(feature = "ui")]
pub mod ui;
pub mod wire;
pub mod workers;
