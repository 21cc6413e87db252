//! The files in the folder of posters.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The name of a poster's file. It ends as TMDB's names do, but the format can be another.
pub(super) fn name(id: u64) -> String {
    format!("tmdb{id}.jpg")
}

/// The ids of the films whose posters are in the folder. Removes files that a killed run left
/// incomplete.
pub(super) fn there(folder: &Path) -> Result<HashSet<u64>> {
    let cannot = || format!("cannot read {}", folder.display());
    let mut ids = HashSet::new();
    for entry in fs::read_dir(folder).with_context(cannot)? {
        let entry = entry.with_context(cannot)?;
        let name = entry.file_name();
        let Some(name) = name.to_str().and_then(|name| name.strip_prefix("tmdb")) else {
            continue;
        };
        if let Some(id) = name.strip_suffix(".jpg") {
            // a file that was just written can be empty after a power cut
            let is_empty = entry.metadata().with_context(cannot)?.len() == 0;
            ids.extend(id.parse::<u64>().ok().filter(|_| !is_empty));
        } else if name.ends_with(".jpg.partial") {
            fs::remove_file(entry.path())
                .with_context(|| format!("cannot remove {}", entry.path().display()))?;
        }
    }
    Ok(ids)
}
