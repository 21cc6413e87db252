use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::ledger::{self, Ledger, Step};
use crate::files::{self, beside};

/// The folder of an unfinished dataset. It lies beside the finished one, so that a rename moves the
/// dataset into its place.
pub(super) struct StagingFolder(PathBuf);

impl StagingFolder {
    pub(super) fn new(out: &Path) -> StagingFolder {
        StagingFolder(beside(out, ".building"))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn ledger(&self) -> PathBuf {
        self.0.join("ledger.sqlite")
    }

    /// The small pictures of the posters, as they are inspected.
    pub(super) fn packed(&self) -> PathBuf {
        self.0.join("thumbnails.rgb")
    }

    /// The folder of the posters that are being decoded.
    pub(super) fn under_way(&self) -> PathBuf {
        self.0.join("under-way")
    }

    /// The dataset, as it is written.
    pub(super) fn dataset(&self) -> PathBuf {
        self.0.join("dataset")
    }

    /// Makes the folder, and keeps other builds out of it until the returned file is dropped.
    pub(super) fn lock(&self) -> Result<File> {
        let shown = self.0.display();
        fs::create_dir_all(&self.0).with_context(|| format!("cannot make {shown}"))?;
        files::lock(&self.0.join("lock"))?
            .with_context(|| format!("another build is at work in {shown}"))
    }

    /// Moves the dataset into its place. An older one is moved into this folder first, so that one
    /// of the two is complete, whenever the process is killed.
    pub(super) fn deliver(&self, out: &Path) -> Result<()> {
        let shown = out.display();
        let replaced = self.0.join("replaced");
        if replaced.exists() {
            fs::remove_dir_all(&replaced)
                .with_context(|| format!("cannot remove {}", replaced.display()))?;
        }
        if out.exists() {
            fs::rename(out, &replaced).with_context(|| format!("cannot replace {shown}"))?;
        }
        fs::rename(self.dataset(), out).with_context(|| format!("cannot write {shown}"))
    }

    /// Removes the folder of a build that was killed right after it had delivered its dataset.
    pub(super) fn remove_if_delivered(&self) {
        let delivered = self.ledger().is_file()
            && !self.dataset().exists()
            && Ledger::connect(&self.ledger())
                .and_then(|ledger| ledger.step())
                .is_ok_and(|step| step == Step::Written);
        if delivered {
            // if this fails, the next build removes what is left
            _ = self.remove();
        }
    }

    pub(super) fn remove(&self) -> Result<()> {
        // the ledger goes first: without it, no build goes on with the rest
        ledger::remove(&self.ledger())?;
        fs::remove_dir_all(&self.0).with_context(|| format!("cannot remove {}", self.0.display()))
    }
}
