use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::log::EpochLog;
use super::recipe::Recipe;
use crate::files::write_whole;

/// Name of the trained network's file in a run's folder.
pub const BEST: &str = "best.safetensors";

/// `run.json`: what a run was trained on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunInfo {
    /// Content hash of the dataset.
    pub dataset: String,
    /// Version of Marquee.
    pub marquee: String,
    /// Where the weights that it started from come from, in a few words; `None` if all were random.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// Content hash of the dataset that these weights were trained on, if it is another one and the file says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_dataset: Option<String>,
    /// The teacher, in a few words, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teacher: Option<String>,
    /// The commands that made the files of these two, as far as the files say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<String>,
    /// The device that it was trained on, such as `CPU`.
    pub device: String,
}

impl RunInfo {
    pub(super) const FILE: &str = "run.json";

    /// Reads a run's `run.json`.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn read(run: &Path) -> Result<RunInfo> {
        let path = run.join(RunInfo::FILE);
        let shown = path.display();
        let json = fs::read(&path).with_context(|| {
            format!("cannot read {shown}; name a run that `marquee train` made with --run")
        })?;
        serde_json::from_slice(&json).with_context(|| format!("{shown} does not describe a run"))
    }

    pub(super) fn write(&self, run: &Path) -> Result<()> {
        let json = serde_json::to_string_pretty(self)? + "\n";
        write_whole(&run.join(RunInfo::FILE), json.as_bytes())
    }
}

/// All that a run's folder says about the training of its network.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its recipe.
    pub recipe: Recipe,
    /// Its `run.json`.
    pub info: RunInfo,
    /// The logs of its epochs; empty if it has no log.
    pub epochs: Vec<EpochLog>,
}

impl Run {
    /// Reads a run's folder.
    ///
    /// # Errors
    ///
    /// If its recipe or its `run.json` is missing, or one of its files cannot be read.
    pub fn read(folder: &Path) -> Result<Run> {
        Ok(Run {
            recipe: Recipe::read(&folder.join(Recipe::FILE))?,
            info: RunInfo::read(folder)?,
            epochs: EpochLog::read_all(folder)?.unwrap_or_default(),
        })
    }
}
