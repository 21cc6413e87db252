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

use anyhow::{Context, Result, ensure};
use marquee_models::hidden::is_hidden;

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

/// How many names of files an error shows.
const SHOWN: usize = 3;

/// Trains a network by a recipe, and writes it into the folder `run`.
///
/// `report` gets the log of each epoch. `stop` is asked before each batch, and before an epoch is evaluated: from
/// when it says true, it must always say so. Then training ends and writes a checkpoint, which `resume` continues
/// from.
///
/// # Errors
///
/// If the folder holds another run, one that was not to be resumed, or what is no run's; if the recipe has an impossible
/// value, or a file that it names cannot be used; if a file cannot be written, or the loss is no
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
    recipe.check()?;
    if checkpoint.exists() {
        ensure!(
            resume,
            "{} already holds a run; continue it with --resume, or name another --out",
            run.display()
        );
        let progress = checkpoint.progress()?;
        progress.check(&dataset.summary().hash, recipe)?;
    } else {
        refuse_others(run, resume)?;
        if resume {
            eprintln!(
                "there is no run to resume in {}, so one begins",
                run.display()
            );
        }
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

/// Refuses a folder with something that the run would replace, or that a run does not make: a dataset, say.
fn refuse_others(run: &Path, resume: bool) -> Result<()> {
    let Ok(entries) = fs::read_dir(run) else {
        return Ok(());
    };
    let names = entries.flatten().map(|entry| entry.file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    // what a run leaves that is killed before its first checkpoint
    let in_first_epoch = resume
        && run.join(RunInfo::FILE).is_file()
        && EpochLog::read_all(run)?.is_none_or(|epochs| epochs.len() < 2);
    let begun = |name: &str| {
        let own = [
            Recipe::FILE,
            RunInfo::FILE,
            EpochLog::FILE,
            tensorboard::FILE,
        ];
        own.contains(&name)
            || (name == BEST && in_first_epoch)
            || name.starts_with("checkpoint.")
            || name.ends_with(".partial")
            || is_hidden(name)
    };
    let mut others: Vec<String> = names.filter(|name| !begun(name)).collect();
    others.sort();
    let shown = others.iter().take(SHOWN).map(String::as_str);
    let mut shown = shown.collect::<Vec<_>>().join(", ");
    if others.len() > SHOWN {
        shown += &format!(" and {} more", others.len() - SHOWN);
    }
    ensure!(
        others.is_empty(),
        "{} holds no run that can be resumed, but {shown}; name another --out, so that nothing is lost",
        run.display()
    );
    Ok(())
}
