//! Correcting a network for the class frequencies that its training pretended.
//!
//! If a sampler or class weights favour rare classes, the network finds more of them, but also takes
//! them for more common than they are, so their probabilities are too high. The true frequencies are
//! known, so the logits can be corrected (Saerens et al. 2002; Menon et al. 2021). A full correction
//! makes percentages truest, but then rare classes are hardly ever predicted. A partial one is a
//! compromise.

use marquee_models::file::{Model, ModelError};
use marquee_models::network::Task;

use crate::dataset::ClassWeighting;

/// The default share of the correction. docs/EXPERIMENTS.md shows, on validation, what more and less
/// does.
pub const DEFAULT_SHARE: f32 = 0.4;

/// The logarithm of how much more a film of each class counted in training, 0 on average over the
/// classes.
fn shift(weightings: [ClassWeighting; 2], trained: &[usize], classes: usize) -> Vec<f32> {
    let [drawn, weighted] =
        weightings.map(|weighting| weighting.weights(trained.iter().copied(), classes));
    let pairs = drawn.into_iter().zip(weighted);
    let shift: Vec<f32> = pairs
        .map(|(drawn, weighted)| (drawn * weighted).ln())
        .collect();
    let mean = shift.iter().sum::<f32>() / classes as f32;
    shift.into_iter().map(|shift| shift - mean).collect()
}

/// Corrects the biases of a network's class head for the `weightings` of its training: the sampler's
/// and the loss's.
///
/// `trained` are the classes of all rows that it was trained on. `share` is from 0, which changes
/// nothing, to 1, the full correction.
///
/// # Errors
///
/// Those of [`Model::new`].
pub fn correct(
    model: &Model,
    weightings: [ClassWeighting; 2],
    trained: &[usize],
    share: f32,
) -> Result<Model, ModelError> {
    let network = model.network();
    let prefixes = network.prefixes();
    let mut weights = model.weights().clone();
    for (head, prefix) in network.heads.iter().zip(&prefixes.heads) {
        if head.task == Task::Class {
            let name = format!("{prefix}.bias");
            let shift = shift(weightings, trained, head.linear.out_features);
            let biases = weights.values(&name).iter().zip(shift);
            let biases = biases.map(|(bias, shift)| bias - share * shift).collect();
            weights.insert(name, vec![head.linear.out_features], biases);
        }
    }
    Model::new(model.metadata().clone(), weights)
}

#[cfg(test)]
mod tests {
    use super::*;
    use marquee_models::math::softmax;

    const FIXTURE: &[u8] =
        include_bytes!("../../../models/tests/fixtures/cnn32_pytorch.safetensors");

    /// The number of films of each class.
    const FILMS: [f32; 6] = [3.0, 1.0, 16.0, 8.0, 4.0, 2.0];

    /// What a network says of a poster that shows nothing in particular: the class frequencies as its
    /// training showed them, `learned` from the number of films, and then corrected.
    fn said(weightings: [ClassWeighting; 2], learned: impl Fn(f32) -> f32, share: f32) -> Vec<f32> {
        let model = Model::from_bytes(FIXTURE).expect("it is valid");
        let name = format!("{}.bias", model.network().prefixes().heads[0]);
        let mut weights = model.weights().clone();
        let biases = FILMS.map(|films| learned(films).ln());
        weights.insert(&name, vec![FILMS.len()], biases.to_vec());
        let learned = Model::new(model.metadata().clone(), weights).expect("it is as valid");

        let of_class = |(class, films): (usize, f32)| vec![class; films as usize];
        let trained: Vec<usize> = FILMS.into_iter().enumerate().flat_map(of_class).collect();
        let corrected = correct(&learned, weightings, &trained, share).expect("it is as valid");
        softmax(corrected.weights().values(&name), 1.0)
    }

    fn shares(films: [f32; 6]) -> [f32; 6] {
        films.map(|own| own / films.iter().sum::<f32>())
    }

    fn assert_close(said: &[f32], expected: [f32; 6]) {
        let close = |(a, b): (&f32, f32)| (a - b).abs() < 1e-5;
        assert!(
            said.iter().zip(expected).all(close),
            "{said:?} {expected:?}"
        );
    }

    #[test]
    fn a_full_correction_leaves_the_classes_as_common_as_they_are() {
        use ClassWeighting::{None, Sqrt};
        let sampled = |share| said([Sqrt, None], f32::sqrt, share);
        assert_close(&sampled(1.0), shares(FILMS));
        assert_close(&sampled(0.0), shares(FILMS.map(f32::sqrt)));
        let halfway = FILMS.map(|films| films.powf(0.75));
        assert_close(&sampled(0.5), shares(halfway));

        // sampler and class weights each do half, so that all classes count the same
        assert_close(&said([Sqrt, Sqrt], |_| 1.0, 1.0), shares(FILMS));
        assert_close(&said([None, None], |films| films, 1.0), shares(FILMS));
    }
}
