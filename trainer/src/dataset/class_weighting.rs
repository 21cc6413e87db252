use rand::distr::weighted::WeightedIndex;
use rand::seq::SliceRandom;
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

/// How much more a film of a rare class counts than one of a common class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum ClassWeighting {
    /// All films count the same
    #[default]
    None,
    /// By the square root of the class's inverse frequency
    Sqrt,
    /// By the class's inverse frequency, so that all classes count the same
    Inverse,
}

impl ClassWeighting {
    fn weight(self, films_of_class: usize) -> f64 {
        let frequency = films_of_class as f64;
        match self {
            ClassWeighting::None => 1.0,
            ClassWeighting::Sqrt => frequency.sqrt().recip(),
            ClassWeighting::Inverse => frequency.recip(),
        }
    }

    /// The weight of a film of each class, 1 on average over films of these classes.
    ///
    /// # Panics
    ///
    /// If a class is not below `classes`.
    pub fn weights(self, films: impl Iterator<Item = usize>, classes: usize) -> Vec<f32> {
        let mut counts = vec![0usize; classes];
        films.for_each(|class| counts[class] += 1);
        // a class without films counts as if it had one; its weight is never used
        let weights = counts.iter().map(|&count| self.weight(count.max(1)));
        let weights: Vec<f64> = weights.collect();
        let total: f64 = weights
            .iter()
            .zip(&counts)
            .map(|(w, &n)| w * n as f64)
            .sum();
        let mean = total / counts.iter().sum::<usize>().max(1) as f64;
        weights
            .iter()
            .map(|weight| (weight / mean) as f32)
            .collect()
    }

    /// Draws as many films as there are in `films`: with replacement and by their weight, or all of
    /// them in a random order if all count the same. `class` returns a film's class.
    pub(crate) fn draw(
        self,
        films: &[usize],
        classes: usize,
        class: impl Fn(usize) -> usize,
        rng: &mut impl Rng,
    ) -> Vec<usize> {
        let mut counts = vec![0usize; classes];
        for &film in films {
            counts[class(film)] += 1;
        }
        let weight = |film: &usize| self.weight(counts[class(*film)]);
        let weighted = match self {
            ClassWeighting::None => None,
            _ => WeightedIndex::new(films.iter().map(weight)).ok(),
        };
        match weighted {
            Some(weighted) => films.iter().map(|_| films[rng.sample(&weighted)]).collect(),
            None => {
                let mut order = films.to_vec();
                order.shuffle(rng);
                order
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    /// Share of a class that one film in ten has, in many draws.
    fn share_of_rare(weighting: ClassWeighting) -> f64 {
        let films: Vec<usize> = (0..20_000).collect();
        let rare = |film: usize| usize::from(film.is_multiple_of(10));
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let drawn = weighting.draw(&films, 2, rare, &mut rng);
        drawn.iter().map(|&film| rare(film)).sum::<usize>() as f64 / films.len() as f64
    }

    #[test]
    fn the_weights_are_those_of_the_class_frequencies() {
        assert_eq!(share_of_rare(ClassWeighting::None), 0.1);
        assert!((share_of_rare(ClassWeighting::Inverse) - 0.5).abs() < 0.02);
        // 1·√10 against 9·√(10/9)
        assert!((share_of_rare(ClassWeighting::Sqrt) - 0.25).abs() < 0.02);

        let films = || (0..10).map(|film| usize::from(film == 0));
        assert_eq!(ClassWeighting::None.weights(films(), 2), [1.0, 1.0]);
        // nine films of one class weigh as much as the one of the other
        let inverse = ClassWeighting::Inverse.weights(films(), 2);
        assert!((inverse[0] * 9.0 - inverse[1]).abs() < 1e-5 && (inverse[1] - 5.0).abs() < 1e-5);
    }
}
