//! Runs a target.

use std::fs;
use std::ops::Range;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::mutate::mutation;
use crate::target::Target;

/// Bytes at which a target panicked.
#[derive(Debug)]
pub struct Finding {
    /// Which bytes: a file of the corpus, or the number of a mutation.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Runs a target on its seeds, on its folder of the corpus, and on the mutations with these numbers. What it panics at
/// goes to `found` at once: a later input may end the process. The panics themselves are printed.
///
/// # Errors
///
/// If the corpus cannot be read, and those of `found`.
pub fn run(
    target: Target,
    numbers: Range<u64>,
    mut found: impl FnMut(Finding) -> Result<()>,
) -> Result<()> {
    let mut sound: Vec<(String, Vec<u8>)> = target.seeds()?;
    let corpus = corpus(target);
    if corpus.is_dir() {
        for entry in fs::read_dir(&corpus)? {
            let path = entry?.path();
            let bytes =
                fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            sound.push((path.display().to_string(), bytes));
        }
        sound.sort();
    }
    let mut try_one = |name: &dyn Fn() -> String, bytes: &[u8]| match panic::catch_unwind(
        AssertUnwindSafe(|| target.read(bytes)),
    ) {
        Ok(_) => Ok(()),
        Err(_) => found(Finding {
            name: name(),
            bytes: bytes.to_vec(),
        }),
    };
    for (name, bytes) in &sound {
        try_one(&|| name.clone(), bytes)?;
    }
    let sound: Vec<Vec<u8>> = sound.into_iter().map(|(_, bytes)| bytes).collect();
    for number in numbers {
        try_one(&|| format!("mutation {number}"), &mutation(&sound, number))?;
    }
    Ok(())
}

/// The folder of a target's findings.
pub(crate) fn corpus(target: Target) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target.name())
}
