//! Prints how large the built site is, as a browser downloads it, and holds it to a budget.

use anyhow::{Context, Result, ensure};
use brotli::enc::BrotliEncoderParams;
use std::{fs, path::Path};

/// Endings of the files that are code.
const CODE: [&str; 4] = ["css", "html", "js", "wasm"];

/// Beginnings of the names of the files that a browser needs before the first answer to a JPEG. The
/// weights come on top.
const FIRST: [&str; 8] = [
    "cpu-worker",
    "index",
    "initial-app",
    "sign-",
    "start",
    "style-",
    "theme",
    "worker",
];

/// The most bytes that those files may take.
const BUDGET: usize = 206_000;

/// Prints the sizes of the code in `dist` in bytes, compressed with brotli as good hosts do.
///
/// # Errors
///
/// If the files for the first answer take more than [`BUDGET`] and the code is `optimised`: without
/// Node there is nothing that makes it small.
pub(super) fn report(dist: &Path, optimised: bool) -> Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dist).with_context(|| format!("cannot read {}", dist.display()))? {
        let path = entry?.path();
        let ending = path.extension().and_then(|ending| ending.to_str());
        let name = path.file_name().and_then(|name| name.to_str());
        if let (Some(name), Some(ending)) = (name, ending)
            && CODE.contains(&ending)
        {
            files.push((name.to_owned(), brotli_size(&path)?));
        }
    }
    files.sort();
    println!("Code in {}, with brotli:", dist.display());
    for (name, size) in &files {
        println!("{size:>10} bytes  {name}");
    }
    let first = files
        .iter()
        .filter(|(name, _)| FIRST.iter().any(|start| name.starts_with(start)));
    let first: usize = first.map(|(_, size)| size).sum();
    println!("{first:>10} bytes  before the first answer to a JPEG, weights apart");
    ensure!(
        first <= BUDGET || !optimised,
        "the first answer takes more than its budget of {BUDGET} bytes"
    );
    Ok(())
}

fn brotli_size(path: &Path) -> Result<usize> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut compressed = Vec::new();
    // the default is quality 11, the best
    brotli::BrotliCompress(
        &mut &bytes[..],
        &mut compressed,
        &BrotliEncoderParams::default(),
    )?;
    Ok(compressed.len())
}
