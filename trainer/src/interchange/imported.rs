//! What a file of imported weights says about their training.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::files::write_whole;
use crate::training::Provenance;

/// `import.json`, beside imported weights: what their file said about their training. Everything may be
/// unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Imported {
    /// The command that trained them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Where the weights that training started from come from, in a few words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// The teacher, in a few words, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teacher: Option<String>,
}

impl Imported {
    pub(super) fn of(provenance: &Provenance) -> Imported {
        let text = |key| provenance.get(key).map(str::to_owned);
        Imported {
            command: text("command"),
            start: text("source"),
            teacher: text("teacher"),
        }
    }

    /// Writes the file into the folder of the imported network, if anything is known.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn write(&self, network: &Path) -> Result<()> {
        if *self == Imported::default() {
            return Ok(());
        }
        let json = serde_json::to_string_pretty(self)? + "\n";
        write_whole(&beside(network), json.as_bytes())
    }

    /// Reads the file in the folder of an imported network. Nothing is known if there is none.
    ///
    /// # Errors
    ///
    /// If it is there and cannot be read.
    pub fn read(network: &Path) -> Result<Imported> {
        let path = beside(network);
        if !path.exists() {
            return Ok(Imported::default());
        }
        let shown = path.display();
        let json = std::fs::read(&path).with_context(|| format!("cannot read {shown}"))?;
        serde_json::from_slice(&json)
            .with_context(|| format!("{shown} does not describe imported weights"))
    }
}

fn beside(network: &Path) -> PathBuf {
    network.with_file_name("import.json")
}
