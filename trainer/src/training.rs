//! Training: from a dataset to a folder with a trained network.
//!
//! | file of a run | what it is |
//! |---|---|
//! | `best.safetensors` | the network of the best epoch on the validation split, see [`Watch`] |
//! | `recipe.toml` | the [`Recipe`], which `--recipe` takes again |
//! | `run.json` | [`About`]: what it was trained on, by which version, on which device |
//! | `log.jsonl` | an [`EpochLog`] a line |
//! | `checkpoint/` | what `--resume` goes on from |

mod about;
mod augment;
mod batch;
mod checkpoint;
mod log;
mod objective;
mod recipe;
mod start;
mod teacher;

pub use about::{About, Run};
pub use augment::Augment;
pub use log::{EpochLog, SplitLog};
pub use recipe::{Recipe, Schedule, Watch};

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use burn::module::Module;
use burn::optim::{AdamWConfig, GradientsParams};
use burn::tensor::Device;
use marquee_models::burn::Net;
use marquee_models::file::{Metadata, Model, Precision, ScoreScale};
use marquee_models::network::{Labels, Network, NetworkName, Task};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::dataset::{Dataset, Pixels, Split, Statistics, write_whole};
use crate::device::ComputeDevice;
use crate::evaluation::evaluate;
use crate::progress;
use checkpoint::{Checkpoint, Progress, State};
use objective::Objective;
use start::Start;

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// All epochs are done, or it no longer became better.
    Finished {
        /// The trained network's file.
        best: PathBuf,
    },
    /// It was told to stop; `--resume` goes on.
    Interrupted,
}

/// The name of the trained network's file in a run's folder.
pub const BEST: &str = "best.safetensors";

/// The name of the recipe's.
const RECIPE: &str = "recipe.toml";

/// Trains, and says after every epoch how it goes.
///
/// `report` gets each epoch's line. Where `stop` becomes true, a checkpoint is written and training
/// ends after the batch at hand.
///
/// # Errors
///
/// Where the run's folder holds another run, a file cannot be written, or the loss is no longer a
/// number.
pub fn train(
    recipe: &Recipe,
    dataset: &mut Dataset,
    run: &Path,
    resume: bool,
    device: &ComputeDevice,
    stop: &AtomicBool,
    mut report: impl FnMut(&EpochLog),
) -> Result<Outcome> {
    let name: NetworkName = recipe.network.parse()?;
    ensure!(recipe.batch > 0, "a batch has at least one poster");
    let genres = dataset.genre_names();
    let network = Network::new(
        name,
        Labels {
            classes: dataset.summary().labels.len(),
            genres: genres.len(),
        },
    );
    let genres = match network.output_range(Task::Genres) {
        Some(_) => genres,
        None => Vec::new(),
    };
    let score = network
        .output_range(Task::Score)
        .map(|_| score_scale(dataset));
    let begun = match &recipe.start {
        Some(path) => Some(Start::read(path, &network, dataset)?),
        None => None,
    };
    let lessons = match &recipe.teacher {
        Some(path) => Some(teacher::lessons(path, dataset, &genres, device)?),
        None => None,
    };
    let pixels = dataset.pixels(network.input)?;
    let statistics = begun.as_ref().and_then(|begun| begun.statistics);
    let objective = Objective::new(recipe, dataset, &network, &genres, score.as_ref());
    let teacher = lessons.as_ref().map(|lessons| lessons.teacher.clone());
    let commands = [
        begun.as_ref().and_then(|begun| begun.command.clone()),
        lessons.as_ref().and_then(|lessons| lessons.command.clone()),
    ];
    let objective = match lessons {
        Some(lessons) => objective.taught(lessons, recipe.teacher_share),
        None => objective,
    };
    let validation = dataset.films(Split::Validation);
    let trainer = Trainer {
        recipe,
        dataset,
        pixels: &pixels,
        statistics: statistics.unwrap_or(*pixels.statistics()),
        network: &network,
        begun: begun.as_ref(),
        objective,
        genres,
        score,
        device: device.burn().clone().autodiff(),
        rows: dataset.rows(Split::Train),
        films: some_of(dataset.films_of(Split::Train)?, validation.len()),
        validation,
    };

    let checkpoint = Checkpoint::new(run);
    if checkpoint.exists() && !resume {
        bail!(
            "{} holds a run already; go on with --resume, or name another --out",
            run.display()
        );
    }
    fs::create_dir_all(run).with_context(|| format!("cannot make {}", run.display()))?;
    let mut state = trainer.start(&checkpoint)?;
    write_whole(&run.join(RECIPE), recipe.to_toml().as_bytes())?;
    let about = About {
        dataset: dataset.summary().hash.clone(),
        marquee: env!("CARGO_PKG_VERSION").to_owned(),
        start: begun.as_ref().map(|begun| begun.source.clone()),
        teacher,
        commands: commands.into_iter().flatten().collect(),
        device: device.to_string(),
    };
    about.write(run)?;

    while state.progress.epoch < recipe.epochs && !trainer.out_of_patience(&state.progress) {
        let started = Instant::now();
        state = trainer.epoch(state, stop)?;
        if stop.load(Ordering::Relaxed) {
            checkpoint.save(&state, &network)?;
            return Ok(Outcome::Interrupted);
        }
        state.progress.epoch += 1;
        state.progress.step = 0;

        let log = trainer.finish_epoch(&mut state, device, run, started)?;
        log.append(run)?;
        checkpoint.save(&state, &network)?;
        report(&log);
    }
    Ok(Outcome::Finished {
        best: run.join(BEST),
    })
}

