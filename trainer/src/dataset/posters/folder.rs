//! The files of a folder.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use marquee_models::hidden::is_hidden;
use unicode_normalization::UnicodeNormalization;

/// Calls `found` with the name of each file in a folder and its subfolders, within the uppermost one, and `passed` with
/// what is there and can't be used, and why. Hidden files and folders are passed over in silence.
pub(super) fn walk(
    folder: &Path,
    inside: &str,
    found: &mut impl FnMut(&str),
    passed: &mut impl FnMut(&str, &'static str),
) -> Result<()> {
    let cannot_read = || format!("cannot read the folder {}", folder.display());
    for entry in std::fs::read_dir(folder).with_context(cannot_read)? {
        let name = entry.with_context(cannot_read)?.file_name();
        let shown = name.to_string_lossy();
        if is_hidden(&shown) {
            continue;
        }
        let path = folder.join(&name);
        let inner = format!("{inside}{shown}");
        if name.to_str().is_none() {
            // lists and datasets could not name it
            passed(&inner, "its name is not Unicode");
        } else if path.is_dir() && path.is_symlink() {
            passed(&inner, "it is a link to a folder, which could lead back");
        } else if path.is_dir() {
            if walk(&path, &format!("{inner}/"), found, passed).is_err() {
                passed(&inner, "it is a folder that cannot be read");
            }
        } else if path.is_file() {
            found(&inner);
        } else {
            // a pipe would have to be waited for
            passed(&inner, "it is no file, or a link to none");
        }
    }
    Ok(())
}

/// The path of a file within a folder. Each part of its name is in the Unicode form in which it is there.
pub(super) fn spelled(folder: &Path, name: &Path) -> PathBuf {
    let mut path = folder.to_owned();
    for part in name.components() {
        let text = part.as_os_str().to_str();
        let forms = text
            .filter(|text| !text.is_ascii())
            .map(|text| [text.nfc().collect::<String>(), text.nfd().collect()]);
        let as_given = path.join(part);
        let mut others = forms.into_iter().flatten().map(|form| path.join(form));
        path = match as_given.exists() {
            true => as_given,
            false => others.find(|path| path.exists()).unwrap_or(as_given),
        };
    }
    path
}
