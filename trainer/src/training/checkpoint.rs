use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::store::ModuleRecord;
use marquee_models::burn::Net;
use marquee_models::file::Weights;
use marquee_models::network::Network;
use serde::{Deserialize, Serialize};

use super::Recipe;

/// The file of the moving average.
const AVERAGE: &str = "average.safetensors";

/// Where a run stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Progress {
    /// What was asked for; a run goes on only with the same.
    pub recipe: Recipe,
    /// Content hash of the dataset.
    pub dataset: String,
    /// SHA-256 of the file of weights that the run started from, where it did not start at random.
    #[serde(default)]
    pub start: Option<String>,
    /// Epochs that are done.
    pub epoch: usize,
    /// Batches of the next epoch that are done.
    pub step: usize,
    /// The best epoch's score, the higher the better, and which epoch it was.
    pub best: Option<(f64, usize)>,
    /// What a plateau has made of the learning rate, as a factor.
    pub rate: f64,
    /// Epochs since it last changed, or since something better.
    pub waited: usize,
}

/// All that changes while a network is trained.
pub(super) struct State {
    pub net: Net,
    pub optimizer: ModuleOptimizer,
    /// The moving average of the weights, where the recipe asks for one.
    pub average: Option<Weights>,
    pub progress: Progress,
}

/// A folder that holds all that a run needs to go on exactly as if it had not been interrupted.
pub(super) struct Checkpoint {
    folder: PathBuf,
}

impl Checkpoint {
    pub(super) fn new(run: &Path) -> Checkpoint {
        Checkpoint {
            folder: run.join("checkpoint"),
        }
    }

    pub(super) fn exists(&self) -> bool {
        self.folder.join("progress.json").is_file()
    }

    /// Writes beside its place and renames: the checkpoint is always a whole one.
    pub(super) fn save(&self, state: &State, network: &Network) -> Result<()> {
        let beside = self.folder.with_extension("partial");
        let write = || -> Result<()> {
            if beside.exists() {
                fs::remove_dir_all(&beside)?;
            }
            fs::create_dir_all(&beside)?;
            let net = state.net.clone();
            net.into_record().save(beside.join("network"))?;
            state.optimizer.save(beside.join("optimizer"))?;
            if let Some(average) = &state.average {
                fs::write(beside.join(AVERAGE), average.to_bytes(network))?;
            }
            fs::write(
                beside.join("progress.json"),
                serde_json::to_vec_pretty(&state.progress)?,
            )?;
            if self.folder.exists() {
                fs::remove_dir_all(&self.folder)?;
            }
            fs::rename(&beside, &self.folder)?;
            Ok(())
        };
        write().with_context(|| format!("cannot write the checkpoint {}", self.folder.display()))
    }

    /// What was saved, in place of what is `fresh`.
    pub(super) fn load(&self, fresh: State) -> Result<State> {
        let read = || -> Result<_> {
            let progress = fs::read(self.folder.join("progress.json"))?;
            let record = ModuleRecord::load(self.folder.join("network"))?;
            let average = match fresh.average {
                Some(_) => Some(Weights::from_bytes(&fs::read(self.folder.join(AVERAGE))?)?),
                None => None,
            };
            Ok(State {
                net: fresh.net.try_load_record(record)?,
                optimizer: fresh.optimizer.load(self.folder.join("optimizer"))?,
                average,
                progress: serde_json::from_slice(&progress)?,
            })
        };
        read().with_context(|| {
            format!(
                "cannot read the checkpoint {}; start again without --resume",
                self.folder.display()
            )
        })
    }
}
