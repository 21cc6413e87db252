//! Both executors read the same description: they agree for every network, and weights go through
//! Burn and a file unchanged.
#![cfg(all(feature = "burn", not(target_arch = "wasm32")))]

use burn::tensor::{Device, Tensor, TensorData};
use marquee_models::burn::Net;
use marquee_models::file::{Metadata, Model, Precision, Weights};
use marquee_models::network::{CHANNELS, NetworkName};
use marquee_models::simd::Executor;

const POSTERS: usize = 3;

/// An untrained network, but with batch norms that do something.
fn model(name: NetworkName, device: &Device) -> Model {
    let metadata = Metadata::untrained(name);
    let network = metadata.layers();
    device.seed(9);
    let drawn = Net::init(&network, device).weights(&network);
    let prefixes = network.prefixes();
    let is_linear = |name: &str| prefixes.linears().any(|prefix| name.starts_with(prefix));
    let mut weights = Weights::default();
    for parameter in network.parameters() {
        let mut values = drawn.values(&parameter.name).to_vec();
        if !is_linear(&parameter.name) && parameter.shape.len() == 1 {
            for (index, value) in values.iter_mut().enumerate() {
                *value = *value * 0.5 + 0.1 + (index % 5) as f32 * 0.2;
            }
        }
        weights.insert(parameter.name, parameter.shape, values);
    }
    Model::new(metadata, weights).expect("an untrained network is sound")
}

#[test]
fn the_small_executor_agrees_with_burn() {
    let device = Device::flex();
    for name in NetworkName::ALL {
        let model = model(name, &device);
        let size = model.network().input;
        let inputs: Vec<f32> = (0..POSTERS * model.network().input_len())
            .map(|index| ((index * 31 + index / 977) % 255) as f32 / 128.0 - 1.0)
            .collect();
        let small = Executor::new(&model).run(&inputs);

        let shape = [POSTERS, CHANNELS, size.height, size.width];
        let inputs = Tensor::from_data(TensorData::new(inputs, shape), &device);
        let burn = Net::new(&model, &device).forward(inputs).into_data();
        let burn: Vec<f32> = burn.try_into_vec().expect("logits are f32");
        assert!(
            burn.iter().any(|logit| logit.abs() > 1e-2),
            "{name}: {burn:?}"
        );
        for (small, burn) in small.iter().zip(&burn) {
            assert!((small - burn).abs() < 1e-4, "{name}: {small} is not {burn}");
        }
    }
}

#[test]
fn weights_survive_burn_and_a_file() {
    let device = Device::flex();
    for name in NetworkName::ALL {
        let model = model(name, &device);
        let through_burn = Net::new(&model, &device).weights(model.network());
        assert!(*model.weights() == through_burn, "{name}");
        let bytes = model.to_bytes(Precision::Single);
        assert!(
            Model::from_bytes(&bytes).expect("just written") == model,
            "{name}"
        );
        assert!(model.to_bytes(Precision::Half).len() < bytes.len() * 51 / 100 + 2000);
    }
}
