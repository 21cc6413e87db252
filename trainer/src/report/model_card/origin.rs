use std::fmt::Write as _;
use std::path::PathBuf;

use marquee_models::file::Precision;

use super::{ModelCard, words};
use crate::dataset::Protocol;
use crate::evaluation::prior;
use crate::html::numbers::{counted, duration, thousands};
use crate::training::{Recipe, Run};

/// What a run had beside the labels: weights to start from, a teacher.
pub(super) fn help(run: &Run) -> String {
    let mut text = String::new();
    if let Some(start) = &run.info.start {
        let _ = writeln!(
            text,
            "\nIt did not start at random, but from weights that were there ({start})."
        );
    }
    if let Some(teacher) = &run.info.teacher {
        let _ = writeln!(
            text,
            "\nIt was taught: {:.0} % of its targets are what another network answers of the same \
             posters, which was trained on no other films' ({teacher}).",
            100.0 * run.recipe.teacher_share
        );
    }
    text
}

/// How long a run took, and on what; nothing where it keeps no log.
pub(super) fn cost(run: &Run) -> String {
    if run.epochs.is_empty() {
        return String::new();
    }
    let seconds: f64 = run.epochs.iter().map(|log| log.seconds).sum();
    format!(
        " Trained for {} in {} ({} seconds), evaluation included; device: {}.",
        counted(run.epochs.len(), "epoch", "epochs"),
        duration(seconds),
        thousands(seconds.round() as usize),
        run.info.device
    )
}

/// The parts that say where the network comes from.
impl ModelCard<'_> {
    pub(super) fn sources(&self) -> String {
        match self.run.and_then(|run| run.info.start.as_ref()) {
            Some(start) => format!(
                "{}\nThe weights that it started from have authors and a licence of their own: {start}.\n",
                words::SOURCES
            ),
            None => words::SOURCES.to_owned(),
        }
    }

    pub(super) fn reproduction(&self) -> String {
        let file = self.file;
        let trained = match self.run {
            Some(run) => {
                let made = run.info.commands.iter();
                let made = made.fold(String::new(), |all, command| all + command + "\n");
                made + "marquee train --data dataset --recipe recipe.toml --out run"
            }
            None => format!(
                "marquee import --data dataset --network {network} --weights weights.safetensors \\\n  \
                 --out run/best.safetensors",
                network = self.model.metadata().network
            ),
        };
        let mut text = format!(
            "From the same films and posters, whose dataset then has the content hash above:\n\n\
             ```sh\n{build}\n{trained}\n\
             marquee export --run run --data dataset --out {file}{options}\n\
             marquee evaluate --data dataset --model {file}\n```\n\n",
            build = self.build(),
            options = self.options(),
        );
        let Some(run) = self.run else {
            text += "The weights were trained outside Marquee; how, this card cannot say.\n";
            return text;
        };
        // where the files lay is nobody's business
        let file_alone = |path: &PathBuf| path.file_name().map(PathBuf::from);
        let recipe = Recipe {
            start: run.recipe.start.as_ref().and_then(file_alone),
            teacher: run.recipe.teacher.as_ref().and_then(file_alone),
            ..run.recipe.clone()
        };
        let _ = write!(
            text,
            "On a CPU the same recipe, with the same files, gives the same network. The recipe, of \
             Marquee {version}:\n\n```toml\n{recipe}```\n",
            version = run.info.marquee,
            recipe = recipe.to_toml(),
        );
        text
    }

    /// The command that builds the dataset.
    fn build(&self) -> String {
        let summary = self.dataset.summary();
        let mut build = "marquee build --manifest movies.csv --posters posters.tar".to_owned();
        if summary.cleaning.alternates > 0 {
            build += " \\\n  --manifest alternates.csv --posters alternates.tar --alternates";
        }
        if !summary.cleaning.rotated.is_empty() {
            build += " --balance";
        }
        if summary.protocol == Protocol::Student {
            build += " --protocol student";
        }
        let _ = write!(
            build,
            " \\\n  --split {} --seed {} --out dataset",
            summary.split, summary.seed
        );
        build
    }

    /// The options that the file was exported with, but for those that everyone has.
    fn options(&self) -> String {
        let mut options = match (self.precision, self.bits) {
            (Precision::Single, _) => String::new(),
            (Precision::Half, None) => " --half".to_owned(),
            (Precision::Half, Some(bits)) => format!(" --half --bits {bits}"),
        };
        if self.prior_correction != prior::DEFAULT_SHARE {
            let _ = write!(options, " --prior-correction {}", self.prior_correction);
        }
        options
    }
}
