//! Builds the site: the programs, then each module of `site` finishes one part of it.

mod code;
mod colours;
mod content;
mod description;
pub(crate) mod development;
mod files;
mod first_answer;
mod icons;
mod offline;
mod pages;
pub(crate) mod program;
mod sizes;
mod weights;

use crate::{
    progress::Progress,
    tools::{
        esbuild, rust,
        wasm_opt::{self, WasmOpt},
    },
};
use anyhow::{Context, Result, ensure};
pub(crate) use content::Content;
use program::Program;
use sha2::{Digest, Sha256};
pub(crate) use sizes::BUDGET;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Builds the whole site of this `content` in release mode into the folder `out`. Installs the tools for that first.
///
/// `address` is where the site is going to be, for the picture of shared links.
pub(crate) fn build(content: &Content, address: Option<&str>, out: &Path) -> Result<()> {
    // Before the build, so that nobody waits minutes to hear of it.
    address.map_or(Ok(()), pages::check)?;
    content.check()?;
    replaceable(out)?;
    let mut builder = Builder::new()?;
    builder.make(|_| true)?;
    builder.assemble(content, address, out)?;
    let limited = builder.optimises() && !content.own_networks();
    sizes::report(out, limited)
}

/// Builds a site in release mode, all at once or in parts.
pub(crate) struct Builder {
    programs: Vec<Program>,
    wasm_opt: Option<WasmOpt>,
    esbuild: Option<PathBuf>,
    progress: Progress,
    /// The folders of the programs that have been made.
    made: Vec<PathBuf>,
}

impl Builder {
    /// Installs what is missing.
    pub(crate) fn new() -> Result<Self> {
        rust::ensure_wasm_target()?;
        Ok(Self {
            programs: program::all()?,
            wasm_opt: wasm_opt::ensure()?,
            esbuild: esbuild::ensure()?,
            progress: Progress::new(),
            made: Vec::new(),
        })
    }

    /// Whether the site will be as small as it can be.
    fn optimises(&self) -> bool {
        self.wasm_opt.is_some() && self.esbuild.is_some()
    }

    /// Compiles the `wanted` programs.
    pub(crate) fn make(&mut self, wanted: impl Fn(&Program) -> bool) -> Result<()> {
        let wanted: Vec<&Program> = self.programs.iter().filter(|it| wanted(it)).collect();
        let made = program::make(&wanted, self.wasm_opt.as_ref(), &self.progress)?;
        self.made.extend(made);
        Ok(())
    }

    /// Puts the site together from what has been made, in place of what is in the folder `out`.
    pub(crate) fn assemble(
        &self,
        content: &Content,
        address: Option<&str>,
        out: &Path,
    ) -> Result<()> {
        replaceable(out)?;
        // Beside it, so that it can be renamed.
        let mut stage = out.as_os_str().to_owned();
        stage.push(".stage");
        let stage = PathBuf::from(stage);
        remove(&stage)?;
        files::copy_static(content, address, &stage)?;
        files::copy_programs(&self.made, &stage)?;
        if let Some(esbuild) = &self.esbuild {
            esbuild::minify(esbuild, &stage)?;
        }
        files::finish_html(&stage)?;
        code::check(&self.programs, &stage)?;
        offline::list(&stage)?;
        remove(out)?;
        fs::rename(&stage, out).with_context(|| format!("cannot write {}", out.display()))
    }
}

/// Refuses a folder that holds something else than a site: it would be lost.
fn replaceable(out: &Path) -> Result<()> {
    let holds =
        out.exists() && fs::read_dir(out).map_or(true, |mut entries| entries.next().is_some());
    ensure!(
        !holds || out.join("weights/index.json").is_file(),
        "{} holds something else than a site, which the site would replace; choose an empty folder or a new one",
        out.display()
    );
    Ok(())
}

/// Removes a folder, if it is there.
fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

/// The first 64 bits of the SHA-256, in hexadecimal: enough to tell files apart.
fn hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
