//! What is reached without looking at a poster, or without looking closely: a network that is not
//! clearly better has learned nothing.

mod logistic;

use marquee_models::network::CHANNELS;
use rand::SeedableRng;
use rand::distr::Distribution;
use rand::distr::weighted::WeightedIndex;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::Serialize;

use crate::dataset::{Dataset, Pixels, Split};
use crate::evaluation::bootstrap::{self, Estimate};
use crate::evaluation::calibration::Answers;
use crate::evaluation::metrics::Confusion;
use crate::training::Balance;
use logistic::Logistic;

/// Steps that each of red, green and blue is divided into for the histogram.
const STEPS: usize = 4;

/// Bins of the colour histogram.
const BINS: usize = STEPS * STEPS * STEPS;

/// How good one way to name films' classes is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Baseline {
    /// What it does, in a few words.
    pub name: &'static str,
    /// Macro-F1, 0 to 1.
    pub macro_f1: Estimate,
    /// Accuracy, 0 to 1.
    pub accuracy: Estimate,
    /// Mean cross-entropy in nats, for one that gives probabilities.
    pub loss: Option<f64>,
}

/// Macro-F1 and accuracy of predicted classes, each with its interval.
pub fn estimates(classes: usize, truths: &[usize], predicted: &[usize]) -> [Estimate; 2] {
    let confusion = |times: &[u32]| {
        let mut confusion = Confusion::new(classes);
        for ((&truth, &predicted), &times) in truths.iter().zip(predicted).zip(times) {
            confusion.add_predicted(truth, predicted, times as usize);
        }
        confusion
    };
    [Confusion::macro_f1, Confusion::accuracy]
        .map(|figure| bootstrap::estimate(truths.len(), |times| figure(&confusion(times))))
}

/// Judges the baselines by the same films as a network.
///
/// All they know is the training split. The logistic regression counts rare classes' films by the
/// square root of their inverse frequency, as networks are trained by default, and its temperature
/// is fitted on the validation split, as a network's is.
pub fn baselines(dataset: &Dataset, pixels: &Pixels, films: &[usize]) -> Vec<Baseline> {
    let classes = dataset.summary().labels.len();
    let classes_of =
        |films: &[usize]| -> Vec<usize> { films.iter().map(|&film| dataset.class(film)).collect() };
    let truths = classes_of(films);
    let training = dataset.films(Split::Train);
    let mut counts = vec![0_usize; classes];
    for class in classes_of(&training) {
        counts[class] += 1;
    }
    let baseline = |name, predicted: &[usize], loss| {
        let [macro_f1, accuracy] = estimates(classes, &truths, predicted);
        Baseline {
            name,
            macro_f1,
            accuracy,
            loss,
        }
    };

    let mut commonest = 0;
    for class in 0..classes {
        if counts[class] > counts[commonest] {
            commonest = class;
        }
    }
    let mut all = vec![baseline(
        "Always the commonest class",
        &vec![commonest; films.len()],
        None,
    )];

    if let Ok(weighted) = WeightedIndex::new(&counts) {
        let rng = ChaCha8Rng::seed_from_u64(0);
        let guessed: Vec<usize> = weighted.sample_iter(rng).take(films.len()).collect();
        // a class without training films is not told to be impossible
        let logits = counts.iter().map(|&count| (count.max(1) as f32).ln());
        let logits: Vec<f32> = logits.collect();
        let prior = Answers::new(classes, logits.repeat(films.len()), truths.clone());
        all.push(baseline(
            "Guessing by the classes' frequencies",
            &guessed,
            Some(prior.loss(1.0)),
        ));

        let histograms = |films: &[usize]| -> Vec<f32> {
            let histogram = |&film: &usize| histogram(pixels.poster(film));
            films.par_iter().flat_map_iter(histogram).collect()
        };
        let trained_on = classes_of(&training);
        let weights = Balance::Sqrt.of_classes(trained_on.iter().copied(), classes);
        let weights: Vec<f32> = trained_on.iter().map(|&class| weights[class]).collect();
        let logistic = Logistic::fit(classes, BINS, &histograms(&training), &trained_on, &weights);
        let answer = |films: &[usize]| {
            Answers::new(
                classes,
                logistic.logits(&histograms(films)),
                classes_of(films),
            )
        };
        let validation = dataset.films(Split::Validation);
        let temperature = match validation.is_empty() {
            true => 1.0,
            false => answer(&validation).fit_temperature(),
        };
        let answers = answer(films);
        let loss = Some(answers.loss(temperature));
        all.push(baseline(
            "Logistic regression on the colours",
            &answers.predicted(),
            loss,
        ));
    }
    all
}

/// Share of a poster's pixels in each of 4×4×4 ranges of red, green and blue; square roots, since
/// small shares tell as much as large ones.
fn histogram(poster: &[u8]) -> [f32; BINS] {
    let mut counts = [0_u32; BINS];
    for pixel in poster.chunks_exact(CHANNELS) {
        let bin = pixel.iter().fold(0, |bin, &value| {
            bin * STEPS + usize::from(value) * STEPS / 256
        });
        counts[bin] += 1;
    }
    let pixels = (poster.len() / CHANNELS).max(1) as f32;
    counts.map(|count| (count as f32 / pixels).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_counts_each_pixel_once() {
        let poster = [[0, 0, 0], [255, 255, 255], [255, 0, 70], [192, 63, 127]];
        let histogram = histogram(poster.as_flattened());
        let filled: Vec<(usize, f32)> = (0..BINS)
            .map(|bin| (bin, histogram[bin]))
            .filter(|(_, share)| *share > 0.0)
            .collect();
        assert_eq!(filled, [(0, 0.5), (49, 0.5_f32.sqrt()), (63, 0.5)]);
    }

    #[test]
    fn the_estimates_are_those_of_the_predictions() {
        let truths: Vec<usize> = (0..300).map(|film| film % 3).collect();
        let predicted: Vec<usize> = (0..300).map(|film| film % 2).collect();
        let [macro_f1, accuracy] = estimates(3, &truths, &predicted);
        assert!((accuracy.value - 1.0 / 3.0).abs() < 1e-9);
        // F1 2/5 for two classes, none for the third
        assert!((macro_f1.value - 4.0 / 15.0).abs() < 1e-9);
        assert!(accuracy.interval.low > 0.27 && accuracy.interval.high < 0.39);
    }
}
