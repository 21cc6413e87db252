//! Building the site.

use crate::{
    offline, paths, run, sizes,
    tools::{rust, terser, wasm_opt},
};
use anyhow::{Context, Result, ensure};
use std::{fs, path::Path, process::Command};

/// Builds the site in release mode into dist/, after installing what that takes.
///
/// `public_url` is what links start with; relative ones work everywhere. `address` is where the site
/// is going to be, if that is known: only with a whole address do others show its picture.
pub(crate) fn build(public_url: Option<&str>, address: Option<&str>) -> Result<()> {
    rust::ensure_wasm_target()?;
    let wasm_bindgen = rust::ensure_wasm_bindgen()?;
    let trunk = rust::ensure_trunk()?;
    rust::tidy()?;
    let wasm_opt = wasm_opt::ensure()?;

    // Trunk takes the first of each on PATH. It holds wasm-bindgen to its exact version, so that
    // one's folder comes first.
    let folders = [&wasm_bindgen, &wasm_opt.path, &trunk].map(|path| path.parent());
    let mut command = Command::new(&trunk);
    command
        .current_dir(paths::root())
        // A compiler's message says more than where in trunk it arrived.
        .env("RUST_BACKTRACE", "0")
        // Whatever version Trunk.toml would have it fetch, the one that was found will do.
        .env("TRUNK_TOOLS_WASM_OPT", &wasm_opt.version)
        .env("PATH", run::path_with(folders.into_iter().flatten())?)
        .args(["build", "--release", "--locked", "--skip-version-check"])
        .args(public_url.iter().flat_map(|url| ["--public-url", url]));
    // Trunk reads NO_COLOR as true or false, while the convention is that any value means no colour.
    if std::env::var_os("NO_COLOR").is_some() {
        command.env("NO_COLOR", "true");
    }
    println!("Building the site. The first time compiles everything, which takes some minutes.");
    run::run(&mut command).context("the site was not built")?;
    let terser = terser::ensure()?;
    if let Some(terser) = &terser {
        terser::minify(terser, &paths::dist())?;
    }
    if let Some(address) = address {
        unfurl(&paths::dist().join("index.html"), address)?;
    }
    offline::list(&paths::dist())?;
    sizes::report(&paths::dist(), wasm_opt.optimises && terser.is_some())
}

/// The picture that a shared link unfurls to.
const PICTURE: &str = "icons/share.jpg";

/// Writes the whole address of that picture, and of the page itself.
fn unfurl(index: &Path, address: &str) -> Result<()> {
    ensure!(
        address.starts_with("https://") || address.starts_with("http://"),
        "{address} is no address of a site, such as https://example.org/marquee/"
    );
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

/// The first tag with these words in it, whatever order its attributes were brought into.
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
            unfurl(&index, "https://example.org/marquee").expect("the address is whole");
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
        assert!(unfurl(&index, "https://example.org/marquee").is_err());
        assert!(unfurl(&index, "/marquee/").is_err());
    }
}
