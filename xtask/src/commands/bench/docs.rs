//! Where a bench keeps what it measured.

use crate::paths;
use anyhow::{Context, Result};
use std::fs;

/// Puts a table between the marks of a bench in docs/BENCHMARKS.md, such as `<!-- bench train -->`, and all figures
/// into a JSON file in docs/benchmarks.
///
/// # Errors
///
/// If the marks are missing, or a file cannot be read or written.
pub(super) fn write(bench: &str, table: &str, json: &str) -> Result<()> {
    let docs = paths::root().join("docs");
    let page = docs.join("BENCHMARKS.md");
    let text =
        fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
    let (begin, end) = (
        format!("<!-- bench {bench} -->"),
        format!("<!-- /bench {bench} -->"),
    );
    let whole = text.split_once(&begin).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(&end)?;
        Some(format!(
            "{before}{begin}\n\n{}\n\n{end}{after}",
            table.trim()
        ))
    });
    let whole = whole.with_context(|| format!("{} has no {begin} … {end}", page.display()))?;
    let figures = docs.join(format!("benchmarks/{bench}.json"));
    for (path, text) in [(page, whole.as_str()), (figures, json)] {
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        println!("Wrote {}", path.display());
    }
    Ok(())
}
