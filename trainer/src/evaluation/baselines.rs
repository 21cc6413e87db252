//! How good guesses are that do not look at the poster, or not closely. A network that is not clearly
//! better has learned nothing.

use marquee_evaluation::linear::LinearClassifier;
use marquee_models::network::CHANNELS;
use rand::SeedableRng;
use rand::distr::Distribution;
use rand::distr::weighted::WeightedIndex;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::Serialize;

use super::ClassAnswers;
use super::bootstrap::Estimate;
use super::metrics::macro_f1_and_accuracy;
use crate::dataset::{ClassWeighting, Dataset, Pixels, Split};

/// Ranges that the histogram divides each of red, green and blue into.
const RANGES: usize = 4;

/// Bins of the colour histogram.
const BINS: usize = RANGES * RANGES * RANGES;

/// Weight of the coefficients' squares beside the mean loss: enough to make the solution unique, too
/// little to change it.
const PENALTY: f64 = 1e-4;

/// How good one way to guess films' classes is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Baseline {
    /// What it does, in a few words.
    pub name: &'static str,
    /// Macro-F1, 0 to 1.
    pub macro_f1: Estimate,
    /// Accuracy, 0 to 1.
    pub accuracy: Estimate,
    /// Mean cross-entropy in nats, if it gives probabilities.
    pub loss: Option<f64>,
}

/// Judges the baselines by these films, which are rows of the dataset.
///
/// They learn from the training split alone. As in training by default, the logistic regression
/// weights films by the square root of their class's inverse frequency. Its temperature is calibrated
/// on the validation split, as a network's is.
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
        let [macro_f1, accuracy] = macro_f1_and_accuracy(classes, &truths, predicted);
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
        // a class without training films gets a small probability, not 0
        let logits = counts.iter().map(|&count| (count.max(1) as f32).ln());
        let logits: Vec<f32> = logits.collect();
        let prior = ClassAnswers::new(classes, logits.repeat(films.len()), truths.clone());
        all.push(baseline(
            "Guessing by the classes' frequencies",
            &guessed,
            Some(prior.loss(1.0)),
        ));

        let histograms = |films: &[usize]| -> Vec<f32> {
            let histogram = |&film: &usize| histogram(&pixels.poster(film));
            films.par_iter().flat_map_iter(histogram).collect()
        };
        let trained_on = classes_of(&training);
        let weights = ClassWeighting::Sqrt.weights(trained_on.iter().copied(), classes);
        let weights: Vec<f64> = trained_on
            .iter()
            .map(|&class| weights[class].into())
            .collect();
        let logistic = LinearClassifier::fit(
            classes,
            BINS,
            &histograms(&training),
            &trained_on,
            &weights,
            PENALTY,
        );
        let answer = |films: &[usize]| {
            ClassAnswers::new(
                classes,
                logistic.logits(&histograms(films)),
                classes_of(films),
            )
        };
        let temperature = answer(&dataset.films(Split::Validation)).calibrate_temperature();
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

/// The square root of the share of an RGB8 poster's pixels in each of 4×4×4 ranges of red, green and
/// blue. The root makes small shares count, which tell as much as large ones.
fn histogram(poster: &[u8]) -> [f32; BINS] {
    let mut counts = [0_u32; BINS];
    for pixel in poster.chunks_exact(CHANNELS) {
        let bin = pixel.iter().fold(0, |bin, &value| {
            bin * RANGES + usize::from(value) * RANGES / 256
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
}
