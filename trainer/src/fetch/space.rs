//! Checks the free space of the disk before hours are spent on filling it.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use indicatif::HumanBytes;

use super::filters::PosterSize;

/// The bytes that a film takes besides its poster: lines in the journal and the tables, and the
/// unused rest of its file's last block.
const BESIDE_POSTER: u64 = 8 << 10;

/// Fails if this many films will not fit.
pub(super) fn check(folder: &Path, films: u64, size: PosterSize) -> Result<()> {
    let free = fs4::available_space(folder)
        .with_context(|| format!("cannot tell the free space of {}", folder.display()))?;
    let needed = films * (size.mean_bytes() + BESIDE_POSTER);
    ensure!(
        needed <= free,
        "{films} films with posters of size {size} need about {}, and {} has {} free; make room, \
         choose a smaller --size or --limit, or begin anyway with --ignore-space",
        HumanBytes(needed),
        folder.display(),
        HumanBytes(free)
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_foreseen() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(check(folder.path(), 1, PosterSize::W92).is_ok());
        let error = check(folder.path(), 1 << 40, PosterSize::Original).expect_err("too many");
        assert!(error.to_string().contains("--ignore-space"), "{error}");
    }
}
