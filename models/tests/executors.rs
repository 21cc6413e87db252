//! The networks are the ones they claim to be: PyTorch's classes of the same layers, Burn and the
//! small executor give the same answers, and weights go through all of them unchanged.
//!
//! `fixtures/pytorch.py` makes the answers that are compared with, by the formulas that are repeated
//! here.

use std::collections::BTreeMap;

use marquee_models::file::{Metadata, Model, Weights};
use marquee_models::network::{NetworkName, Parameter};
use marquee_models::simd::Executor;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const ANSWERS: &str = include_str!("fixtures/pytorch.json");
const FILE: &[u8] = include_bytes!("fixtures/cnn32_pytorch.safetensors");

/// PyTorch's networks, and what each answers: a list for each poster.
fn expected() -> impl Iterator<Item = (NetworkName, Vec<Vec<f32>>)> {
    let answers: BTreeMap<String, Vec<Vec<f32>>> =
        serde_json::from_str(ANSWERS).expect("the fixture is JSON");
    let named = answers.into_iter();
    named.map(|(name, answers)| (name.parse().expect("a known network"), answers))
}

/// Numbers from -1 to 1, exact in single precision: 32 bits hashed (C. Wellons' lowbias32).
fn noise(tensor: usize, count: usize) -> impl Iterator<Item = f32> {
    (0..count).map(move |element| {
        let mut x = element as u32 + ((tensor as u32) << 24);
        for (shift, factor) in [(16, 0x7feb_352d_u32), (15, 0x846c_a68b)] {
            x ^= x >> shift;
            x = x.wrapping_mul(factor);
        }
        x ^= x >> 16;
        (x >> 8) as f32 / (1 << 23) as f32 - 1.0
    })
}

/// Weights that keep the activations' scale, and batch norms that do something.
fn model(name: NetworkName) -> Model {
    let metadata = Metadata::untrained(name);
    let mut weights = Weights::default();
    for (index, Parameter { name, shape }) in metadata.layers().parameters().into_iter().enumerate()
    {
        let noise = noise(index, shape.iter().product());
        let values = if shape.len() > 1 {
            let inputs: usize = shape[1..].iter().product();
            let scale = (6.0 / inputs as f64).sqrt() as f32;
            noise.map(|value| value * scale).collect()
        } else if name.ends_with("weight") || name.ends_with("running_var") {
            noise.map(|value| value / 2.0 + 1.0).collect()
        } else {
            noise.map(|value| value / 2.0).collect()
        };
        weights.insert(name, shape, values);
    }
    Model::new(metadata, weights).expect("the formula's weights are sound")
}

fn inputs(model: &Model, posters: usize) -> Vec<f32> {
    let numbers = 0..posters * model.network().input_len();
    numbers
        .map(|index| (index * 7919 % 1009) as f32 / 512.0 - 1.0)
        .collect()
}

fn assert_alike(name: NetworkName, answers: &[f32], expected: &[f32]) {
    assert_eq!(answers.len(), expected.len(), "{name}");
    for (answer, expected) in answers.iter().zip(expected) {
        assert!(
            (answer - expected).abs() < 1e-4,
            "{name}: {answer} is not {expected}"
        );
    }
}

#[test]
fn the_small_executor_answers_as_pytorch_does() {
    for (name, expected) in expected() {
        let model = model(name);
        let answers = Executor::new(&model).run(&inputs(&model, expected.len()));
        assert_alike(name, &answers, &expected.concat());
    }
}

#[test]
fn heads_answer_from_the_pooled_features() {
    for name in NetworkName::ALL {
        let model = model(name);
        let network = model.network();
        let executor = Executor::new(&model);
        let input = inputs(&model, 1);
        let features = executor.features(&input);
        assert_eq!(features.len(), network.feature_len(), "{name}");
        let mut logits = Vec::new();
        for prefix in &network.prefixes().heads {
            // as PyTorch lays it out: a row for each output
            let weights = model.weights().values(&format!("{prefix}.weight"));
            let biases = model.weights().values(&format!("{prefix}.bias"));
            for (row, bias) in weights.chunks_exact(features.len()).zip(biases) {
                let products = row.iter().zip(&features).map(|(one, other)| one * other);
                logits.push(bias + products.sum::<f32>());
            }
        }
        assert_alike(name, &logits, &executor.run(&input));
        assert_alike(name, &logits, &executor.outputs(&features));
    }
}

#[test]
fn a_network_answers_other_classes_with_another_head() {
    for name in NetworkName::ALL {
        let model = model(name);
        let features = Executor::new(&model).features(&inputs(&model, 1));
        let metadata = Metadata {
            labels: ["western", "kids"].map(str::to_owned).into(),
            genres: Vec::new(),
            score: None,
            ..model.metadata().clone()
        };
        let head: Vec<f32> = noise(99, 2 * features.len()).collect();
        let taught = model.with_classes(metadata.clone(), head.clone(), vec![0.5, -0.5]);
        let taught = taught.expect("the head fits");
        let logits = Executor::new(&taught).run(&inputs(&model, 1));
        let product = |row: &[f32]| -> f32 { row.iter().zip(&features).map(|(a, b)| a * b).sum() };
        let (first, second) = head.split_at(features.len());
        assert_alike(
            name,
            &logits,
            &[product(first) + 0.5, product(second) - 0.5],
        );
        let few = model.with_classes(metadata, head[1..].to_vec(), vec![0.5, -0.5]);
        assert!(few.is_err(), "{name}: a weight is missing");
    }
}

#[test]
fn a_file_of_pytorchs_holds_the_same_weights() {
    let file = Model::from_bytes(FILE).expect("PyTorch's file is sound");
    assert!(file.weights() == model(NetworkName::Cnn32).weights());
}

/// The networks that PyTorch's classes do not have are held to the same by the two executors.
#[cfg(all(feature = "burn", not(target_arch = "wasm32")))]
mod with_burn {
    use burn::tensor::{Device, Tensor, TensorData};
    use marquee_models::burn::Net;
    use marquee_models::file::Precision;
    use marquee_models::network::CHANNELS;

    use super::*;

    #[test]
    fn burn_answers_as_the_small_executor_does() {
        let device = Device::flex();
        for name in NetworkName::ALL {
            let model = model(name);
            let size = model.network().input;
            let inputs = inputs(&model, 2);
            let small = Executor::new(&model).run(&inputs);
            let inputs = TensorData::new(inputs, [2, CHANNELS, size.height, size.width]);
            let burn = Net::new(&model, &device).forward(Tensor::from_data(inputs, &device));
            let burn: Vec<f32> = burn.into_data().try_into_vec().expect("answers are f32");
            assert_alike(name, &burn, &small);
        }
    }

    #[test]
    fn weights_survive_burn_and_a_file() {
        for name in NetworkName::ALL {
            let model = model(name);
            let through_burn = Net::new(&model, &Device::flex()).weights(model.network());
            assert!(*model.weights() == through_burn, "{name}");
            let bytes = model.to_bytes(Precision::Single);
            let read = Model::from_bytes(&bytes).expect("just written");
            assert!(read == model, "{name}");
            assert!(model.to_bytes(Precision::Half).len() < bytes.len() * 51 / 100 + 2000);
        }
    }
}
