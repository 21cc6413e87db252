//! The picture that other sites and messengers show beside a shared link.

use anyhow::{Context, Result, ensure};
use std::{fs, path::Path};

/// That picture, in the built site.
const PICTURE: &str = "icons/share.jpg";

/// Writes the site's `address` into the `index.html` of the built site: others show the picture
/// only if the page names it by its whole address.
///
/// # Errors
///
/// If `address` is not an `http` or `https` address, or `index.html` names no picture.
pub(super) fn add(index: &Path, address: &str) -> Result<()> {
    check(address)?;
    let address = format!("{}/", address.trim_end_matches('/'));
    let html =
        fs::read_to_string(index).with_context(|| format!("cannot read {}", index.display()))?;
    let tag = tag_with(&html, PICTURE)
        .with_context(|| format!("{} names no picture", index.display()))?;
    let whole = format!(
        r#"<meta property="og:url" content="{address}" /><meta property="og:image" content="{address}{PICTURE}" />"#
    );
    let html = html.replacen(tag, &whole, 1);
    fs::write(index, html).with_context(|| format!("cannot write {}", index.display()))
}

/// Refuses what is not an `http` or `https` address.
pub(super) fn check(address: &str) -> Result<()> {
    ensure!(
        address.starts_with("https://") || address.starts_with("http://"),
        "{address} is not the address of a site, such as https://example.org/marquee/"
    );
    Ok(())
}

/// The first tag that contains `words`. The order of its attributes does not matter, which the
/// minifier changes.
fn tag_with<'html>(html: &'html str, words: &str) -> Option<&'html str> {
    let at = html.find(words)?;
    let begin = html[..at].rfind('<')?;
    let end = at + html[at..].find('>')? + 1;
    Some(&html[begin..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_link_shows_the_picture_by_its_whole_address() {
        let folder = tempfile::tempdir().expect("a folder");
        let index = folder.path().join("index.html");
        for picture in [
            r#"<meta property="og:image" content="icons/share.jpg" />"#,
            "<meta content=icons/share.jpg property=og:image>",
        ] {
            fs::write(&index, format!("<title>Marquee</title>{picture}<body>")).expect("a file");
            add(&index, "https://example.org/marquee").expect("the address is whole");
            assert_eq!(
                fs::read_to_string(&index).expect("the file"),
                concat!(
                    "<title>Marquee</title>",
                    r#"<meta property="og:url" content="https://example.org/marquee/" />"#,
                    r#"<meta property="og:image" content="https://example.org/marquee/icons/share.jpg" />"#,
                    "<body>"
                )
            );
        }
        fs::write(&index, "<body>").expect("a file");
        assert!(add(&index, "https://example.org/marquee").is_err());
        assert!(add(&index, "/marquee/").is_err());
    }
}
