//! What a browser downloads before the first answer to a JPEG.

use anyhow::{Context, Result};
use serde_json::Value;
use std::{collections::BTreeSet, fs, path::Path};

/// What www/start.js and the initial app load by themselves, whatever else the page names. A browser with relaxed SIMD
/// loads a CPU worker that is as large.
const BY_THEMSELVES: [&str; 4] = [
    "cpu-worker.js",
    "cpu-worker_bg.wasm",
    "weights/index.json",
    "worker.js",
];

/// Links of the page that browsers do not follow at a first visit.
const NOT_FOLLOWED: [&str; 2] = ["apple-touch-icon", "manifest"];

/// The files of the site in `dist`, by their paths: what index.html names, what these styles and scripts import,
/// the CPU worker, and the first network. The page's tests look at what a browser does.
///
/// # Errors
///
/// If one of them is not there.
pub(super) fn files(dist: &Path) -> Result<BTreeSet<String>> {
    let mut files = BTreeSet::from(["index.html".to_owned()]);
    let mut open: Vec<String> = page_links(&read(dist, "index.html")?);
    open.extend(BY_THEMSELVES.map(str::to_owned));
    let index: Value = serde_json::from_str(&read(dist, "weights/index.json")?)
        .context("weights/index.json is not a list of networks")?;
    let network = index["networks"][0]["file"].as_str();
    let network = network.context("weights/index.json lists no network")?;
    open.push(format!("weights/{network}"));
    while let Some(file) = open.pop() {
        if !files.insert(file.clone()) {
            continue;
        }
        let named = match file.rsplit('.').next() {
            // A font that a style names waits for a letter that needs it. The page names those of its first look.
            Some("css") => after(&read(dist, &file)?, &["@import", "@import url("]),
            Some("js") => after(&read(dist, &file)?, &["from", "import"]),
            _ => Vec::new(),
        };
        // All of these lie in the site's own folder, and say so by `./`, or not at all.
        open.extend(
            named
                .into_iter()
                .map(|name| name.trim_start_matches("./").to_owned()),
        );
    }
    Ok(files)
}

/// What the page's links and scripts name.
fn page_links(html: &str) -> Vec<String> {
    let tags = html.split('<').filter_map(|tag| tag.split_once('>'));
    let loaded = tags.filter(|(tag, _)| {
        (tag.starts_with("link ") || tag.starts_with("script "))
            && !NOT_FOLLOWED
                .iter()
                .any(|rel| tag.contains(&format!("rel=\"{rel}\"")))
    });
    let attributes = |tag: &str| {
        let values = [" href=\"", " src=\"", "-js=\"", "-wasm=\""];
        let values = values
            .iter()
            .filter_map(|name| tag.split_once(name)?.1.split_once('"'));
        values
            .map(|(value, _)| value.to_owned())
            .collect::<Vec<_>>()
    };
    loaded.flat_map(|(tag, _)| attributes(tag)).collect()
}

/// The quoted or bracketed words behind each of `words`: `from"./a.js"`, `url(a.woff2)`. What is computed, such as
/// `import(name)`, is no such word.
fn after(text: &str, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for word in words {
        for rest in text.split(word).skip(1) {
            let rest = rest.trim_start();
            let name = match rest.strip_prefix(['"', '\'']) {
                Some(quoted) => quoted.split(['"', '\'']).next(),
                None if word.ends_with('(') => rest.split(')').next(),
                None => None,
            };
            // Neither data nor another host.
            let name = name.filter(|name| name.contains('.') && !name.contains([':', ' ']));
            found.extend(name.map(str::to_owned));
        }
    }
    found
}

fn read(dist: &Path, name: &str) -> Result<String> {
    let path = dist.join(name);
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_names_comes_before_the_first_answer_and_what_follows_does_not() {
        let dist = tempfile::tempdir().expect("a folder");
        fs::create_dir(dist.path().join("weights")).expect("a folder");
        for (name, text) in [
            (
                "index.html",
                r#"<link rel="manifest" href="m.webmanifest" /><link rel="stylesheet" href="style-1.css" />
                <script type="module" src="start.js" data-js="app-1.js" data-wasm="app-1_bg.wasm"></script>
                <img src="sample.jpg">"#,
            ),
            (
                "style-1.css",
                r#"@import"more.css";a{src:url(fonts/a.woff2)}"#,
            ),
            (
                "start.js",
                r#"import{a}from"./client.js";await import(here("lazy-app.js"))"#,
            ),
            ("more.css", "@import url(other.css);"),
            ("other.css", ""),
            ("client.js", "import './words.js'"),
            ("words.js", ""),
            ("app-1.js", ""),
            ("cpu-worker.js", ""),
            ("worker.js", ""),
            (
                "weights/index.json",
                r#"{"networks":[{"file":"small.safetensors"},{"file":"large"}]}"#,
            ),
        ] {
            fs::write(dist.path().join(name), text).expect("a file");
        }
        let files = files(dist.path()).expect("all is there");
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        assert_eq!(
            files,
            [
                "app-1.js",
                "app-1_bg.wasm",
                "client.js",
                "cpu-worker.js",
                "cpu-worker_bg.wasm",
                "index.html",
                "more.css",
                "other.css",
                "start.js",
                "style-1.css",
                "weights/index.json",
                "weights/small.safetensors",
                "words.js",
                "worker.js",
            ]
        );
    }
}
