use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use marquee_models::network::NetworkName;
use serde::{Deserialize, Serialize};

use super::{Augment, SplitLog};
use crate::dataset::ClassWeighting;

/// What a run does; two runs of the same recipe on the same dataset give the same weights on a
/// CPU.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recipe {
    /// Which network.
    pub network: String,
    /// The most epochs.
    pub epochs: usize,
    /// Posters a step.
    pub batch: usize,
    /// Adam's learning rate.
    pub learning_rate: f64,
    /// How it changes.
    pub schedule: Schedule,
    /// What says which epoch was the best.
    pub watch: Watch,
    /// Epochs without a better one after which to stop; 0 for never.
    pub patience: usize,
    /// How often the films of rare classes are trained on.
    pub sampler: ClassWeighting,
    /// How much their loss weighs.
    pub class_weights: ClassWeighting,
    /// What is taken off every weight at each step, as a share of it times the learning rate
    /// (AdamW; Loshchilov & Hutter 2019). 0 for nothing.
    pub weight_decay: f32,
    /// Share of the target that is spread over all classes (Szegedy et al. 2016).
    pub label_smoothing: f32,
    /// A file of some or all of the network's weights, to start from; those that it lacks are
    /// random. Its metadata says what the posters are then normalised by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<PathBuf>,
    /// A trained network whose answers are part of the target (Hinton et al. 2015): a small network
    /// learns more from a larger one's doubts than from labels alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teacher: Option<PathBuf>,
    /// The teacher's share of the target, where there is one.
    pub teacher_share: f32,
    /// How much the mean cross-entropy of the genres counts beside the class's, for a network that
    /// answers them.
    pub genre_weight: f32,
    /// How much the score's negative log-likelihood counts, likewise.
    pub score_weight: f32,
    /// Share of the old that an exponential moving average of the weights keeps at each step, such
    /// as 0.999 (Polyak & Juditsky 1992); the average is then what is judged and kept. 0 for none.
    pub ema: f32,
    /// How posters are changed.
    pub augment: Augment,
    /// Seed of the weights, the sampler and the augmentation.
    pub seed: u64,
}

impl Default for Recipe {
    fn default() -> Recipe {
        Recipe {
            network: NetworkName::Cnn32.to_string(),
            epochs: 100,
            batch: 256,
            learning_rate: 0.001,
            schedule: Schedule::default(),
            watch: Watch::default(),
            patience: 10,
            sampler: ClassWeighting::Sqrt,
            class_weights: ClassWeighting::None,
            weight_decay: 0.0,
            label_smoothing: 0.1,
            start: None,
            teacher: None,
            teacher_share: 0.7,
            genre_weight: 3.0,
            score_weight: 0.2,
            ema: 0.0,
            augment: Augment::default(),
            seed: 1,
        }
    }
}

impl Recipe {
    /// Reads a recipe's TOML file. What it does not say is as in the default.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, or says what no recipe has.
    pub fn read(path: &Path) -> Result<Recipe> {
        let shown = path.display();
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read the recipe {shown}"))?;
        toml::from_str(&text).with_context(|| format!("{shown} is no recipe"))
    }

    /// The learning rate at this share of the run, 0 to 1, before a plateau changes it.
    pub(super) fn rate(&self, done: f64) -> f64 {
        self.learning_rate * self.schedule.factor(done)
    }

    /// The recipe as TOML.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("a recipe can be written as TOML")
    }
}

/// How the learning rate changes over a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// It does not.
    #[default]
    Constant,
    /// It falls along half a cosine to zero at the last epoch (Loshchilov & Hutter 2017).
    Cosine,
    /// It rises from a 25th for three tenths of the run, then falls along half a cosine to nearly
    /// zero (Smith & Topin 2018, as PyTorch's `OneCycleLR`).
    OneCycle,
    /// It falls to a tenth whenever five epochs brought nothing better, by what is watched
    /// (PyTorch's `ReduceLROnPlateau`).
    Plateau,
}

impl Schedule {
    /// Epochs without a better one after which a plateau lowers the learning rate.
    pub(super) const PLATEAU: usize = 5;

    /// The factor at this share of the run, 0 to 1.
    fn factor(self, done: f64) -> f64 {
        const WARM_UP: f64 = 0.3;
        const FIRST: f64 = 1.0 / 25.0;
        const LAST: f64 = FIRST / 1e4;
        // from one value to another along half a cosine
        let swing = |from: f64, to: f64, done: f64| {
            to + (from - to) * 0.5 * (1.0 + (std::f64::consts::PI * done).cos())
        };
        match self {
            Schedule::Constant | Schedule::Plateau => 1.0,
            Schedule::Cosine => swing(1.0, 0.0, done),
            Schedule::OneCycle if done < WARM_UP => swing(FIRST, 1.0, done / WARM_UP),
            Schedule::OneCycle => swing(1.0, LAST, (done - WARM_UP) / (1.0 - WARM_UP)),
        }
    }
}

/// What says which epoch was the best, on the validation split.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Watch {
    /// The lowest cross-entropy.
    #[default]
    Loss,
    /// The highest macro-F1: a sampler that favours rare classes raises it, and the loss with it.
    MacroF1,
    /// The last one, as suits a learning rate that falls to zero; training never stops early.
    Last,
}

impl Watch {
    /// The higher, the better.
    pub(super) fn score(self, log: &SplitLog, epoch: usize) -> f64 {
        match self {
            Watch::Loss => -log.loss,
            Watch::MacroF1 => log.macro_f1,
            Watch::Last => epoch as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recipes_that_are_shipped_are_sound_and_what_is_printed_is_read_again() {
        let folder = std::fs::read_dir("recipes").expect("the package's folder");
        let mut count = 0;
        for file in folder.flatten() {
            let recipe = Recipe::read(&file.path()).expect("a sound recipe");
            assert!(recipe.network.parse::<NetworkName>().is_ok());
            let again: Recipe = toml::from_str(&recipe.to_toml()).expect("it was just printed");
            assert_eq!(again, recipe);
            count += 1;
        }
        assert!(count > 0);
    }

    /// The figures are those of PyTorch's `OneCycleLR(max_lr=1, total_steps=101)`.
    #[test]
    fn one_cycle_rises_and_falls() {
        let near = |done: f64, expected: f64| {
            let factor = Schedule::OneCycle.factor(done);
            assert!((factor - expected).abs() < 1e-3, "{done}: {factor}");
        };
        near(0.0, 0.04);
        near(0.15, 0.52);
        near(0.3, 1.0);
        near(0.65, 0.5);
        near(1.0, 0.0);
        assert_eq!(Schedule::Cosine.factor(0.5), 0.5);
    }

    #[test]
    fn what_no_recipe_has_is_refused() {
        assert!(toml::from_str::<Recipe>("epoch = 3").is_err());
        assert!(toml::from_str::<Recipe>("[augment]\nspin = 1").is_err());
        let short: Recipe = toml::from_str("epochs = 3").expect("the rest is the default's");
        assert_eq!((short.epochs, short.batch), (3, Recipe::default().batch));
    }
}
