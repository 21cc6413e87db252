//! Puts the site together: the files of www/, the networks and the programs.

use super::{content::Content, hash, pages};
use crate::paths;
use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The folder of www/ that is not part of the site: the npm package's own files.
const LEFT_OUT: &str = "npm";

/// Files of which index.html names each by a name that changes with the content, so that hosts may have
/// browsers keep them for good.
const NAMED_BY_CONTENT: [&str; 5] = [
    "initial-app.js",
    "initial-app_bg.wasm",
    "programme.css",
    "sign.css",
    "style.css",
];

/// Copies into `folder` what is not compiled: www/ with the site's description, and its networks.
pub(super) fn copy_static(content: &Content, address: Option<&str>, folder: &Path) -> Result<()> {
    let (description, networks) = content.read()?;
    copy(&paths::root().join("www"), folder)?;
    pages::describe(folder, &description, address)?;
    networks.copy(&folder.join("weights"))
}

/// Copies a file, or a folder with all that is in it.
pub(super) fn copy(from: &Path, to: &Path) -> Result<()> {
    let copied = if from.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            let name = entry.file_name();
            if name != LEFT_OUT {
                copy(&entry.path(), &to.join(name))?;
            }
        }
        Ok(())
    } else {
        fs::copy(from, to).map(|_| ())
    };
    copied.with_context(|| format!("cannot copy {}", from.display()))
}

/// Copies the files of finished programs.
pub(super) fn copy_programs(finished: &[PathBuf], folder: &Path) -> Result<()> {
    finished
        .iter()
        .try_for_each(|program| copy(program, folder))
}

/// Gives the files that change with the page names that change with their content, and takes comments
/// and needless space out of the HTML.
pub(super) fn finish_html(folder: &Path) -> Result<()> {
    for name in ["index.html", "embed.html"] {
        let path = folder.join(name);
        let mut html = read(&path).map(|html| shorten(&html))?;
        if name == "index.html" {
            for name in NAMED_BY_CONTENT {
                let named = by_content(folder, name)?;
                html = html.replace(&format!("\"{name}\""), &format!("\"{named}\""));
            }
        }
        fs::write(&path, html).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Renames a file by its content, such as `style-0123456789abcdef.css`. Returns the new name.
fn by_content(folder: &Path, name: &str) -> Result<String> {
    let path = folder.join(name);
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let at = name.find(['.', '_']).unwrap_or(name.len());
    let named = format!("{}-{}{}", &name[..at], hash(&bytes), &name[at..]);
    fs::rename(&path, folder.join(&named))
        .with_context(|| format!("cannot rename {}", path.display()))?;
    Ok(named)
}

/// HTML without comments, and with one space where there were several. Nothing in our pages needs more.
fn shorten(html: &str) -> String {
    let mut short = String::new();
    for (at, part) in html.split("<!--").enumerate() {
        let text = if at == 0 {
            Some(part)
        } else {
            part.split_once("-->").map(|it| it.1)
        };
        short += text.unwrap_or_default();
    }
    short.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_loses_comments_and_space() {
        let html = "<!doctype html>\n<p>\n  <!-- Why -->\n  a <b>c</b>\n</p>\n";
        assert_eq!(shorten(html), "<!doctype html> <p> a <b>c</b> </p>");
    }

    #[test]
    fn the_page_names_files_by_their_content() {
        let folder = tempfile::tempdir().expect("a folder");
        let site = folder.path();
        let write = |name: &str, text: &str| fs::write(site.join(name), text).expect("a file");
        for name in NAMED_BY_CONTENT {
            write(name, name);
        }
        write("embed.html", "<p>");
        write(
            "index.html",
            r#"<link href="style.css"><link href="my-style.css"><script data-wasm="initial-app_bg.wasm">"#,
        );
        finish_html(site).expect("all is there");
        let html = fs::read_to_string(site.join("index.html")).expect("the page");
        let names: Vec<&str> = html.split('"').skip(1).step_by(2).collect();
        assert!(
            names[0].starts_with("style-") && names[0].ends_with(".css"),
            "{html}"
        );
        assert_eq!(names[1], "my-style.css");
        assert!(names[2].ends_with("_bg.wasm"), "{html}");
        for name in [names[0], names[2]] {
            assert!(site.join(name).is_file(), "{name}");
        }
        // Another content has another name.
        write("style.css", "p {}");
        assert_ne!(by_content(site, "style.css").expect("a name"), names[0]);
    }
}
