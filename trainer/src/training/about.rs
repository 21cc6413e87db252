use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::{EpochLog, RECIPE, Recipe};
use crate::dataset::write_whole;

/// `run.json`: what a run was trained on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Content hash of the dataset.
    pub dataset: String,
    /// Version of Marquee.
    pub marquee: String,
    /// Where the weights come from that it started from, unless those were random, in a few words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// What taught it, where something did, in a few words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teacher: Option<String>,
    /// The commands that made these two, as their files say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<String>,
    /// What computed.
    pub device: String,
}

impl About {
    /// Reads a run's `run.json`.
    ///
    /// # Errors
    ///
    /// Where it cannot be read.
    pub fn read(run: &Path) -> Result<About> {
        let path = run.join("run.json");
        let shown = path.display();
        let json = fs::read(&path).with_context(|| {
            format!("cannot read {shown}; name a run that `marquee train` made with --run")
        })?;
        serde_json::from_slice(&json).with_context(|| format!("{shown} is no run's"))
    }

    pub(super) fn write(&self, run: &Path) -> Result<()> {
        let json = serde_json::to_string_pretty(self)? + "\n";
        write_whole(&run.join("run.json"), json.as_bytes())
    }
}

/// All that a run's folder says of how its network was trained.
#[derive(Clone, Debug)]
pub struct Run {
    /// What it did.
    pub recipe: Recipe,
    /// From what, and on what machine.
    pub info: About,
    /// How it went; empty where nobody knows.
    pub epochs: Vec<EpochLog>,
}

impl Run {
    /// Reads a run's folder.
    ///
    /// # Errors
    ///
    /// Where its recipe or its `run.json` is missing, or one of its files cannot be read.
    pub fn read(folder: &Path) -> Result<Run> {
        Ok(Run {
            recipe: Recipe::read(&folder.join(RECIPE))?,
            info: About::read(folder)?,
            epochs: EpochLog::read_all(folder)?.unwrap_or_default(),
        })
    }
}
