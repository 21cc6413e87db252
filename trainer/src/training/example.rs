use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::augment::Augment;

/// A row of the dataset to train on, or two rows that MixUp mixes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Example {
    pub(super) first: usize,
    pub(super) second: usize,
    /// The share of the first row, 0 to 1.
    pub(super) share: f32,
}

impl Example {
    /// Makes an example of each row. If MixUp is asked for, its second row is another of these rows.
    pub(super) fn batch(rows: &[usize], augment: &Augment, rng: &mut ChaCha8Rng) -> Vec<Example> {
        let mut others = rows.to_vec();
        if augment.mixup > 0.0 {
            others.shuffle(rng);
        }
        let pairs = rows.iter().zip(others);
        pairs
            .map(|(&first, second)| Example {
                first,
                second,
                share: augment.mixing_share(rng),
            })
            .collect()
    }

    /// A value of the rows, mixed as the rows are.
    pub(super) fn mix(self, value: impl Fn(usize) -> f32) -> f32 {
        self.share * value(self.first) + (1.0 - self.share) * value(self.second)
    }
}
