//! From films to a batch of a network's inputs.

use burn::tensor::{Tensor, TensorData};
use marquee_models::network::CHANNELS;
use marquee_models::preprocess;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::Trainer;
use super::objective::Mixed;
use crate::dataset::Statistics;

impl Trainer<'_> {
    /// Pairs each film with another of the batch, where the recipe mixes them.
    pub(super) fn mix(&self, films: &[usize], rng: &mut ChaCha8Rng) -> Vec<Mixed> {
        if self.recipe.augment.mixup <= 0.0 {
            return films.iter().copied().map(Mixed::only).collect();
        }
        let mut others = films.to_vec();
        others.shuffle(rng);
        let pairs = films.iter().zip(others);
        let mixed = pairs.map(|(&first, second)| Mixed {
            first,
            second,
            share: self.recipe.augment.share(rng),
        });
        mixed.collect()
    }

    /// A batch's normalised inputs, changed as the recipe says.
    pub(super) fn inputs(&self, batch: &[Mixed], rng: &mut ChaCha8Rng) -> Tensor<4> {
        let size = self.pixels.size();
        // every example has random numbers of its own, whichever core it is made on
        let seeds: Vec<u64> = batch.iter().map(|_| rng.random()).collect();
        let examples: Vec<Vec<f32>> = batch
            .par_iter()
            .zip(seeds)
            .map(|(mixed, seed)| self.example(*mixed, &mut ChaCha8Rng::seed_from_u64(seed)))
            .collect();
        let shape = [batch.len(), CHANNELS, size.height, size.width];
        Tensor::from_data(TensorData::new(examples.concat(), shape), &self.device)
    }

    fn example(&self, mixed: Mixed, rng: &mut ChaCha8Rng) -> Vec<f32> {
        let size = self.pixels.size();
        let Statistics { mean, std } = self.statistics;
        let mut input = |row| {
            let mut poster = Vec::with_capacity(self.network.input_len());
            let mut input = Vec::with_capacity(self.network.input_len());
            let original = self.pixels.poster(row);
            self.recipe.augment.apply(original, size, rng, &mut poster);
            preprocess::normalise_into(&poster, &mean, &std, &mut input);
            input
        };
        let mut first = input(mixed.first);
        if mixed.share < 1.0 {
            for (first, second) in first.iter_mut().zip(input(mixed.second)) {
                *first = mixed.share * *first + (1.0 - mixed.share) * second;
            }
        }
        first
    }
}
