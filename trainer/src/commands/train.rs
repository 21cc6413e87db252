use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use anyhow::Result;
use clap::builder::PossibleValuesParser;
use marquee_models::network::NetworkName;
use marquee_trainer::dataset::{ClassWeighting, Dataset};
use marquee_trainer::device::DeviceChoice;
use marquee_trainer::files;
use marquee_trainer::training::{self, Augment, EpochLog, Outcome, Recipe, Schedule, Watch};

use super::share;

/// Train a network on a dataset.
///
/// After every epoch, loss and macro-F1 are printed for the validation split, and for as many films of
/// the training split. The network of the best epoch on the validation split is written as
/// best.safetensors. Ctrl-C writes a checkpoint that --resume continues from.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Dataset that `marquee build` made
    #[arg(long, value_name = "DATASET")]
    data: PathBuf,

    /// Recipe that Marquee comes with (own, posternet, cnn32, cnn64, deepcnn32, student), or the TOML file of
    /// another; the options below change it. `own` tunes PosterNet to classes of your own
    /// [default: the options' defaults]
    #[arg(long, value_name = "NAME|TOML")]
    recipe: Option<PathBuf>,

    /// Network to train [default: the recipe's]
    #[arg(
        long,
        value_parser = PossibleValuesParser::new(NetworkName::ALL.map(NetworkName::as_str)),
        required_unless_present = "recipe"
    )]
    network: Option<String>,

    /// Folder for the trained network, the log and the checkpoint [default: beside the dataset, such as mine-own for
    /// the dataset mine and the recipe own]
    #[arg(long, value_name = "RUN")]
    out: Option<PathBuf>,

    /// Continue the run in --out where it stopped
    #[arg(long)]
    resume: bool,

    /// Device to train and evaluate on
    #[arg(long, value_enum, default_value_t)]
    device: DeviceChoice,

    #[command(flatten)]
    changes: Changes,
}

/// Options that change the recipe.
#[derive(clap::Args)]
struct Changes {
    /// Maximum number of epochs [default: 100]
    #[arg(long, value_name = "N")]
    epochs: Option<usize>,

    /// Which epoch is the best, by the validation split [default: loss]
    #[arg(long, value_enum)]
    watch: Option<Watch>,

    /// Stop after this many epochs without a better one; 0 for never [default: 10]
    #[arg(long, value_name = "N")]
    patience: Option<usize>,

    /// Posters in a batch [default: 256]
    #[arg(long, value_name = "N")]
    batch: Option<usize>,

    /// Adam's learning rate [default: 0.001]
    #[arg(long, value_name = "RATE")]
    learning_rate: Option<f64>,

    /// Adam's learning rate for the convolutional blocks; linear layers and heads keep the other
    /// [default: --learning-rate's]
    #[arg(long, value_name = "RATE")]
    block_learning_rate: Option<f64>,

    /// Keep the first N convolutional blocks as they are in --start: their weights, and batch norm's mean and variance
    /// [default: 0]
    #[arg(long, value_name = "N")]
    freeze: Option<usize>,

    /// How the learning rate changes over the run [default: constant]
    #[arg(long, value_enum)]
    schedule: Option<Schedule>,

    /// How often films are drawn, by their class [default: sqrt]
    #[arg(long, value_enum)]
    sampler: Option<ClassWeighting>,

    /// How much films count in the loss, by their class [default: none]
    #[arg(long, value_enum)]
    class_weights: Option<ClassWeighting>,

    /// AdamW's weight decay, from 0 to 1 [default: 0]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    weight_decay: Option<f32>,

    /// Weights to start from: a network of Marquee's, in a file or by its name, or a file of
    /// trainer/python/pretrained.py. Heads for other classes or genres begin anew. If the network was trained on another
    /// dataset, see `marquee build --apart-from`
    /// [default: random weights]
    #[arg(long, value_name = "FILE|NAME")]
    start: Option<PathBuf>,

    /// Teacher to distil, whose answers become a part of the targets: a trained network of Marquee's, in a file or by
    /// its name, or a file of trainer/python/teacher.py [default: no teacher]
    #[arg(long, value_name = "FILE|NAME")]
    teacher: Option<PathBuf>,

    /// The teacher's share of the targets [default: 0.7]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    teacher_share: Option<f32>,

    /// Weight of the genres' loss beside the class's, if the network answers genres [default: 3]
    #[arg(long, value_name = "FACTOR")]
    genre_weight: Option<f32>,

    /// Weight of the score's loss beside the class's, if the network answers scores [default: 0.2]
    #[arg(long, value_name = "FACTOR")]
    score_weight: Option<f32>,

    /// Share of the targets that is spread over all classes [default: 0.1]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    label_smoothing: Option<f32>,

    /// Evaluate and write a moving average of the weights, with this decay, such as 0.999
    /// [default: 0, no average]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    ema: Option<f32>,

    /// Show a random part of a poster, with at least this share of its width and height [default: 1, all
    /// of it]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    crop: Option<f32>,

    /// Take detail from every other poster: shrink it to a random size, at least this share of its own, and
    /// enlarge it again [default: 1, never]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    shrink: Option<f32>,

    /// Move posters by up to this share of their size [default: 0.1]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    shift: Option<f32>,

    /// Change brightness, contrast and saturation by up to this share [default: 0.2]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    jitter: Option<f32>,

