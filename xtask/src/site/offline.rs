//! Writes the list of the built site's files into the service worker's script: it keeps these for
//! visits without a network.

use super::hash;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, path::Path};

/// The service worker's script in the built site.
const SCRIPT: &str = "service-worker.js";

/// The line of the script that the list replaces.
const PLACE: &str = "const SITE = null;";

/// Files that no visit needs. The types are for programmers, and browsers ask for the script itself
/// at each visit.
const LEFT_OUT: [&str; 2] = ["marquee.d.ts", SCRIPT];

/// Writes the list into the script in `dist`, with a version that changes when any file changes.
///
/// The list's `first` files are kept at the first visit: all but the GPU worker and the networks
/// after the first of `weights/index.json`. Those follow when the browser has nothing else to do.
///
/// # Errors
///
/// If a file can't be read or written, or the script has no place for the list.
pub(super) fn list(dist: &Path) -> Result<()> {
    let mut files = BTreeMap::new();
    collect(dist, dist, &mut files)?;
    let index: Value = serde_json::from_slice(&read(&dist.join("weights/index.json"))?)
        .context("weights/index.json is not a list of networks")?;
    let first_network = index["networks"][0]["file"].as_str();
    let first_network = first_network.context("weights/index.json lists no network")?;
    let needed = |path: &&String| match path.strip_prefix("weights/") {
        Some(file) => file == first_network || !file.ends_with(".safetensors"),
        None => !path.starts_with("gpu-worker"),
    };
    let first: Vec<&String> = files.keys().filter(needed).collect();
    let version = hash(json!(files).to_string().as_bytes());
    let site = json!({ "version": version, "first": first, "files": files });

    let script = dist.join(SCRIPT);
    let text = String::from_utf8(read(&script)?).context("the service worker is not text")?;
    ensure!(
        text.contains(PLACE),
        "{} has no line {PLACE:?}",
        script.display()
    );
    let text = text.replace(PLACE, &format!("const SITE = {site};"));
    fs::write(&script, text).with_context(|| format!("cannot write {}", script.display()))
}

/// Adds every file below `folder` to `files`: its path in a URL, and its hash.
fn collect(dist: &Path, folder: &Path, files: &mut BTreeMap<String, String>) -> Result<()> {
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?
    {
        let path = entry?.path();
        if path.is_dir() {
            collect(dist, &path, files)?;
            continue;
        }
        let names = path.strip_prefix(dist)?.iter();
        let names: Option<Vec<&str>> = names.map(|name| name.to_str()).collect();
        let url = names.context("a file's name is not Unicode")?.join("/");
        if !LEFT_OUT.contains(&url.as_str()) {
            files.insert(url, hash(&read(&path)?));
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_names_every_file_and_changes_with_each() {
        let dist = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            let path = dist.path().join(name);
            fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
            fs::write(path, text).expect("a file");
        };
        let site = || -> Value {
            write(SCRIPT, "// before\nconst SITE = null;\n// after\n");
            list(dist.path()).expect("it can be listed");
            let text = fs::read_to_string(dist.path().join(SCRIPT)).expect("it is there");
            let line = text.lines().nth(1).expect("the list");
            let line = line.strip_prefix("const SITE = ").expect("a constant");
            serde_json::from_str(line.trim_end_matches(';')).expect("JSON")
        };
        write("index.html", "the page");
        write("gpu-worker.js", "large");
        write("marquee.d.ts", "types");
        let networks = json!({ "networks": [{ "file": "small.safetensors" }, { "file": "large.safetensors" }] });
        write("weights/index.json", &networks.to_string());
        write("weights/small.safetensors", "1");
        write("weights/large.safetensors", "2");

        let before = site();
        let files = before["files"].as_object().expect("an object");
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "gpu-worker.js",
                "index.html",
                "weights/index.json",
                "weights/large.safetensors",
                "weights/small.safetensors",
            ]
        );
        assert_eq!(
            before["first"],
            json!([
                "index.html",
                "weights/index.json",
                "weights/small.safetensors"
            ])
        );
        assert_eq!(site()["version"], before["version"]);

        write("gpu-worker.js", "larger");
        let after = site();
        assert_ne!(after["version"], before["version"]);
        assert_ne!(
            after["files"]["gpu-worker.js"],
            before["files"]["gpu-worker.js"]
        );
        assert_eq!(after["files"]["index.html"], before["files"]["index.html"]);
    }
}