/// As many films as there are for validation, if there are any: enough to see how well a network
/// knows what it was trained on.
fn some_of(mut films: Vec<usize>, validation: usize) -> Vec<usize> {
    if validation > 0 {
        films.shuffle(&mut ChaCha8Rng::seed_from_u64(0));
        films.truncate(validation);
        films.sort_unstable();
    }
    films
}

/// Mean and deviation of the training films' scores.
pub(crate) fn score_scale(dataset: &Dataset) -> ScoreScale {
    let films = dataset.films(Split::Train);
    let scores: Vec<f32> = films.iter().filter_map(|&row| dataset.score(row)).collect();
    let count = scores.len().max(1) as f32;
    let mean = scores.iter().sum::<f32>() / count;
    let variance = scores
        .iter()
        .map(|score| (score - mean).powi(2))
        .sum::<f32>()
        / count;
    ScoreScale {
        mean,
        // without scores nothing is learned, but the network is as sound
        deviation: if variance > 0.0 { variance.sqrt() } else { 1.0 },
        interval: ScoreScale::NORMAL_INTERVAL,
    }
}

struct Trainer<'a> {
    recipe: &'a Recipe,
    dataset: &'a Dataset,
    pixels: &'a Pixels,
    /// What posters are normalised by.
    statistics: Statistics,
    network: &'a Network,
    begun: Option<&'a Start>,
    objective: Objective,
    /// What the network's other heads answer.
    genres: Vec<String>,
    score: Option<ScoreScale>,
    device: Device,
    /// What is trained on.
    rows: Vec<usize>,
    /// What the training split is judged by.
    films: Vec<usize>,
    validation: Vec<usize>,
}

