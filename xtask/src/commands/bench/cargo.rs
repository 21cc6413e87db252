//! Runs a bench of the trainer.

use super::docs;
use crate::{paths, run};
use anyhow::{Context, Result};
use std::fs;

/// Runs `target`, one of the trainer's benches, with these options. With `write`, its table and figures go where those
/// of the bench of `cargo xtask` with this name are.
///
/// # Errors
///
/// If it fails, or its files cannot be read or written.
pub(super) fn bench(
    name: &str,
    target: &str,
    options: &[(&str, String)],
    write: bool,
) -> Result<()> {
    let folder = paths::scratch()?.join(format!("bench-{name}"));
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut cargo = run::cargo("bench -p marquee-trainer --no-default-features --bench");
    cargo.args([target, "--"]);
    for (option, value) in options {
        cargo.args([option, value.as_str()]);
    }
    run::run(cargo.arg("--out").arg(&folder))?;
    if write {
        let read = |file: &str| {
            let path = folder.join(file);
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
        };
        docs::write(name, &read("table.md")?, &read(&format!("{name}.json"))?)?;
    }
    Ok(())
}
