//! CNN32 is the network it claims to be: weights that PyTorch made give PyTorch's logits.

use marquee_models::file::Model;
use marquee_models::simd::Executor;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const WEIGHTS: &[u8] = include_bytes!("fixtures/cnn32_pytorch.safetensors");
const LOGITS: &str = include_str!("fixtures/cnn32_pytorch.json");
const POSTERS: usize = 4;

fn model() -> Model {
    Model::from_bytes(WEIGHTS).expect("PyTorch's file is sound")
}

/// The inputs of `cnn32_pytorch.py`.
fn inputs(model: &Model) -> Vec<f32> {
    let numbers = 0..POSTERS * model.network().input_len();
    numbers
        .map(|index| (index * 7919 % 1009) as f32 / 512.0 - 1.0)
        .collect()
}

fn assert_pytorchs(logits: &[f32]) {
    #[derive(serde::Deserialize)]
    struct Expected {
        logits: Vec<Vec<f32>>,
    }
    let expected: Expected = serde_json::from_str(LOGITS).expect("the fixture is JSON");
    let expected = expected.logits.concat();
    assert_eq!(logits.len(), expected.len());
    for (logit, expected) in logits.iter().zip(&expected) {
        assert!((logit - expected).abs() < 1e-4, "{logit} is not {expected}");
    }
}

#[test]
fn the_small_executor_gives_pytorchs_logits() {
    let model = model();
    assert_pytorchs(&Executor::new(&model).run(&inputs(&model)));
}

#[cfg(all(feature = "burn", not(target_arch = "wasm32")))]
#[test]
fn burn_gives_pytorchs_logits() {
    use burn::tensor::{Device, Tensor, TensorData};
    use marquee_models::burn::Net;

    let (model, device) = (model(), Device::flex());
    let inputs = TensorData::new(inputs(&model), [POSTERS, 3, 32, 32]);
    let logits = Net::new(&model, &device).forward(Tensor::from_data(inputs, &device));
    let logits: Vec<f32> = logits.into_data().try_into_vec().expect("logits are f32");
    assert_pytorchs(&logits);
}