impl Trainer<'_> {
    fn start(&self, checkpoint: &Checkpoint) -> Result<State> {
        self.device.seed(self.recipe.seed);
        let mut net = Net::init(self.network, &self.device);
        if let Some(begun) = self.begun {
            let weights = begun.over(net.valid().weights(self.network));
            net = net.with_weights(self.network, &weights, &self.device);
        }
        let average = (self.recipe.ema > 0.0).then(|| net.valid().weights(self.network));
        let fresh = State {
            net,
            // PyTorch's epsilon; Burn's own default is a thousand times that
            optimizer: AdamWConfig::new()
                .with_epsilon(1e-8)
                .with_weight_decay(self.recipe.weight_decay)
                .init(),
            average,
            progress: Progress {
                recipe: self.recipe.clone(),
                dataset: self.dataset.summary().hash.clone(),
                start: self.begun.map(|begun| begun.digest.clone()),
                epoch: 0,
                step: 0,
                best: None,
                rate: 1.0,
                waited: 0,
            },
        };
        if !checkpoint.exists() {
            return Ok(fresh);
        }
        let state = checkpoint.load(fresh)?;
        let progress = &state.progress;
        if progress.dataset != self.dataset.summary().hash {
            bail!("the run was begun on another dataset; start again without --resume");
        }
        if progress.start != self.begun.map(|begun| begun.digest.clone()) {
            bail!(
                "the run started from other weights than --start names now; give it the same file"
            );
        }
        let same = Recipe {
            epochs: self.recipe.epochs,
            patience: self.recipe.patience,
            ..progress.recipe.clone()
        };
        if same != *self.recipe {
            bail!(
                "the run was begun with other options ({}); give the same ones with --resume, only \
                 --epochs and --patience may change",
                serde_json::to_string(&progress.recipe)?
            );
        }
        Ok(state)
    }

    fn out_of_patience(&self, progress: &Progress) -> bool {
        let patience = self.recipe.patience;
        let waited = |(_, epoch): (f64, usize)| progress.epoch - epoch;
        patience > 0 && progress.best.map_or(0, waited) >= patience
    }

    /// Trains on the rest of an epoch, from `progress.step` on.
    fn epoch(&self, mut state: State, stop: &AtomicBool) -> Result<State> {
        let progress = &mut state.progress;
        let class = |film| self.dataset.class(film);
        let order = self.recipe.sampler.draw(
            &self.rows,
            self.network.classes(),
            class,
            &mut self.rng(progress.epoch, 0),
        );
        let steps = order.len().div_ceil(self.recipe.batch);
        let bar = progress::bar(
            &format!("epoch {}", progress.epoch + 1),
            order.len(),
            "posters",
        );
        bar.set_position((progress.step * self.recipe.batch) as u64);
        for (step, films) in order
            .chunks(self.recipe.batch)
            .enumerate()
            .skip(progress.step)
        {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let mut rng = self.rng(progress.epoch, step + 1);
            let batch = self.mix(films, &mut rng);
            let inputs = self.inputs(&batch, &mut rng);
            let loss = self.objective.loss(state.net.forward(inputs), &batch);
            let gradients = GradientsParams::from_grads(loss.backward(), &state.net);
            let done = (progress.epoch * steps + step) as f64 / (self.recipe.epochs * steps) as f64;
            let rate = self.recipe.rate(done) * progress.rate;
            state.net = state.optimizer.step(rate, state.net, gradients);
            if let Some(average) = &mut state.average {
                // the first steps count more, or the average would long remember the random start
                let steps = (progress.epoch * steps + step) as f32;
                let keep = self.recipe.ema.min((1.0 + steps) / (10.0 + steps));
                average.approach(&state.net.valid().weights(self.network), 1.0 - keep);
            }
            progress.step = step + 1;
            bar.inc(films.len() as u64);
        }
        bar.finish_and_clear();
        Ok(state)
    }

    /// Every batch has random numbers of its own, so that an interrupted epoch goes on as it would
    /// have.
    fn rng(&self, epoch: usize, step: usize) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::seed_from_u64(self.recipe.seed);
        rng.set_stream(((epoch as u64) << 32) | step as u64);
        rng
    }

    /// Evaluates, and keeps the network where it is the best yet.
    fn finish_epoch(
        &self,
        state: &mut State,
        device: &ComputeDevice,
        run: &Path,
        started: Instant,
    ) -> Result<EpochLog> {
        let mut model = self.model(state, BTreeMap::new())?;
        let progress = &mut state.progress;
        let score = |films: &[usize]| {
            evaluate(&model, self.dataset, self.pixels, films, device)
                .map(|evaluation| SplitLog::from(&evaluation))
        };
        let train = score(&self.films)?;
        let validation = match self.validation.is_empty() {
            true => None,
            false => Some(score(&self.validation)?),
        };

        let watched = validation.unwrap_or(train);
        ensure!(
            watched.loss.is_finite(),
            "the loss is no longer a number; use a lower --learning-rate"
        );
        // without a validation split there is nothing to choose by: the last epoch is kept
        let score = self.recipe.watch.score(&watched, progress.epoch);
        let better =
            validation.is_none() || progress.best.is_none_or(|(highest, _)| score > highest);
        if better {
            progress.best = Some((score, progress.epoch));
            progress.waited = 0;
            let mut metrics = BTreeMap::from([("epoch".to_owned(), progress.epoch as f64)]);
            if let Some(validation) = validation {
                metrics.insert("validation loss".to_owned(), validation.loss);
                metrics.insert("validation macro-F1".to_owned(), validation.macro_f1);
            }
            model = self.model(state, metrics)?;
            write_whole(&run.join(BEST), &model.to_bytes(Precision::Single))?;
        }
        let progress = &mut state.progress;
        let done = progress.epoch as f64 / self.recipe.epochs as f64;
        let learning_rate = self.recipe.rate(done) * progress.rate;
        if !better && self.recipe.schedule == Schedule::Plateau {
            progress.waited += 1;
            if progress.waited == Schedule::PLATEAU {
                (progress.waited, progress.rate) = (0, progress.rate / 10.0);
            }
        }
        Ok(EpochLog {
            epoch: progress.epoch,
            train,
            validation,
            learning_rate,
            seconds: started.elapsed().as_secs_f64(),
        })
    }

    fn model(&self, state: &State, metrics: BTreeMap<String, f64>) -> Result<Model> {
        let metadata = Metadata {
            network: self.network.name,
            input: self.network.input,
            labels: self.dataset.summary().labels.clone(),
            genres: self.genres.clone(),
            score: self.score,
            mean: self.statistics.mean,
            std: self.statistics.std,
            temperature: 1.0,
            threshold: 0.0,
            metrics,
            dataset: state.progress.dataset.clone(),
            trainer: env!("CARGO_PKG_VERSION").to_owned(),
            seed: self.recipe.seed,
        };
        let weights = match &state.average {
            Some(average) => average.clone(),
            None => state.net.valid().weights(self.network),
        };
        Model::new(metadata, weights).context("training diverged; use a lower --learning-rate")
    }
}
