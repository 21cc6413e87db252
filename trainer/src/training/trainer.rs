use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use burn::lr_scheduler::module_lr_scheduler::ModuleLrScheduler;
use burn::module::Module;
use burn::optim::{AdamWConfig, GradientsParams};
use marquee_models::burn::Net;
use marquee_models::file::{Metadata, Model, Precision, ScoreScale};
use marquee_models::network::{Labels, Network, NetworkName, Task};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::checkpoint::Checkpoint;
use super::data_loader::DataLoader;
use super::distillation::TeacherAnswers;
use super::initial_weights::InitialWeights;
use super::log::{EpochLog, SplitLog};
use super::objective::Objective;
use super::recipe::Recipe;
use super::run::{BEST, RunInfo};
use super::state::{Progress, State};
use crate::dataset::{Dataset, Split};
use crate::device::ComputeDevice;
use crate::evaluation::evaluate;
use crate::files::write_whole;
use crate::progress;

/// All that stays the same while a network is trained.
pub(super) struct Trainer<'a> {
    recipe: &'a Recipe,
    dataset: &'a Dataset,
    device: &'a ComputeDevice,
    pub(super) network: Network,
    /// Weights to start from, unless all are random.
    initial: Option<InitialWeights>,
    loader: DataLoader<'a>,
    objective: Objective,
    /// The genres that the network answers; empty if it answers none.
    genres: Vec<String>,
    /// The scale of the scores, if the network answers them.
    score: Option<ScoreScale>,
    /// Films of the training split to evaluate.
    train_films: Vec<usize>,
    validation_films: Vec<usize>,
    pub(super) info: RunInfo,
}

impl<'a> Trainer<'a> {
    /// Reads all that the recipe names, and asks the teacher if there is one.
    pub(super) fn new(
        recipe: &'a Recipe,
        dataset: &'a mut Dataset,
        device: &'a ComputeDevice,
    ) -> Result<Trainer<'a>> {
        let name: NetworkName = recipe.network.parse()?;
        let mut genres = dataset.genre_names();
        let labels = Labels {
            classes: dataset.summary().labels.len(),
            genres: genres.len(),
            score: dataset.has_scores(),
        };
        let network = Network::new(name, labels);
        if network.output_range(Task::Genres).is_none() {
            genres.clear();
        }
        let score = network
            .output_range(Task::Score)
            .map(|_| score_scale(dataset));
        let blocks = network.blocks.len();
        ensure!(
            recipe.freeze <= blocks,
            "{name} has {blocks} blocks, so --freeze {} is too many",
            recipe.freeze
        );
        ensure!(
            recipe.freeze == 0 || recipe.start.is_some(),
            "--freeze keeps blocks as they are; without --start they would stay random"
        );
        let initial = match &recipe.start {
            Some(path) => Some(InitialWeights::read(path, &network, dataset)?),
            None => None,
        };
        let teacher = match &recipe.teacher {
            Some(path) => Some(TeacherAnswers::load(path, dataset, &genres, device)?),
            None => None,
        };
        let pixels = dataset.pixels(network.input)?;
        let dataset: &'a Dataset = dataset;

