//! What the front of the page and the lobby behind it share: the browser, numbers, languages.

pub mod browser;
pub mod exchange;
pub mod format;
pub mod language;
pub mod link;
pub mod live;
