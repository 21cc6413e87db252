//! Prints how large the built site is, as a browser downloads it, and holds it to a budget.

use super::first_answer;
use anyhow::{Context, Result, ensure};
use brotli::enc::BrotliEncoderParams;
use std::{collections::BTreeSet, fs, path::Path};

/// Endings of the files that are code.
const CODE: [&str; 4] = ["css", "html", "js", "wasm"];

/// Endings of what is compressed already. Hosts send it as it is.
const COMPRESSED: [&str; 4] = ["jpg", "png", "webp", "woff2"];

/// The most bytes that a browser may download before the first answer to a JPEG: the page, its styles, fonts and
/// scripts, the worker, the list of networks, and the weights of its first one.
pub(crate) const BUDGET: usize = 300_000;

/// Prints the sizes of the code in `dist` in bytes, compressed with brotli as good hosts do, and of all that
/// comes before the first answer.
///
/// # Errors
///
/// If that is more than [`BUDGET`] and it is `limited`: without Node there is nothing that makes the code small,
/// and own networks may be large.
pub(super) fn report(dist: &Path, limited: bool) -> Result<()> {
    let needed = first_answer::files(dist)?;
    let mut files: BTreeSet<String> = needed.clone();
    for entry in fs::read_dir(dist).with_context(|| format!("cannot read {}", dist.display()))? {
        let name = entry?.file_name().into_string().unwrap_or_default();
        if ends_with(&name, &CODE) {
            files.insert(name);
        }
    }
    println!(
        "Code in {}, and what comes before the first answer (*), with brotli:",
        dist.display()
    );
    let mut first = 0;
    for name in &files {
        let size = size(&dist.join(name))?;
        let mark = if needed.contains(name) { '*' } else { ' ' };
        println!("{size:>10} bytes {mark} {name}");
        first += if needed.contains(name) { size } else { 0 };
    }
    let most = if limited {
        format!("; at most {BUDGET}")
    } else {
        String::new()
    };
    println!("{first:>10} bytes   before the first answer to a JPEG{most}");
    ensure!(
        first <= BUDGET || !limited,
        "a browser downloads {first} bytes before the first answer, and may download {BUDGET}: the files with \
         a star above. Make them smaller, or have the page load what no first answer needs behind it"
    );
    Ok(())
}

fn ends_with(name: &str, endings: &[&str]) -> bool {
    let ending = name.rsplit('.').next();
    ending.is_some_and(|ending| endings.contains(&ending))
}

/// A file's size in bytes, as a host sends it.
fn size(path: &Path) -> Result<usize> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    if ends_with(&path.to_string_lossy(), &COMPRESSED) {
        return Ok(bytes.len());
    }
    let mut compressed = Vec::new();
    // the default is quality 11, the best
    brotli::BrotliCompress(
        &mut &bytes[..],
        &mut compressed,
        &BrotliEncoderParams::default(),
    )?;
    Ok(compressed.len())
}
