//! Writes what a site's description says into its pages, which have it in braces: `{title}`.

use super::{colours, description::Description, files, icons};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{fs, path::Path};

/// The picture that others show beside a link to the site, in the built site.
const PICTURE: &str = "icons/share.jpg";

/// Writes the description into the site in `folder`: into its pages and its theme, with its samples, its icons and its
/// picture.
///
/// `address` is where the site is going to be: others show the picture only if the page names it by its whole
/// address.
///
/// # Errors
///
/// If a file can't be read or written, or a colour is none.
pub(super) fn describe(
    folder: &Path,
    description: &Description,
    address: Option<&str>,
) -> Result<()> {
    let mut dark = String::new();
    let mut light = String::new();
    edit(&folder.join("theme.css"), |theme| {
        let theme = description.colours.put_into(theme)?;
        // Browsers paint their own bars in these.
        let of = |scheme, name| colours::of(&theme, scheme, name).context("the theme has no walls");
        light = of(true, "wall-top")?;
        dark = of(false, "wall")?;
        Ok(theme)
    })?;
    let words = |site: Value, preview: &str, text: fn(&str) -> String| {
        let say = |key| text(description.say(key));
        [
            ("{title}", say("title")),
            ("{description}", say("description")),
            ("{name}", text(&description.name)),
            ("{dark}", dark.clone()),
            ("{light}", light.clone()),
            ("{preview}", preview.to_owned()),
            // In an element, only the beginning of another one could be mistaken.
            ("{site}", site.to_string().replace('<', "\\u003c")),
        ]
    };
    let preview = preview(description, address);
    let fill = |file: &str, words: [(&str, String); 7]| {
        edit(&folder.join(file), |page| {
            let filled = words.iter().fold(page.to_owned(), |page, (place, words)| {
                page.replace(place, words)
            });
            Ok(filled)
        })
    };
    fill(
        "index.html",
        words(description.for_page(), &preview, for_html),
    )?;
    fill("embed.html", words(description.for_iframe(), "", for_html))?;
    fill("manifest.webmanifest", words(Value::Null, "", for_json))?;
    let account = folder.join("about.json");
    fs::write(&account, description.account().to_string())
        .with_context(|| format!("cannot write {}", account.display()))?;
    let samples = folder.join("samples");
    fs::create_dir_all(&samples).with_context(|| format!("cannot make {}", samples.display()))?;
    for sample in &description.samples {
        files::copy(&description.path_of(sample), &folder.join(sample.url()))?;
    }
    if let Some(own) = &description.icons {
        icons::copy(own, folder)?;
    }
    match &description.share {
        Some(picture) => files::copy(picture, &folder.join(PICTURE)),
        None => Ok(()),
    }
}

/// Refuses what is not an `http` or `https` address.
pub(super) fn check(address: &str) -> Result<()> {
    ensure!(
        address.starts_with("https://") || address.starts_with("http://"),
        "{address} is not the address of a site, such as https://example.org/marquee/"
    );
    Ok(())
}

/// The elements that other sites and messengers read for what they show beside a link to the page.
fn preview(description: &Description, address: Option<&str>) -> String {
    let address = address.map(|address| format!("{}/", address.trim_end_matches('/')));
    let picture = format!("{}{PICTURE}", address.as_deref().unwrap_or_default());
    let share = description.share.is_some();
    let mut all = vec![
        ("og:type", "website"),
        ("og:site_name", &description.name),
        ("og:title", description.say("title")),
        ("og:description", description.say("description")),
    ];
    all.extend(address.as_deref().map(|address| ("og:url", address)));
    if share {
        all.extend([
            ("og:image", &*picture),
            ("og:image:width", "1200"),
            ("og:image:height", "630"),
            ("og:image:alt", description.say("share")),
        ]);
    }
    let card = if share {
        "summary_large_image"
    } else {
        "summary"
    };
    let tags = all.into_iter().map(|(property, content)| {
        format!(
            r#"<meta property="{property}" content="{}" />"#,
            for_html(content)
        )
    });
    let card = format!(r#"<meta name="twitter:card" content="{card}" />"#);
    tags.chain([card]).collect()
}

/// Changes a text file.
fn edit(path: &Path, change: impl FnOnce(&str) -> Result<String>) -> Result<()> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    fs::write(path, change(&text)?).with_context(|| format!("cannot write {}", path.display()))
}

/// A text as HTML, also within an attribute's quotes.
fn for_html(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('"', "&quot;")
}

/// A text within JSON's quotes.
fn for_json(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{paths, site::description::Description};

    /// The pages of a site with this description, at `address`.
    fn described(
        toml: &str,
        address: Option<&str>,
    ) -> (tempfile::TempDir, impl Fn(&str) -> String) {
        let site = tempfile::tempdir().expect("a folder");
        files::copy(&paths::root().join("www"), site.path()).expect("the pages");
        let file = site.path().join("site.toml");
        fs::write(&file, toml).expect("a file");
        let description = Description::read(Some(&file), true).expect("it is right");
        describe(site.path(), &description, address).expect("all is there");
        let folder = site.path().to_owned();
        (site, move |name| {
            fs::read_to_string(folder.join(name)).expect("a page")
        })
    }

    #[test]
    fn the_words_stand_in_the_pages_as_they_were_written() {
        let toml = "name = '\"A\" & <b>'\nshare = 'favicon.svg'\n[colours]\nwall = '#123456'\n[en]\ntitle = 'A \"t\"'\nlead = '</script>'";
        let (_folder, page) = described(toml, Some("https://example.org/marquee"));
        let html = page("index.html");
        assert!(html.contains("<title>A &quot;t&quot;</title>"), "{html}");
        assert!(html.contains(">&quot;A&quot; &amp; &lt;b></h1>"), "{html}");
        assert!(html.contains(r#"content="https://example.org/marquee/icons/share.jpg""#));
        assert!(html.contains(r#"property="og:url" content="https://example.org/marquee/""#));
        assert_eq!(html.matches("</script>").count(), 2, "{html}");
        let manifest: Value = serde_json::from_str(&page("manifest.webmanifest")).expect("JSON");
        assert_eq!(manifest["name"], "\"A\" & <b>");
        assert_eq!(manifest["theme_color"], "#123456");
        for name in ["index.html", "embed.html", "manifest.webmanifest"] {
            assert!(!page(name).contains("{name}"), "{name}");
        }
    }

    #[test]
    fn a_site_without_a_picture_promises_none() {
        let (folder, page) = described("", None);
        let html = page("index.html");
        assert!(
            !html.contains("og:image") && html.contains("content=\"summary\""),
            "{html}"
        );
        assert!(!folder.path().join(PICTURE).exists());
        assert!(check("/marquee/").is_err() && check("https://example.org").is_ok());
    }
}