        let commands = [
            initial.as_ref().and_then(|initial| initial.command.clone()),
            teacher.as_ref().and_then(|teacher| teacher.command.clone()),
        ];
        let info = RunInfo {
            dataset: dataset.summary().hash.clone(),
            marquee: env!("CARGO_PKG_VERSION").to_owned(),
            start: initial.as_ref().map(|initial| initial.source.clone()),
            start_dataset: initial.as_ref().and_then(|initial| initial.dataset.clone()),
            teacher: teacher.as_ref().map(|teacher| teacher.name.clone()),
            commands: commands.into_iter().flatten().collect(),
            device: device.to_string(),
        };
        let mut objective = Objective::new(recipe, dataset, &network, &genres, score);
        if let Some(teacher) = teacher {
            objective.distill(teacher, recipe.teacher_share);
        }
        let statistics = initial.as_ref().and_then(|initial| initial.statistics);
        let validation_films = dataset.films(Split::Validation);
        Ok(Trainer {
            recipe,
            dataset,
            device,
            loader: DataLoader {
                recipe,
                dataset,
                rows: dataset.rows(Split::Train),
                statistics: statistics.unwrap_or(*pixels.statistics()),
                pixels,
                device: device.burn().clone().autodiff(),
            },
            network,
            initial,
            objective,
            genres,
            score,
            train_films: sample(dataset.films_of(Split::Train)?, validation_films.len()),
            validation_films,
            info,
        })
    }

    /// The state that the checkpoint holds, or a fresh one if there is no checkpoint.
    pub(super) fn start(&self, checkpoint: &Checkpoint) -> Result<State> {
        let device = &self.loader.device;
        device.seed(self.recipe.seed);
        let mut net = Net::init(&self.network, device);
        if let Some(initial) = &self.initial {
            let weights = initial.replace(net.valid().weights(&self.network));
            net = net.with_weights(&self.network, &weights, device);
        }
        let average = (self.recipe.ema > 0.0).then(|| net.valid());
        let fresh = State {
            net,
            // PyTorch's epsilon; Burn's default is a thousand times as large
            optimizer: AdamWConfig::new()
                .with_epsilon(1e-8)
                .with_weight_decay(self.recipe.weight_decay)
                .init(),
            average,
            progress: Progress {
                recipe: self.recipe.clone(),
                dataset: self.dataset.summary().hash.clone(),
                start: self.initial.as_ref().map(|initial| initial.digest.clone()),
                epoch: 0,
                step: 0,
                best: None,
                rate: 1.0,
                waited: 0,
            },
        };
        if !checkpoint.exists() {
            return Ok(self.with_frozen(fresh));
        }
        let start = fresh.progress.start.clone();
        let state = checkpoint.load(fresh, &self.network)?;
        ensure!(
            state.progress.start == start,
            "the run started from other weights than --start names now; give it the same file, or name another --out"
        );
        Ok(self.with_frozen(state))
    }

    /// Says if no film tells which epoch is best, which weights the run starts from, and if they may know the films that
    /// the network will be judged by.
    pub(super) fn announce_start(&self) {
        if self.validation_films.is_empty() {
            eprintln!(
                "the dataset has no validation film: no epoch is the best, so the last one is kept, and figures are of the \
                 training films"
            );
        }
        if let Some(start) = &self.info.start {
            eprintln!("the run starts from {start}");
        }
        if let Some(hash) = &self.info.start_dataset
            && !self.dataset.is_apart_from(hash)
        {
            eprintln!(
                "warning: these weights were trained on another dataset, which may hold films of the validation and \
                 test splits; the figures may be too good, and the model card will say so. If you have that dataset, \
                 build this one with `marquee build --apart-from`"
            );
        }
    }

    /// Freezes the blocks that the recipe freezes. Neither new weights nor a checkpoint say which.
    fn with_frozen(&self, state: State) -> State {
        State {
            net: state.net.freeze_blocks(self.recipe.freeze),
            ..state
        }
    }

    /// Trains for the rest of an epoch, from `progress.step` on; breaks off when it is to stop.
    pub(super) fn epoch(
        &self,
        mut state: State,
        stop: &dyn Fn() -> bool,
    ) -> Result<ControlFlow<State, State>> {
        let progress = &mut state.progress;
        let order = self.loader.order(progress.epoch);
        let steps = order.len().div_ceil(self.recipe.batch);
        let bar = progress::bar(
            &format!("epoch {}", progress.epoch + 1),
            order.len() as u64,
            "posters",
        );
        bar.set_position((progress.step * self.recipe.batch) as u64);
        let blocks = state.net.block_parameters();
        let batches = order.chunks(self.recipe.batch).enumerate();
        for (step, rows) in batches.skip(progress.step) {
            if stop() {
                break;
            }
            let (examples, inputs) = self.loader.batch(rows, progress.epoch, step);
            let loss = self.objective.loss(&state.net.forward(inputs), &examples);
            let gradients = GradientsParams::from_grads(loss.backward(), &state.net);
            let done = (progress.epoch * steps + step) as f64 / (self.recipe.epochs * steps) as f64;
            let (rate, block_rate) = self.recipe.learning_rates_at(done);
            let rates = ModuleLrScheduler::new(rate * progress.rate)
                .with_group(blocks.clone(), block_rate * progress.rate)
                .step();
            state.net = state.optimizer.step(rates, state.net, gradients);
            if let Some(average) = &mut state.average {
                // the first steps count more, or the average would long remember the random start
                let steps = (progress.epoch * steps + step) as f64;
                let keep = f64::from(self.recipe.ema).min((1.0 + steps) / (10.0 + steps));
                average.approach(&state.net.valid(), 1.0 - keep);
            }
            progress.step = step + 1;
            bar.inc(rows.len() as u64);
        }
        bar.finish_and_clear();
        Ok(match stop() {
            true => ControlFlow::Break(state),
            false => ControlFlow::Continue(state),
        })
    }

    /// Evaluates the network, and writes it if it is the best so far.
    pub(super) fn finish_epoch(
        &self,
        state: &mut State,
        run: &Path,
        started: Instant,
    ) -> Result<EpochLog> {
        let model = self.model(state, BTreeMap::new())?;
        let log = |films: &[usize]| {
            evaluate(
                &model,
                self.dataset,
                &self.loader.pixels,
                films,
                self.device,
            )
            .map(|evaluation| SplitLog::from(&evaluation))
        };
        let train = log(&self.train_films)?;
        let validation = match self.validation_films.is_empty() {
            true => None,
            false => Some(log(&self.validation_films)?),
        };

        let watched = validation.unwrap_or(train);
        ensure!(
            watched.loss.is_finite(),
            "the loss is no longer a number; use a lower --learning-rate"
        );
        let epoch = state.progress.epoch;
        let score = self.recipe.watch.score(&watched, epoch);
        // without a validation split nothing says which epoch is best: the last one is kept
        let better = validation.is_none() || state.progress.is_better(score);
        let done = epoch as f64 / self.recipe.epochs as f64;
        let learning_rate = self.recipe.learning_rates_at(done).0 * state.progress.rate;
        if better {
            let mut metrics = BTreeMap::from([("epoch".to_owned(), epoch as f64)]);
            if let Some(validation) = validation {
                metrics.insert("validation loss".to_owned(), validation.loss);
                metrics.insert("validation macro-F1".to_owned(), validation.macro_f1);
            }
            let best = self.model(state, metrics)?;
            write_whole(&run.join(BEST), &best.to_bytes(Precision::Single))?;
        }
        state.progress.record(score, better);
        Ok(EpochLog {
            epoch,
            train,
            validation,
            learning_rate,
            seconds: started.elapsed().as_secs_f64(),
        })
    }

    /// The network as it is now, or its moving average if the recipe asks for one.
    fn model(&self, state: &State, metrics: BTreeMap<String, f64>) -> Result<Model> {
        let metadata = Metadata {
            network: self.network.name,
            input: self.network.input,
            labels: self.dataset.summary().labels.clone(),
            genres: self.genres.clone(),
            score: self.score,
            mean: self.loader.statistics.mean,
            std: self.loader.statistics.std,
            temperature: 1.0,
            threshold: 0.0,
            metrics,
            dataset: state.progress.dataset.clone(),
            trainer: env!("CARGO_PKG_VERSION").to_owned(),
            seed: self.recipe.seed,
        };
        let weights = match &state.average {
            Some(average) => average.weights(&self.network),
            None => state.net.valid().weights(&self.network),
        };
        Model::new(metadata, weights).context("training diverged; use a lower --learning-rate")
    }
}

/// As many of the training split's films as there are for validation, or all if there are none:
/// enough to see how well the network knows what it is trained on.
fn sample(mut films: Vec<usize>, validation: usize) -> Vec<usize> {
    if validation > 0 {
        films.shuffle(&mut ChaCha8Rng::seed_from_u64(0));
        films.truncate(validation);
        films.sort_unstable();
    }
    films
}

/// Mean and standard deviation of the training films' scores, in points from 0 to 10.
///
/// The deviation is 1 if no score is known, or all are the same: nothing can be learned then, but the
/// network is still valid.
pub(crate) fn score_scale(dataset: &Dataset) -> ScoreScale {
    let films = dataset.films(Split::Train);
    let scores: Vec<f32> = films.iter().filter_map(|&row| dataset.score(row)).collect();
    let count = scores.len().max(1) as f32;
    let mean = scores.iter().sum::<f32>() / count;
    let squares = scores.iter().map(|score| (score - mean).powi(2));
    let variance = squares.sum::<f32>() / count;
    ScoreScale {
        mean,
        deviation: if variance > 0.0 { variance.sqrt() } else { 1.0 },
        interval: ScoreScale::NORMAL_INTERVAL,
    }
}
