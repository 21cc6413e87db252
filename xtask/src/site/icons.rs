//! The icons of a site: those of Marquee's page, or a host's own.

use super::files;
use anyhow::{Context, Result, ensure};
use std::{fs, path::Path};

/// The icon for tabs, which lies beside the page.
const DRAWING: &str = "favicon.svg";

/// The icons for home screens and launchers, and the length of their sides in pixels. They lie in `icons/`.
const PIXELS: [(&str, u32); 4] = [
    ("apple-touch-icon.png", 180),
    ("icon-192.png", 192),
    ("icon-512.png", 512),
    ("maskable-512.png", 512),
];

/// Refuses a folder that does not have all icons in their sizes.
pub(super) fn check(folder: &Path) -> Result<()> {
    let remedy = || {
        format!(
            "draw {}, and `cargo xtask pictures --icons {}` makes the others of it",
            folder.join(DRAWING).display(),
            folder.display()
        )
    };
    ensure!(
        folder.join(DRAWING).is_file(),
        "there is none: {}",
        remedy()
    );
    for (name, side) in PIXELS {
        let file = folder.join(name);
        let bytes = fs::read(&file)
            .with_context(|| format!("cannot read {}: {}", file.display(), remedy()))?;
        ensure!(
            bytes.starts_with(b"\x89PNG") && bytes.get(16..24) == Some(&square(side)),
            "{} is no PNG of {side}×{side} pixels: {}",
            file.display(),
            remedy()
        );
    }
    Ok(())
}

/// Puts the icons of a folder into the site in place of Marquee's.
///
/// # Errors
///
/// If a file can't be read or written.
pub(super) fn copy(folder: &Path, site: &Path) -> Result<()> {
    files::copy(&folder.join(DRAWING), &site.join(DRAWING))?;
    for (name, _) in PIXELS {
        files::copy(&folder.join(name), &site.join("icons").join(name))?;
    }
    Ok(())
}

/// Width and height as a PNG has them.
fn square(side: u32) -> [u8; 8] {
    let mut sides = [0; 8];
    for half in sides.chunks_exact_mut(4) {
        half.copy_from_slice(&side.to_be_bytes());
    }
    sides
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths;
    use serde_json::Value;

    #[test]
    fn icons_are_all_there_in_their_sizes_or_what_lacks_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let refused = || format!("{:#}", check(folder.path()).expect_err("one lacks"));
        assert!(refused().contains("favicon.svg"));
        let www = paths::root().join("www");
        fs::copy(www.join(DRAWING), folder.path().join(DRAWING)).expect("an icon");
        assert!(refused().contains("apple-touch-icon.png"));
        for (name, _) in PIXELS {
            let from = www.join("icons").join(name);
            fs::copy(from, folder.path().join(name)).expect("an icon");
        }
        check(folder.path()).expect("Marquee's own icons");

        // A site's icons take the place of Marquee's under every name.
        fs::write(folder.path().join(DRAWING), "<svg/>").expect("an icon");
        let site = tempfile::tempdir().expect("a folder");
        files::copy(&www, site.path()).expect("the pages");
        copy(folder.path(), site.path()).expect("all is there");
        let drawing = fs::read_to_string(site.path().join(DRAWING)).expect("an icon");
        assert_eq!(drawing, "<svg/>");
        let manifest =
            fs::read_to_string(site.path().join("manifest.webmanifest")).expect("a file");
        let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
        let icons = manifest["icons"].as_array().expect("a list");
        assert!(!icons.is_empty());
        for icon in icons {
            let file = icon["src"].as_str().expect("a path");
            let name = Path::new(file).file_name().expect("a name");
            let own = fs::read(folder.path().join(name)).expect("an icon of the folder");
            assert_eq!(
                fs::read(site.path().join(file)).expect("an icon"),
                own,
                "{file}"
            );
        }

        let small = folder.path().join("icon-192.png");
        fs::copy(&small, folder.path().join("icon-512.png")).expect("an icon");
        let error = refused();
        assert!(
            error.contains("icon-512.png is no PNG of 512×512") && error.contains("--icons"),
            "{error}"
        );
    }
}
