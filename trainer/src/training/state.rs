use anyhow::{Result, ensure};
use burn::optim::ModuleOptimizer;
use marquee_models::burn::Net;
use serde::{Deserialize, Serialize};

use super::recipe::Recipe;
use super::schedule::Schedule;

/// All that changes while a network is trained.
pub(super) struct State {
    pub(super) net: Net,
    pub(super) optimizer: ModuleOptimizer,
    /// The moving average of the weights, if the recipe asks for one.
    pub(super) average: Option<Net>,
    pub(super) progress: Progress,
}

/// How far a run is: `progress.json` of a checkpoint.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Progress {
    /// The recipe. A run is only resumed with the same.
    pub(super) recipe: Recipe,
    /// Content hash of the dataset.
    pub(super) dataset: String,
    /// SHA-256 of the file of weights that the run started from, if it did not start at random.
    #[serde(default)]
    pub(super) start: Option<String>,
    /// Epochs that are done.
    pub(super) epoch: usize,
    /// Batches of the next epoch that are done.
    pub(super) step: usize,
    /// The best epoch's score, the higher the better, and the epoch itself.
    pub(super) best: Option<(f64, usize)>,
    /// The factor that plateaus have made of the learning rate.
    pub(super) rate: f64,
    /// Epochs since the last better one, or since this factor changed.
    pub(super) waited: usize,
}

impl Progress {
    /// Refuses to go on with another dataset, or by another recipe.
    pub(super) fn check(&self, dataset: &str, recipe: &Recipe) -> Result<()> {
        ensure!(
            self.dataset == dataset,
            "the run was begun on another dataset; name another --out for a run on this one"
        );
        let same = Recipe {
            epochs: recipe.epochs,
            patience: recipe.patience,
            ..self.recipe.clone()
        };
        ensure!(
            same == *recipe,
            "the run was begun with {}; its recipe.toml, as --recipe, has what it was begun with, and only --epochs and \
             --patience may change. For a run by this recipe, name another --out",
            same.differences(recipe).join(", ")
        );
        Ok(())
    }

    /// Whether the recipe's patience has ended.
    pub(super) fn is_out_of_patience(&self, recipe: &Recipe) -> bool {
        let waited = self.best.map_or(0, |(_, epoch)| self.epoch - epoch);
        recipe.patience > 0 && waited >= recipe.patience
    }

    /// Whether no epoch had so high a score.
    pub(super) fn is_better(&self, score: f64) -> bool {
        self.best.is_none_or(|(highest, _)| score > highest)
    }

    /// Notes an epoch's score, and lowers the learning rate on a plateau.
    pub(super) fn record(&mut self, score: f64, better: bool) {
        if better {
            self.best = Some((score, self.epoch));
            self.waited = 0;
        } else if self.recipe.schedule == Schedule::Plateau {
            self.waited += 1;
            if self.waited == Schedule::PLATEAU {
                (self.waited, self.rate) = (0, self.rate / 10.0);
            }
        }
    }
}
