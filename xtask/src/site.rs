//! Builds the site: the programs, then each module of `site` finishes one part of it.

mod code;
pub(crate) mod development;
mod files;
mod first_answer;
mod link_preview;
mod offline;
pub(crate) mod program;
mod sizes;
mod weights;

use crate::{
    paths,
    progress::Progress,
    tools::{
        esbuild, rust,
        wasm_opt::{self, WasmOpt},
    },
};
use anyhow::{Context, Result};
use program::Program;
use sha2::{Digest, Sha256};
pub(crate) use sizes::BUDGET;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Builds the whole site in release mode into dist/. Installs the tools for that first.
///
/// `address` is where the site is going to be, for the picture of shared links.
pub(crate) fn build(address: Option<&str>) -> Result<()> {
    // Before the build, so that nobody waits minutes to hear of it.
    address.map_or(Ok(()), link_preview::check)?;
    let mut builder = Builder::new()?;
    builder.make(|_| true)?;
    builder.assemble(address)?;
    sizes::report(&paths::dist(), builder.optimises())
}

/// Builds the site in release mode into dist/, all at once or in parts.
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

    /// Puts the site together from what has been made, in place of the one in dist/.
    pub(crate) fn assemble(&self, address: Option<&str>) -> Result<()> {
        let stage = paths::root().join(".stage");
        remove(&stage)?;
        files::copy_static(&stage)?;
        files::copy_programs(&self.made, &stage)?;
        if let Some(esbuild) = &self.esbuild {
            esbuild::minify(esbuild, &stage)?;
        }
        files::finish_html(&stage)?;
        if let Some(address) = address {
            link_preview::add(&stage.join("index.html"), address)?;
        }
        code::check(&self.programs, &stage)?;
        weights::add_hashes(&stage)?;
        offline::list(&stage)?;
        let dist = paths::dist();
        remove(&dist)?;
        fs::rename(&stage, &dist).with_context(|| format!("cannot write {}", dist.display()))
    }
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
