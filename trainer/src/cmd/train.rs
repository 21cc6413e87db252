use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::builder::PossibleValuesParser;
use marquee_models::network::NetworkName;
use marquee_trainer::dataset::Dataset;
use marquee_trainer::device::DeviceChoice;
use marquee_trainer::training::{
    self, Augment, EpochLog, Outcome, Recipe, Sampler, Schedule, Watch,
};

/// Train a network on a dataset.
///
/// The loss and the macro-F1 over the whole training and validation splits are printed after every
/// epoch; the network of the best epoch on the validation split is kept as best.safetensors.
/// Ctrl-C leaves a checkpoint that --resume goes on from.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Dataset that `marquee build` made
    #[arg(long, value_name = "DATASET")]
    data: PathBuf,

    /// Network to train
    #[arg(long, value_parser = PossibleValuesParser::new(NetworkName::ALL.map(NetworkName::as_str)))]
    network: String,

    /// Folder for the trained network, the log and the checkpoint
    #[arg(long, value_name = "RUN")]
    out: PathBuf,

    /// Go on where the run in --out stopped
    #[arg(long)]
    resume: bool,

    /// What to compute on
    #[arg(long, value_enum, default_value_t)]
    device: DeviceChoice,

    /// The most epochs
    #[arg(long, default_value_t = 100, value_name = "N")]
    epochs: usize,

    /// What says, on the validation split, which epoch was the best
    #[arg(long, value_enum, default_value_t)]
    watch: Watch,

    /// Stop after so many epochs without a better one; 0 for never
    #[arg(long, default_value_t = 10, value_name = "N")]
    patience: usize,

    /// Posters a step
    #[arg(long, default_value_t = 256, value_name = "N")]
    batch: usize,

    /// Adam's learning rate
    #[arg(long, default_value_t = 0.001, value_name = "RATE")]
    learning_rate: f64,

    /// How the learning rate changes over the epochs
    #[arg(long, value_enum, default_value_t)]
    schedule: Schedule,

    /// How often the films of rare classes are trained on
    #[arg(long, value_enum, default_value_t)]
    sampler: Sampler,

    /// Share of the target that is spread over all classes
    #[arg(long, default_value_t = 0.1, value_name = "SHARE")]
    label_smoothing: f32,

    /// Move posters by up to this share of their size
    #[arg(long, default_value_t = Augment::default().shift, value_name = "SHARE")]
    shift: f32,

    /// Change brightness, contrast and saturation by up to this share
    #[arg(long, default_value_t = Augment::default().jitter, value_name = "SHARE")]
    jitter: f32,

    /// Do not mirror, move or colour the posters
    #[arg(long, conflicts_with_all = ["shift", "jitter"])]
    no_augmentation: bool,

    /// Seed of weights, sampling and augmentation: the same seed gives the same network on a CPU
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let device = args.device.open()?;
    let mut dataset = Dataset::open(&args.data)?;
    let recipe = Recipe {
        network: args.network.clone(),
        epochs: args.epochs,
        batch: args.batch,
        learning_rate: args.learning_rate,
        schedule: args.schedule,
        watch: args.watch,
        patience: args.patience,
        sampler: args.sampler,
        label_smoothing: args.label_smoothing,
        augment: match args.no_augmentation {
            true => Augment::NONE,
            false => Augment {
                flip: true,
                shift: args.shift,
                jitter: args.jitter,
            },
        },
        seed: args.seed,
    };
    let stop = super::stop_on_ctrl_c()?;

    println!(
        "{} on {}, on the {device}",
        args.network,
        args.data.display()
    );
    println!("epoch        loss  macro-F1    validation loss  macro-F1     seconds");
    let outcome = training::train(
        &recipe,
        &mut dataset,
        &args.out,
        args.resume,
        &device,
        &stop,
        print,
    )?;
    match outcome {
        Outcome::Finished { best } => {
            println!("\nThe trained network is {}.", best.display());
            Ok(ExitCode::SUCCESS)
        }
        Outcome::Interrupted => {
            println!("\nStopped. The same command with --resume goes on from here.");
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
    println!(" {seconds:>11.1}");
}
