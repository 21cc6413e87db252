use burn::tensor::{Device, Tensor, TensorData};
use marquee_models::network::CHANNELS;
use marquee_models::preprocess;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::example::Example;
use super::recipe::Recipe;
use crate::dataset::{Dataset, Pixels, Statistics};

/// Draws the rows of an epoch, and turns them into batches of a network's inputs.
pub(super) struct DataLoader<'a> {
    pub(super) recipe: &'a Recipe,
    pub(super) dataset: &'a Dataset,
    /// The rows to train on.
    pub(super) rows: Vec<usize>,
    pub(super) pixels: Pixels,
    /// Mean and deviation by which posters are normalised.
    pub(super) statistics: Statistics,
    /// Where batches are put, with autodiff.
    pub(super) device: Device,
}

impl DataLoader<'_> {
    /// The rows of an epoch in the order to train on them.
    pub(super) fn order(&self, epoch: usize) -> Vec<usize> {
        let classes = self.dataset.summary().labels.len();
        let class = |row| self.dataset.class(row);
        let rng = &mut self.rng(epoch, 0);
        self.recipe.sampler.draw(&self.rows, classes, class, rng)
    }

    /// A batch of these rows: the examples, and their inputs, `[batch, channel, height, width]`,
    /// augmented and normalised.
    pub(super) fn batch(
        &self,
        rows: &[usize],
        epoch: usize,
        step: usize,
    ) -> (Vec<Example>, Tensor<4>) {
        let mut rng = self.rng(epoch, step + 1);
        let examples = Example::batch(rows, &self.recipe.augment, &mut rng);
        // every example has random numbers of its own, whichever core makes it
        let seeds: Vec<u64> = examples.iter().map(|_| rng.random()).collect();
        let inputs: Vec<Vec<f32>> = examples
            .par_iter()
            .zip(seeds)
            .map(|(example, seed)| self.input(*example, &mut ChaCha8Rng::seed_from_u64(seed)))
            .collect();
        let size = self.pixels.size();
        let shape = [examples.len(), CHANNELS, size.height, size.width];
        let inputs = TensorData::new(inputs.concat(), shape);
        (examples, Tensor::from_data(inputs, &self.device))
    }

    /// Every batch has random numbers of its own, so that an interrupted epoch continues as if it
    /// had not been interrupted.
    fn rng(&self, epoch: usize, step: usize) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::seed_from_u64(self.recipe.seed);
        rng.set_stream(((epoch as u64) << 32) | step as u64);
        rng
    }

    fn input(&self, example: Example, rng: &mut ChaCha8Rng) -> Vec<f32> {
        let size = self.pixels.size();
        let Statistics { mean, std } = self.statistics;
        let mut input = |row| {
            let mut poster = Vec::with_capacity(CHANNELS * size.pixels());
            let mut input = Vec::with_capacity(CHANNELS * size.pixels());
            let original = self.pixels.poster(row);
            self.recipe.augment.apply(&original, size, rng, &mut poster);
            preprocess::normalise_into(&poster, &mean, &std, &mut input);
            input
        };
        let mut first = input(example.first);
        if example.share < 1.0 {
            for (first, second) in first.iter_mut().zip(input(example.second)) {
                *first = example.share * *first + (1.0 - example.share) * second;
            }
        }
        first
    }
}
