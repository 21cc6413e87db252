//! Builds the site for `cargo xtask dev`: what is built for a release, as fast as it can be done.

use super::{
    content::Content,
    files,
    program::{self, Program},
};
use crate::{paths, run, tools::rust};
use anyhow::Result;
use std::{fs, path::Path};

/// Builds the site of this `content` into `folder`. Only programs that have changed are built again; those for `later` only if
/// they are wanted.
///
/// # Errors
///
/// If a program does not compile or a file cannot be copied.
pub(crate) fn build(content: &Content, folder: &Path, later: bool) -> Result<()> {
    rust::ensure_wasm_target()?;
    let mut programs = program::all()?;
    // These hold the same code; while they are missing, the others are used.
    programs.retain(|program| !program.relaxed);
    let (others, built): (Vec<_>, Vec<_>) =
        programs.iter().partition(|program| program.later && !later);
    compile(folder, &built)?;
    for program in others {
        for file in program.files() {
            let from = paths::dist().join(&file);
            if from.is_file() {
                files::copy(&from, &folder.join(file))?;
            }
        }
    }
    files::copy_static(content, None, folder)?;
    // It would keep what is going to change.
    fs::remove_file(folder.join("service-worker.js"))?;
    Ok(())
}

/// Compiles the programs and writes them into `folder`, with the modules that start them.
fn compile(folder: &Path, programs: &[&Program]) -> Result<()> {
    let mut cargo = run::cargo("build --quiet --package marquee-app --target");
    cargo.arg(rust::WASM);
    for program in programs {
        cargo.args(["--bin", &program.name]);
        cargo.args(["--features", &program.features.join(",")]);
    }
    run::run(&mut cargo)?;
    let compiled = paths::target()?.join(rust::WASM).join("debug");
    for program in programs {
        let compiled = compiled.join(&program.name).with_extension("wasm");
        let [_, bound] = program.files();
        let changed = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
        if changed(&folder.join(bound)) <= changed(&compiled) {
            program.bind(&compiled, folder, false)?;
        }
    }
    Ok(())
}
