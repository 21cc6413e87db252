use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use marquee_predict::tar::{Place, scan};
use tempfile::TempPath;
use unicode_normalization::UnicodeNormalization;

use super::unpacked::unpacked;

/// The places of a tar file's files by a hash of their names, which takes less memory than the names.
pub struct TarIndex {
    pub(super) path: PathBuf,
    /// Sorted by hash. If a name is there twice, the later file counts, as when tar unpacks it.
    places: Vec<(u64, Place)>,
    /// What an archive holds that could not become a part of the tar file, and why.
    pub(super) not_unpacked: Vec<(String, &'static str)>,
    /// Removes the tar file at the end, if it was unpacked from another archive.
    _unpacked: Option<TempPath>,
}

impl TarIndex {
    pub(super) fn open(path: &Path) -> Result<TarIndex> {
        let unpacked = unpacked(path).with_context(|| {
            let folder = std::env::temp_dir();
            format!("cannot unpack {} into {}", path.display(), folder.display())
        })?;
        let (unpacked, not_unpacked) = unpacked.unzip();
        let path = unpacked.as_deref().unwrap_or(path);
        let mut places = Vec::new();
        scan(path, |name, place| {
            places.push((hash(name), place));
            Ok(())
        })?;
        places.sort_by_key(|(name, _)| *name);
        Ok(TarIndex {
            path: path.to_owned(),
            places,
            not_unpacked: not_unpacked.unwrap_or_default(),
            _unpacked: unpacked,
        })
    }

    pub(super) fn find(&self, name: &str) -> Option<Place> {
        let name = hash(name);
        let after = self.places.partition_point(|(known, _)| *known <= name);
        let (known, place) = self.places[..after].last()?;
        (*known == name).then_some(*place)
    }
}

/// A Mac writes letters with accents, and Korean ones, in parts (NFD); others in one piece (NFC). Both are one
/// name.
fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.nfc().for_each(|letter| letter.hash(&mut hasher));
    hasher.finish()
}
