//! Builds the site for `cargo xtask dev`: what trunk does for a release, as fast as it can be done.

use crate::{paths, run, tools::rust};
use anyhow::{Context, Result};
use std::{collections::HashMap, fs, path::Path, process::Command};

/// The GPU worker, whose dependencies take minutes to compile.
const GPU_WORKER: &str = "gpu-worker";

/// The beginning of a tag in www/index.html that tells trunk what belongs to the site.
const ASSET: &str = "<link data-trunk";

/// An asset's attributes.
type Asset<'html> = HashMap<&'html str, &'html str>;

/// Builds the site into `folder`. Only programs that have changed are built again.
///
/// # Errors
///
/// If a program does not compile or a file cannot be copied.
pub(crate) fn build(folder: &Path, gpu: bool) -> Result<()> {
    let www = paths::root().join("www");
    let index = www.join("index.html");
    let html =
        fs::read_to_string(&index).with_context(|| format!("cannot read {}", index.display()))?;
    let html = html.split_whitespace().collect::<Vec<_>>().join(" ");
    let (assets, page) = take_assets(&html);
    let (programs, files): (Vec<_>, Vec<_>) =
        assets.into_iter().partition(|asset| asset["rel"] == "rust");
    programs_into(folder, &programs, gpu)?;
    for asset in files {
        let from = www.join(asset["href"]);
        // It would keep what is going to change.
        if !from.ends_with("service-worker.js") {
            copy(&from, &folder.join(from.file_name().unwrap_or_default()))?;
        }
    }
    fs::write(folder.join("index.html"), page).context("cannot write index.html")
}

/// Compiles the programs and writes them into `folder`, with the modules that start them.
fn programs_into(folder: &Path, programs: &[Asset], gpu: bool) -> Result<()> {
    rust::ensure_wasm_target()?;
    let wasm_bindgen = rust::ensure_wasm_bindgen()?;
    let (others, built): (Vec<_>, Vec<_>) = programs
        .iter()
        .partition(|program| program["data-bin"] == GPU_WORKER && !gpu);
    let mut cargo = run::cargo("build --quiet --package marquee-app --target");
    cargo.arg(rust::WASM);
    for program in &built {
        cargo.args(["--bin", program["data-bin"]]);
        cargo.args(["--features", program["data-cargo-features"]]);
    }
    run::run(&mut cargo)?;
    let compiled = paths::target()?.join(rust::WASM).join("debug");
    for program in built {
        let name = program["data-bin"];
        let wasm = compiled.join(name).with_extension("wasm");
        let bound = folder.join(format!("{name}_bg.wasm"));
        let changed = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
        if changed(&bound) > changed(&wasm) {
            continue;
        }
        // As trunk does: a worker is a script, unless it is said to be a module.
        let kind = match program.get("data-type") {
            Some(_) => program.get("data-bindgen-target").unwrap_or(&"no-modules"),
            None => "web",
        };
        run::run(
            Command::new(&wasm_bindgen)
                .arg(wasm)
                .args(["--no-typescript", "--target", kind, "--out-name", name])
                .arg("--out-dir")
                .arg(folder),
        )?;
    }
    for program in others {
        let name = program["data-bin"];
        for file in [format!("{name}.js"), format!("{name}_bg.wasm")] {
            let from = paths::dist().join(&file);
            if from.is_file() {
                copy(&from, &folder.join(file))?;
            }
        }
    }
    Ok(())
}

/// The assets that a page names, and the page as browsers get it.
fn take_assets(html: &str) -> (Vec<Asset<'_>>, String) {
    let mut parts = html.split(ASSET);
    let mut page = parts.next().unwrap_or_default().to_owned();
    let mut assets = Vec::new();
    for part in parts {
        let (tag, rest) = part.split_once('>').unwrap_or((part, ""));
        let asset: Asset = tag
            .split('"')
            .collect::<Vec<_>>()
            .chunks_exact(2)
            .map(|pair| (pair[0].trim().trim_end_matches('='), pair[1]))
            .collect();
        if asset.get("rel") == Some(&"css") {
            page += &format!(r#"<link rel="stylesheet" href="{}">"#, asset["href"]);
        } else if asset.get("rel") == Some(&"rust") && !asset.contains_key("data-type") {
            // Trunk.toml's pattern_script.
            let name = asset["data-bin"];
            page += &format!(
                r#"<script type="module" src="start.js" data-js="{name}.js" data-wasm="{name}_bg.wasm"></script>"#
            );
        }
        page += rest;
        assets.push(asset);
    }
    (assets, page)
}

/// Copies a file, or a folder with all that is in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let copied = if from.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
        Ok(())
    } else {
        fs::copy(from, to).map(|_| ())
    };
    copied.with_context(|| format!("cannot copy {}", from.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_are_taken_out_of_the_page() {
        let html = concat!(
            r#"<title>a</title><link data-trunk rel="css" href="style.css" />"#,
            r#"<link data-trunk rel="rust" data-bin="first" data-cargo-features="a" />"#,
            r#"<link data-trunk rel="rust" data-type="worker" data-bin="second" />"#,
            r#"<link data-trunk rel="copy-dir" href="icons" /><body>"#,
        );
        let (assets, page) = take_assets(html);
        let kinds: Vec<&str> = assets.iter().map(|asset| asset["rel"]).collect();
        assert_eq!(kinds, ["css", "rust", "rust", "copy-dir"]);
        assert_eq!(assets[1]["data-cargo-features"], "a");
        assert_eq!(
            page,
            concat!(
                r#"<title>a</title><link rel="stylesheet" href="style.css">"#,
                r#"<script type="module" src="start.js" data-js="first.js" data-wasm="first_bg.wasm"></script>"#,
                "<body>"
            )
        );
    }
}
