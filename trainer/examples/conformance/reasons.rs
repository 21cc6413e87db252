//! Why some pictures are read otherwise than Pillow does.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

/// The list of reasons: a TOML file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reasons {
    reason: Vec<Reason>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reason {
    /// In a sentence.
    why: String,
    /// The ends of the paths of the pictures that it holds for.
    files: Vec<String>,
}

impl Reasons {
    /// Reads the list.
    pub(crate) fn read(path: &Path) -> Result<Reasons> {
        let shown = path.display();
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {shown}"))?;
        toml::from_str(&text).with_context(|| format!("cannot read {shown}"))
    }

    /// The reason that is listed for a picture.
    pub(crate) fn of(&self, file: &Path) -> Option<&str> {
        let holds = |reason: &&Reason| reason.files.iter().any(|end| file.ends_with(end));
        self.reason.iter().find(holds).map(|reason| &*reason.why)
    }
}
