//! The sections about where the network comes from: its training, its commands, its sources.

use std::fmt::Write as _;
use std::path::PathBuf;

use marquee_models::file::Precision;

use super::content::{ModelCard, Training};
use super::texts;
use crate::dataset::{Dataset, Protocol};
use crate::evaluation::prior;
use crate::html::numbers::{counted, duration, thousands};
use crate::interchange::imported::Imported;
use crate::training::Recipe;

/// What the network answers, and who trained it.
pub(super) fn introduction(card: &ModelCard) -> String {
    let metadata = card.model.metadata();
    let classes = counted(metadata.labels.len(), "class", "classes");
    let mut answers = format!("which of {classes} its film belongs to");
    if !metadata.genres.is_empty() {
        answers += &format!(", which of {} genres it has", metadata.genres.len());
    }
    if metadata.score.is_some() {
        answers += ", and what score members would give it";
    }
    let trained = match card.training.run() {
        Some(_) => format!("Trained by Marquee {}", metadata.trainer),
        None => format!("Trained elsewhere, and {}", metadata.trainer),
    };
    format!(
        "Predicts from a movie poster {answers}. {trained}. `{file}` contains all that is \
         needed to use it, in a browser or with `marquee predict`.\n",
        file = card.file,
    )
}

/// The size of the network and of its file, and how long training took.
pub(super) fn cost(card: &ModelCard) -> String {
    let network = card.model.network();
    let mut text = format!(
        "{} parameters; {} multiply-adds for one poster of {} pixels; {} in a file of {} bytes.",
        thousands(network.trainable_parameters()),
        thousands(network.multiply_adds()),
        network.input,
        match card.precision {
            Precision::Half => "half precision",
            Precision::Single => "single precision",
        },
        thousands(card.bytes)
    );
    if let Some(bits) = card.bits {
        let _ = write!(
            text,
            " Weights are rounded to {bits} significant bits, so that the file compresses well."
        );
    }
    if let Some(run) = card.training.run().filter(|run| !run.epochs.is_empty()) {
        let seconds: f64 = run.epochs.iter().map(|log| log.seconds).sum();
        let _ = write!(
            text,
            " Trained for {} in {} ({} seconds), evaluation included; device: {}.",
            counted(run.epochs.len(), "epoch", "epochs"),
            duration(seconds),
            thousands(seconds.round() as usize),
            run.info.device
        );
    }
    text + "\n"
}

/// The commands that make the network again.
pub(super) fn reproduction(card: &ModelCard) -> String {
    let file = card.file;
    let trained = match card.training {
        Training::Here(run) => {
            let made = run.info.commands.iter();
            let made = made.fold(String::new(), |all, command| all + command + "\n");
            made + "marquee train --data dataset --recipe recipe.toml --out run"
        }
        Training::Elsewhere(Imported { command, .. }) => {
            let network = card.model.metadata().network;
            let (made, weights) = match command {
                Some(command) => (format!("{command}\n"), network.as_str()),
                None => (String::new(), "weights"),
            };
            format!(
                "{made}marquee import --data dataset --network {network} --weights {weights}.safetensors \\\n  \
                 --out run/best.safetensors"
            )
        }
    };
    let mut text = format!(
        "From the same films and posters, `marquee build` makes a dataset with the content hash above:\n\n\
         ```sh\n{build}\n{trained}\n\
         marquee export --run run --data dataset --out {file}{options}\n\
         marquee evaluate --data dataset --model {file}\n```\n\n",
        build = build_command(card.dataset),
        options = export_options(card),
    );
    let run = match card.training {
        Training::Here(run) => run,
        Training::Elsewhere(Imported {
            command: Some(_), ..
        }) => {
            return text
                + "The weights were trained in PyTorch, whose results differ in the last bits from machine to \
                   machine: new ones will be similar, but not equal.\n";
        }
        Training::Elsewhere(_) => {
            return text + "The weights were trained outside Marquee; it is not known how.\n";
        }
    };
    // the folders of another machine would only mislead
    let file_alone = |path: &PathBuf| path.file_name().map(PathBuf::from);
    let recipe = Recipe {
        start: run.recipe.start.as_ref().and_then(file_alone),
        teacher: run.recipe.teacher.as_ref().and_then(file_alone),
        ..run.recipe.clone()
    };
    let _ = write!(
        text,
        "On a CPU the same recipe and files give the same network. The recipe, of Marquee {version}:\n\n\
         ```toml\n{recipe}```\n",
        version = run.info.marquee,
        recipe = recipe.to_toml(),
    );
    text
}

/// The command that builds the dataset.
fn build_command(dataset: &Dataset) -> String {
    let summary = dataset.summary();
    let mut build = "marquee build --manifest movies.csv --posters posters.tar".to_owned();
    if summary.cleaning.alternates > 0 {
        build += " \\\n  --manifest alternates.csv --posters alternates.tar --alternates";
    }
    if !summary.cleaning.rotated.is_empty() {
        build += " --balance";
    }
    for hash in &summary.apart_from {
        let _ = write!(
            build,
            " \\\n  --apart-from DATASET-{}",
            &hash[..8.min(hash.len())]
        );
    }
    if summary.protocol == Protocol::Student {
        build += " --protocol student";
    }
    build += " \\\n  ";
    if let Some(split) = summary.split {
        let _ = write!(build, "--split {split} --seed {} ", summary.seed);
    }
    build + "--out dataset"
}

/// The options of `marquee export` that differ from the defaults.
fn export_options(card: &ModelCard) -> String {
    let mut options = match (card.precision, card.bits) {
        (Precision::Single, _) => String::new(),
        (Precision::Half, None) => " --half".to_owned(),
        (Precision::Half, Some(bits)) => format!(" --half --bits {bits}"),
    };
    if card.prior_correction != prior::DEFAULT_SHARE {
        let _ = write!(options, " --prior-correction {}", card.prior_correction);
    }
    options
}

/// Licences, and where the data come from.
pub(super) fn sources(training: &Training) -> String {
    match training.start() {
        Some(start) => format!(
            "{}\nThe weights that training started from have their own authors and licence: {start}.\n",
            texts::SOURCES
        ),
        None => texts::SOURCES.to_owned(),
    }
}
