use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use marquee_models::network::NetworkName;
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use super::augment::Augment;
use super::schedule::Schedule;
use super::watch::Watch;
use crate::dataset::ClassWeighting;

/// How a network is trained. On a CPU, two runs of the same recipe on the same dataset give the same
/// weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recipe {
    /// The network's name, such as `cnn32`.
    pub network: String,
    /// Maximum number of epochs, at least 1.
    pub epochs: usize,
    /// Posters in a batch, at least 1.
    pub batch: usize,
    /// Adam's learning rate, above 0.
    pub learning_rate: f64,
    /// The same for the convolutional blocks alone, at least 0; the linear layers and heads keep the other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_learning_rate: Option<f64>,
    /// How many of the first blocks stay as they are in `start`: their weights, and batch norm's mean and variance.
    #[serde(skip_serializing_if = "is_zero")]
    pub freeze: usize,
    /// How the learning rate changes.
    pub schedule: Schedule,
    /// Which epoch is the best.
    pub watch: Watch,
    /// Training stops after this many epochs without a better one; 0 for never.
    pub patience: usize,
    /// How often films are drawn.
    pub sampler: ClassWeighting,
    /// How much films count in the loss.
    pub class_weights: ClassWeighting,
    /// Weight decay of AdamW (Loshchilov & Hutter 2019), 0 to 1; 0 for none.
    pub weight_decay: f32,
    /// Label smoothing: the share of the target that is spread over all classes, 0 to 1 (Szegedy et
    /// al. 2016).
    pub label_smoothing: f32,
    /// A network that comes with Marquee, by its name, or a file with some or all of the weights to start from; the
    /// others are random. Its metadata may say how posters are normalised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<PathBuf>,
    /// A trained network, shipped or in a file, or a file of one's answers, to distil (Hinton et al. 2015): a small network
    /// learns more from a larger one's doubts than from labels alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teacher: Option<PathBuf>,
    /// The teacher's share of the target, 0 to 1, if there is one.
    pub teacher_share: f32,
    /// Weight, at least 0, of the genres' loss (mean binary cross-entropy) beside the class's.
    pub genre_weight: f32,
    /// Weight, at least 0, of the score's loss (negative log-likelihood) beside the class's.
    pub score_weight: f32,
    /// Decay, 0 to 1, of an exponential moving average of the weights, such as 0.999 (Polyak & Juditsky
    /// 1992). The average is then evaluated and written. 0 for none.
    pub ema: f32,
    /// How posters are changed while training.
    pub augment: Augment,
    /// Random seed of weights, sampling and augmentation.
    pub seed: u64,
}

