//! Training: from a dataset to a folder with a trained network.
//!
//! | file of a run | what it is |
//! |---|---|
//! | `best.safetensors` | the network of the best epoch on the validation split, see [`Watch`] |
//! | `recipe.toml` | the [`Recipe`], which `--recipe` reads again |
//! | `run.json` | [`RunInfo`]: dataset, version of Marquee, device, start and teacher |
//! | `log.jsonl` | an [`EpochLog`] on each line |
//! | `events.out.tfevents.marquee` | the same, for TensorBoard |
//! | `checkpoint/` | what `--resume` continues from |

mod augment;
mod checkpoint;
mod data_loader;
mod distillation;
mod example;
mod initial_weights;
mod log;
mod objective;
mod provenance;
mod recipe;
mod run;
mod schedule;
mod state;
mod tensorboard;
mod trainer;
mod watch;

pub use augment::Augment;
pub use log::{EpochLog, SplitLog};
pub(crate) use provenance::Provenance;
pub use recipe::Recipe;
pub use run::{BEST, Run, RunInfo};
pub use schedule::Schedule;
pub(crate) use trainer::score_scale;
pub use watch::Watch;

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::dataset::Dataset;
use crate::device::ComputeDevice;
use crate::files::write_whole;
use checkpoint::Checkpoint;
use trainer::Trainer;

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// All epochs are done, or the network stopped improving.
    Finished {
        /// The file of the trained network.
        best: PathBuf,
    },
    /// It was told to stop. `--resume` continues it.
    Interrupted,
}

/// Trains a network by a recipe, and writes it into the folder `run`.
///
/// `report` gets the log of each epoch. `stop` is asked before each batch, and before an epoch is evaluated: from
/// when it says true, it must always say so. Then training ends and writes a checkpoint, which `resume` continues
/// from.
///
/// # Errors
///
/// If the folder holds another run, or one that was not to be resumed; if the recipe's network is
/// unknown, or a file that it names cannot be used; if a file cannot be written, or the loss is no
/// longer a number.
pub fn train(
    recipe: &Recipe,
    dataset: &mut Dataset,
    run: &Path,
    resume: bool,
    device: &ComputeDevice,
    stop: impl Fn() -> bool,
    mut report: impl FnMut(&EpochLog),
) -> Result<Outcome> {
    let checkpoint = Checkpoint::new(run);
    if checkpoint.exists() && !resume {
        bail!(
            "{} already holds a run; continue it with --resume, or name another --out",
            run.display()
        );
    }
    let trainer = Trainer::new(recipe, dataset, device)?;
    if !resume || !checkpoint.exists() {
        trainer.announce_start();
    }
    fs::create_dir_all(run).with_context(|| format!("cannot make {}", run.display()))?;
    let mut state = trainer.start(&checkpoint)?;
    write_whole(&run.join(Recipe::FILE), recipe.to_toml().as_bytes())?;
    trainer.info.write(run)?;
    EpochLog::forget_after(run, state.progress.epoch)?;

    while state.progress.epoch < recipe.epochs && !state.progress.is_out_of_patience(recipe) {
        let started = Instant::now();
        state = match trainer.epoch(state, &stop)? {
            ControlFlow::Continue(state) => state,
            ControlFlow::Break(state) => {
                checkpoint.save(&state, &trainer.network)?;
                return Ok(Outcome::Interrupted);
            }
        };
        state.progress.epoch += 1;
        state.progress.step = 0;

        let log = trainer.finish_epoch(&mut state, run, started)?;
        log.append(run)?;
        checkpoint.save(&state, &trainer.network)?;
        report(&log);
    }
    Ok(Outcome::Finished {
        best: run.join(BEST),
    })
}
