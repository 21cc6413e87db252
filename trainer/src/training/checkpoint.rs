use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use burn::module::Module;
use burn::store::ModuleRecord;
use marquee_models::file::Weights;
use marquee_models::network::Network;

use super::state::{Progress, State};

/// The file of a run's progress.
const PROGRESS: &str = "progress.json";

/// The file of the moving average.
const AVERAGE: &str = "average.safetensors";

/// A folder with all that a run needs to continue as if it had not been interrupted.
pub(super) struct Checkpoint {
    folder: PathBuf,
}

impl Checkpoint {
    pub(super) fn new(run: &Path) -> Checkpoint {
        let checkpoint = Checkpoint {
            folder: run.join("checkpoint"),
        };
        // a process that ended between two renames left the older checkpoint under this name
        if !checkpoint.folder.exists() {
            _ = fs::rename(checkpoint.before(), &checkpoint.folder);
        }
        checkpoint
    }

    /// Where the checkpoint is while a newer one takes its place.
    fn before(&self) -> PathBuf {
        self.folder.with_extension("before")
    }

    pub(super) fn exists(&self) -> bool {
        self.folder.join(PROGRESS).is_file()
    }

    /// Writes another folder and renames it, so that there is always a complete checkpoint, whenever the process ends.
    pub(super) fn save(&self, state: &State, network: &Network) -> Result<()> {
        let beside = self.folder.with_extension("partial");
        let write = || -> Result<()> {
            if beside.exists() {
                fs::remove_dir_all(&beside)?;
            }
            fs::create_dir_all(&beside)?;
            // `valid` takes over batch norm's statistics of the last batch, which a record would leave out
            let net = state.net.valid();
            net.into_record().save(beside.join("network"))?;
            state.optimizer.save(beside.join("optimizer"))?;
            if let Some(average) = &state.average {
                fs::write(
                    beside.join(AVERAGE),
                    average.weights(network).to_bytes(network),
                )?;
            }
            fs::write(
                beside.join(PROGRESS),
                serde_json::to_vec_pretty(&state.progress)?,
            )?;
            let before = self.before();
            if self.folder.exists() {
                fs::rename(&self.folder, &before)?;
            }
            fs::rename(&beside, &self.folder)?;
            if before.exists() {
                fs::remove_dir_all(&before)?;
            }
            Ok(())
        };
        write().with_context(|| format!("cannot write the checkpoint {}", self.folder.display()))
    }

    /// How far the run is, and how it was begun.
    pub(super) fn progress(&self) -> Result<Progress> {
        let read = || -> Result<_> {
            let progress = fs::read(self.folder.join(PROGRESS))?;
            Ok(serde_json::from_slice(&progress)?)
        };
        read().with_context(|| self.cannot_read())
    }

    /// Loads what was saved into a `fresh` state, which has the recipe of the run.
    pub(super) fn load(&self, fresh: State, network: &Network) -> Result<State> {
        let progress = self.progress()?;
        let read = || -> Result<_> {
            let record = ModuleRecord::load(self.folder.join("network"))?;
            let average = match fresh.average {
                Some(average) => {
                    let weights = Weights::from_bytes(&fs::read(self.folder.join(AVERAGE))?)?;
                    let devices = average.devices();
                    Some(average.with_weights(network, &weights, &devices[0]))
                }
                None => None,
            };
            Ok(State {
                net: fresh.net.try_load_record(record)?,
                optimizer: fresh.optimizer.load(self.folder.join("optimizer"))?,
                average,
                progress,
            })
        };
        read().with_context(|| self.cannot_read())
    }

    fn cannot_read(&self) -> String {
        format!(
            "cannot read the checkpoint {}, so the run cannot be resumed; name another --out to begin another one",
            self.folder.display()
        )
    }
}
