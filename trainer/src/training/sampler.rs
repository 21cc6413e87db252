use rand::distr::weighted::WeightedIndex;
use rand::seq::SliceRandom;
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

/// How often the films of a class are trained on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Sampler {
    /// Every film once an epoch.
    None,
    /// Weighted by the square root of the class's inverse frequency.
    #[default]
    Sqrt,
    /// Weighted by the class's inverse frequency: every class comes equally often.
    Inverse,
}

impl Sampler {
    /// The films of one epoch, as many as there are in `films`, in the order to train on them.
    ///
    /// Weighted films are drawn with replacement. `class` says a film's class.
    pub fn epoch(
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
        let weight = |film: &usize| {
            let frequency = counts[class(*film)] as f64;
            match self {
                Sampler::None => 1.0,
                Sampler::Sqrt => frequency.sqrt().recip(),
                Sampler::Inverse => frequency.recip(),
            }
        };
        let weighted = match self {
            Sampler::None => None,
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

    /// Share of the rare class (1 film in 10) in many draws.
    fn share_of_rare(sampler: Sampler) -> f64 {
        let films: Vec<usize> = (0..20_000).collect();
        let rare = |film: usize| usize::from(film.is_multiple_of(10));
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let drawn = sampler.epoch(&films, 2, rare, &mut rng);
        drawn.iter().map(|&film| rare(film)).sum::<usize>() as f64 / films.len() as f64
    }

    #[test]
    fn the_weights_are_those_of_the_class_frequencies() {
        assert_eq!(share_of_rare(Sampler::None), 0.1);
        assert!((share_of_rare(Sampler::Inverse) - 0.5).abs() < 0.02);
        // 1·√10 against 9·√(10/9)
        assert!((share_of_rare(Sampler::Sqrt) - 0.25).abs() < 0.02);
    }
}
