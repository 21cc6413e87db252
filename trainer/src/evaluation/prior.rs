//! The classes' frequencies, and what a sampler makes of them.
//!
//! A sampler, or class weights, that favour rare classes make a network find them, and say too large a
//! probability of them: it takes them for as common as its training made them. How common they are is
//! known, so that this can be taken back in the logits (Saerens et al. 2002; Menon et al. 2021). All of
//! it, and percentages are truest, but rare classes are hardly answered; a part is a compromise.

use marquee_models::file::{Model, ModelError};
use marquee_models::network::Task;

use crate::training::{Balance, Recipe};

/// The share that is taken back where nothing else is said. docs/EXPERIMENTS.md shows, on validation,
/// what more and less does.
pub const DEFAULT_SHARE: f32 = 0.4;

/// How much more often a film of each class counts in training by this recipe than it occurs, as a
/// logarithm, 0 on average over the classes. `trained` are the classes of what is trained on.
fn shift(recipe: &Recipe, trained: &[usize], classes: usize) -> Vec<f32> {
    let factors = |balance: Balance| balance.of_classes(trained.iter().copied(), classes);
    let drawn = factors(recipe.sampler).into_iter();
    let weighed = factors(recipe.class_weights);
    let shift: Vec<f32> = drawn.zip(weighed).map(|(a, b)| (a * b).ln()).collect();
    let mean = shift.iter().sum::<f32>() / classes as f32;
    shift.into_iter().map(|shift| shift - mean).collect()
}

/// The network with so much, 0 to 1, of what the recipe's sampler and class weights added to the logits
/// of rare classes taken back, by way of the last layer's biases. `trained` are the classes of what it
/// was trained on.
///
/// # Errors
///
/// As [`Model::new`].
pub fn corrected(
    model: &Model,
    recipe: &Recipe,
    trained: &[usize],
    share: f32,
) -> Result<Model, ModelError> {
    let network = model.network();
    let prefixes = network.prefixes();
    let mut weights = model.weights().clone();
    for (head, prefix) in network.heads.iter().zip(&prefixes.heads) {
        if head.task == Task::Class {
            let name = format!("{prefix}.bias");
            let shift = shift(recipe, trained, head.linear.outputs);
            let biases = weights.values(&name).iter().zip(shift);
            let biases = biases.map(|(bias, shift)| bias - share * shift).collect();
            weights.insert(name, vec![head.linear.outputs], biases);
        }
    }
    Model::new(model.card().clone(), weights)
}

#[cfg(test)]
mod tests {
    use super::*;
    use marquee_models::file::softmax;

    const SOUND: &[u8] = include_bytes!("../../../models/tests/fixtures/cnn32_pytorch.safetensors");

    /// So many films of each class.
    const FILMS: [f32; 6] = [3.0, 1.0, 16.0, 8.0, 4.0, 2.0];

    /// What a network says of a poster that looks like nothing in particular: how common the classes
    /// are, as training by this recipe showed them, with a share of that taken back.
    fn said(recipe: &Recipe, drawn: impl Fn(f32) -> f32, share: f32) -> Vec<f32> {
        let sound = Model::from_bytes(SOUND).expect("it is sound");
        let name = format!("{}.bias", sound.network().prefixes().heads[0]);
        let mut weights = sound.weights().clone();
        let learned = FILMS.map(|films| drawn(films).ln());
        weights.insert(&name, vec![FILMS.len()], learned.to_vec());
        let learned = Model::new(sound.card().clone(), weights).expect("it is as sound");

        let of_class = |(class, films): (usize, f32)| vec![class; films as usize];
        let trained: Vec<usize> = FILMS.into_iter().enumerate().flat_map(of_class).collect();
        let corrected = corrected(&learned, recipe, &trained, share).expect("it is as sound");
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
    fn all_of_it_taken_back_leaves_the_classes_as_common_as_they_are() {
        let sampler = Recipe {
            sampler: Balance::Sqrt,
            ..Recipe::default()
        };
        assert_close(&said(&sampler, f32::sqrt, 1.0), shares(FILMS));
        assert_close(
            &said(&sampler, f32::sqrt, 0.0),
            shares(FILMS.map(f32::sqrt)),
        );
        let halfway = FILMS.map(|films| films.powf(0.75));
        assert_close(&said(&sampler, f32::sqrt, 0.5), shares(halfway));

        // half by how often they are drawn, half by how much they weigh
        let both = Recipe {
            class_weights: Balance::Sqrt,
            ..sampler
        };
        assert_close(&said(&both, |_| 1.0, 1.0), shares(FILMS));

        let neither = Recipe {
            sampler: Balance::None,
            ..Recipe::default()
        };
        assert_close(&said(&neither, |films| films, 1.0), shares(FILMS));
    }
}