    /// Turn this share of the posters by 45, 90, 165 or 180 degrees [default: 0]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    rotate: Option<f32>,

    /// Cover a rectangle of this share of the posters with noise [default: 0]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    erase: Option<f32>,

    /// Mix two posters and their targets (MixUp), by a share from a beta distribution with this
    /// parameter, such as 0.2 [default: 0, no mixing]
    #[arg(long, value_name = "ALPHA")]
    mixup: Option<f32>,

    /// Do not change posters: neither mirror, crop, shrink, move, colour, turn, cover nor mix them
    #[arg(long, conflicts_with_all = ["crop", "shrink", "shift", "jitter", "rotate", "erase", "mixup"])]
    no_augmentation: bool,

    /// Random seed of weights, sampling and augmentation. On a CPU, the same seed gives the same
    /// network [default: 1]
    #[arg(long)]
    seed: Option<u64>,
}

impl Changes {
    fn apply(&self, recipe: Recipe) -> Recipe {
        let Recipe { augment, .. } = recipe;
        Recipe {
            epochs: self.epochs.unwrap_or(recipe.epochs),
            watch: self.watch.unwrap_or(recipe.watch),
            patience: self.patience.unwrap_or(recipe.patience),
            batch: self.batch.unwrap_or(recipe.batch),
            learning_rate: self.learning_rate.unwrap_or(recipe.learning_rate),
            block_learning_rate: self.block_learning_rate.or(recipe.block_learning_rate),
            freeze: self.freeze.unwrap_or(recipe.freeze),
            schedule: self.schedule.unwrap_or(recipe.schedule),
            sampler: self.sampler.unwrap_or(recipe.sampler),
            class_weights: self.class_weights.unwrap_or(recipe.class_weights),
            weight_decay: self.weight_decay.unwrap_or(recipe.weight_decay),
            start: self.start.clone().or(recipe.start),
            teacher: self.teacher.clone().or(recipe.teacher),
            teacher_share: self.teacher_share.unwrap_or(recipe.teacher_share),
            genre_weight: self.genre_weight.unwrap_or(recipe.genre_weight),
            score_weight: self.score_weight.unwrap_or(recipe.score_weight),
            label_smoothing: self.label_smoothing.unwrap_or(recipe.label_smoothing),
            ema: self.ema.unwrap_or(recipe.ema),
            augment: match self.no_augmentation {
                true => Augment::NONE,
                false => Augment {
                    crop: self.crop.unwrap_or(augment.crop),
                    shrink: self.shrink.unwrap_or(augment.shrink),
                    shift: self.shift.unwrap_or(augment.shift),
                    jitter: self.jitter.unwrap_or(augment.jitter),
                    rotate: self.rotate.unwrap_or(augment.rotate),
                    erase: self.erase.unwrap_or(augment.erase),
                    mixup: self.mixup.unwrap_or(augment.mixup),
                    ..augment
                },
            },
            seed: self.seed.unwrap_or(recipe.seed),
            ..recipe
        }
    }
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let device = args.device.open()?;
    let mut dataset = Dataset::open(&args.data)?;
    let mut recipe = match &args.recipe {
        Some(path) => Recipe::read(path)?,
        None => Recipe::default(),
    };
    if let Some(network) = &args.network {
        recipe.network.clone_from(network);
    }
    let recipe = args.changes.apply(recipe);
    let named = args.recipe.as_deref().and_then(Path::file_stem);
    let named = named.map_or(recipe.network.as_str().into(), OsStr::to_string_lossy);
    let beside = || files::beside(&args.data, &format!("-{named}"));
    let out = args.out.clone().unwrap_or_else(beside);
    let stop = super::stop_on_ctrl_c()?;

    let mut begun = false;
    let report = |log: &EpochLog| {
        // not before: whatever refuses the run would stand below an empty table
        if !begun {
            let (network, data) = (&recipe.network, args.data.display());
            println!("{network} on {data}, on the {device}");
            println!("epoch        loss  macro-F1    validation loss  macro-F1     seconds");
        }
        begun = true;
        print(log);
    };
    let outcome = training::train(
        &recipe,
        &mut dataset,
        &out,
        args.resume,
        &device,
        || stop.load(Ordering::Relaxed),
        report,
    )?;
    match outcome {
        Outcome::Finished { best } => {
            println!("\nThe trained network is {}.", best.display());
            Ok(ExitCode::SUCCESS)
        }
        Outcome::Interrupted => {
            println!("\nStopped. The same command with --resume continues from here.");
            Ok(ExitCode::from(super::INTERRUPTED))
        }
    }
}

fn print(log: &EpochLog) {
    let EpochLog {
        epoch,
        train,
        seconds,
        ..
    } = log;
    print!("{epoch:>5} {:>11.4} {:>9.4}", train.loss, train.macro_f1);
    match log.validation {
        Some(validation) => print!("{:>19.4} {:>9.4}", validation.loss, validation.macro_f1),
        None => print!("{:>19} {:>9}", "-", "-"),
    }
    print!(" {seconds:>11.1}");
    let evaluated = log.validation.unwrap_or(*train);
    if let (Some(genre_map), Some(score_r2)) = (evaluated.genre_map, evaluated.score_r2) {
        print!("   genres' mAP {genre_map:.4}, score's R² {score_r2:.4}");
    }
    println!();
}