impl Default for Recipe {
    fn default() -> Recipe {
        Recipe {
            network: NetworkName::Cnn32.to_string(),
            epochs: 100,
            batch: 256,
            learning_rate: 0.001,
            block_learning_rate: None,
            freeze: 0,
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
    /// The recipe's file in a run's folder.
    pub(super) const FILE: &str = "recipe.toml";

    /// The recipes that Marquee comes with: the name of each, and its TOML.
    pub const SHIPPED: [(&str, &str); 6] = [
        ("cnn32", include_str!("../../recipes/cnn32.toml")),
        ("cnn64", include_str!("../../recipes/cnn64.toml")),
        ("deepcnn32", include_str!("../../recipes/deepcnn32.toml")),
        ("own", include_str!("../../recipes/own.toml")),
        ("posternet", include_str!("../../recipes/posternet.toml")),
        ("student", include_str!("../../recipes/student.toml")),
    ];

    /// Reads one of the [`SHIPPED`](Self::SHIPPED) recipes by its name, or a recipe's TOML file. Keys that it lacks
    /// have their default values.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or has an unknown key or an impossible value.
    pub fn read(path: &Path) -> Result<Recipe> {
        let shown = path.display();
        let shipped = Recipe::SHIPPED
            .iter()
            .find(|(name, _)| Path::new(name) == path);
        let text = match shipped {
            Some((_, text)) => (*text).to_owned(),
            None => std::fs::read_to_string(path).with_context(|| {
                let names = Recipe::SHIPPED.map(|(name, _)| name).join(", ");
                format!("cannot read the recipe {shown}; name a TOML file, or one of {names}")
            })?,
        };
        let recipe: Recipe =
            toml::from_str(&text).with_context(|| format!("{shown} is not a recipe"))?;
        recipe
            .check()
            .with_context(|| format!("{shown} is not a recipe"))?;
        Ok(recipe)
    }

    /// Refuses impossible values.
    ///
    /// # Errors
    ///
    /// If the network is unknown, or a number is out of its range.
    pub fn check(&self) -> Result<()> {
        self.network.parse::<NetworkName>()?;
        for (key, count) in [("epochs", self.epochs), ("batch", self.batch)] {
            ensure!(count > 0, "{key} is 0; it must be at least 1");
        }
        let rate = self.learning_rate;
        ensure!(
            rate > 0.0 && rate.is_finite(),
            "learning_rate is {rate}; it must be above 0"
        );
        let blocks = self.block_learning_rate.unwrap_or(rate) as f32;
        let at_least_0 = [
            ("block_learning_rate", blocks),
            ("genre_weight", self.genre_weight),
            ("score_weight", self.score_weight),
            ("augment.mixup", self.augment.mixup),
        ];
        for (key, number) in at_least_0 {
            ensure!(
                number >= 0.0 && number.is_finite(),
                "{key} is {number}; it must be at least 0"
            );
        }
        let shares = [
            ("weight_decay", self.weight_decay),
            ("label_smoothing", self.label_smoothing),
            ("teacher_share", self.teacher_share),
            ("ema", self.ema),
            ("augment.crop", self.augment.crop),
            ("augment.shrink", self.augment.shrink),
            ("augment.shift", self.augment.shift),
            ("augment.jitter", self.augment.jitter),
            ("augment.rotate", self.augment.rotate),
            ("augment.erase", self.augment.erase),
        ];
        for (key, share) in shares {
            ensure!(
                (0.0..=1.0).contains(&share),
                "{key} is {share}; it must be from 0 to 1"
            );
        }
        Ok(())
    }

    /// The learning rate of linear layers and heads, and that of the blocks, after this share of the run, 0 to 1,
    /// before a plateau lowers them.
    pub(super) fn learning_rates_at(&self, done: f64) -> (f64, f64) {
        let factor = self.schedule.factor(done);
        let blocks = self.block_learning_rate.unwrap_or(self.learning_rate);
        (self.learning_rate * factor, blocks * factor)
    }

    /// What differs in another recipe, such as `batch 8 (now 16)`.
    pub(super) fn differences(&self, now: &Recipe) -> Vec<String> {
        let (before, now) = (self.values(), now.values());
        let keys: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
        let shown = |value: Option<&Value>| value.map_or("none".to_owned(), Value::to_string);
        let changed = keys
            .into_iter()
            .filter(|key| before.get(*key) != now.get(*key));
        changed
            .map(|key| {
                let (before, now) = (before.get(key), now.get(key));
                format!("{key} {} (now {})", shown(before), shown(now))
            })
            .collect()
    }

    /// The values by their keys in TOML, such as `augment.mixup`.
    fn values(&self) -> BTreeMap<String, Value> {
        let table: Table = toml::from_str(&self.to_toml()).expect("it was just written");
        let mut values = BTreeMap::new();
        for (key, value) in table {
            match value {
                Value::Table(inner) => values.extend(
                    inner
                        .into_iter()
                        .map(|(field, value)| (format!("{key}.{field}"), value)),
                ),
                value => _ = values.insert(key, value),
            }
        }
        values
    }

    /// The recipe as TOML.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("a recipe can be written as TOML")
    }
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_recipes_can_be_read_and_written() {
        let folder = std::fs::read_dir("recipes").expect("the package's folder");
        let mut files: Vec<PathBuf> = folder.flatten().map(|file| file.path()).collect();
        files.sort();
        let names = files.iter().filter_map(|file| file.file_stem()?.to_str());
        assert!(names.eq(Recipe::SHIPPED.map(|(name, _)| name)));
        for (name, _) in Recipe::SHIPPED {
            let recipe = Recipe::read(Path::new(name)).expect("a valid recipe");
            assert!(recipe.network.parse::<NetworkName>().is_ok());
            let again: Recipe = toml::from_str(&recipe.to_toml()).expect("it was just written");
            assert_eq!(again, recipe);
        }
    }

    #[test]
    fn impossible_values_are_refused_by_name() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let file = folder.path().join("mine.toml");
        for (key, value) in [
            ("network", "\"cnn3\""),
            ("epochs", "0"),
            ("batch", "0"),
            ("learning_rate", "0.0"),
            ("learning_rate", "inf"),
            ("block_learning_rate", "-1.0"),
            ("weight_decay", "2.0"),
            ("label_smoothing", "7.0"),
            ("teacher_share", "4.0"),
            ("genre_weight", "-1.0"),
            ("score_weight", "nan"),
            ("ema", "3.0"),
            ("augment.crop", "5.0"),
            ("augment.shrink", "5.0"),
            ("augment.shift", "-3.0"),
            ("augment.jitter", "2.0"),
            ("augment.rotate", "9.0"),
            ("augment.erase", "4.0"),
            ("augment.mixup", "-2.0"),
        ] {
            std::fs::write(&file, format!("{key} = {value}")).expect("it can be written");
            let error = Recipe::read(&file).expect_err(key);
            let error = format!("{error:#}");
            let named = if key == "network" { "cnn3" } else { key };
            assert!(
                error.contains("mine.toml") && error.contains(named),
                "{key} = {value}: {error}"
            );
        }
    }

    #[test]
    fn unknown_keys_are_refused() {
        assert!(toml::from_str::<Recipe>("epoch = 3").is_err());
        assert!(toml::from_str::<Recipe>("[augment]\nspin = 1").is_err());
        let short: Recipe = toml::from_str("epochs = 3").expect("the rest is the default's");
        assert_eq!((short.epochs, short.batch), (3, Recipe::default().batch));
    }
}
