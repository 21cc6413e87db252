//! What the initial app and the lazy app share: the browser, numbers, languages.

pub mod browser;
pub mod format;
pub mod language;
pub mod live;
pub mod site;
pub mod webgpu;
pub mod worker_handle;
