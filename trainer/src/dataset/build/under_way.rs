use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

/// The posters that are being decoded, each in a file of its thread: what is left there when a build dies is what it
/// may have died of. A crash below Rust, or a system that is out of memory, cannot be caught.
pub(super) struct UnderWay(PathBuf);

impl UnderWay {
    /// Makes the folder for these files, and returns the names that a build which died left in it.
    pub(super) fn open(folder: PathBuf) -> Result<(UnderWay, Vec<String>)> {
        let shown = folder.display().to_string();
        let read = || -> std::io::Result<Vec<String>> {
            fs::create_dir_all(&folder)?;
            let mut left = Vec::new();
            for file in fs::read_dir(&folder)? {
                let path = file?.path();
                left.push(String::from_utf8_lossy(&fs::read(&path)?).into_owned());
                fs::remove_file(path)?;
            }
            left.retain(|name| !name.is_empty());
            left.sort();
            Ok(left)
        };
        let left = read().with_context(|| format!("cannot write to {shown}"))?;
        Ok((UnderWay(folder), left))
    }

    /// Runs `work` on the poster of this name.
    pub(super) fn mark<T>(&self, name: &str, work: impl FnOnce() -> T) -> T {
        let thread = rayon::current_thread_index().unwrap_or_default();
        let file = self.0.join(thread.to_string());
        // without its name in the file, the poster can be decoded all the same
        _ = fs::write(&file, name);
        let done = work();
        _ = fs::write(&file, "");
        done
    }
}
