//! What the tests of ONNX and of PyTorch share.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use marquee_models::burn::Net;
use marquee_models::file::{Metadata, Model, Weights};
use marquee_models::network::NetworkName;
use marquee_models::simd::Executor;

/// A shipped network.
pub(crate) const SHIPPED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../models/weights/cnn32.safetensors"
);

/// Runs `marquee` in a folder.
fn marquee(folder: &Path, args: &[&str]) -> (Output, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_marquee"));
    let output = command.current_dir(folder).args(args).output();
    let output = output.expect("the command starts");
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    (output, error)
}

/// Runs `marquee` in a folder, where it must succeed.
pub(crate) fn succeed(folder: &Path, args: &[&str]) {
    let (output, error) = marquee(folder, args);
    assert!(output.status.success(), "{args:?}: {error}");
}

/// Runs `marquee` in a folder, where it must fail with an error that contains all of `words`.
pub(crate) fn assert_refused(folder: &Path, args: &[&str], words: &[&str]) {
    let (output, error) = marquee(folder, args);
    assert!(!output.status.success(), "{args:?}");
    for word in words {
        assert!(error.contains(word), "{args:?}: no {word} in {error}");
    }
}

pub(crate) fn read(path: impl AsRef<Path>) -> Model {
    let bytes = fs::read(path).expect("the file is there");
    Model::from_bytes(&bytes).expect("the model is sound")
}

/// A network with random weights, and with batch norms that change their inputs.
pub(crate) fn untrained(name: NetworkName) -> Model {
    let device = burn::tensor::Device::flex();
    let metadata = Metadata::untrained(name);
    let network = metadata.layers();
    device.seed(11);
    let drawn = Net::init(&network, &device).weights(&network);
    let mut weights = Weights::default();
    for parameter in network.parameters() {
        let mut values = drawn.values(&parameter.name).to_vec();
        if parameter.shape.len() == 1 {
            for (index, value) in values.iter_mut().enumerate() {
                *value = *value * 0.5 + 0.1 + (index % 5) as f32 * 0.2;
            }
        }
        weights.insert(parameter.name, parameter.shape, values);
    }
    Model::new(metadata, weights).expect("an untrained network is sound")
}

/// Writes inputs, and Marquee's own answers to them, where the Python scripts look for them.
pub(crate) fn write_answers(folder: &Path, name: &str, model: &Model) {
    const POSTERS: usize = 3;
    let numbers = 0..POSTERS * model.network().input_len();
    let inputs: Vec<f32> = numbers
        .map(|index| ((index * 31 + index / 977) % 255) as f32 / 128.0 - 1.0)
        .collect();
    let answers = Executor::new(model).run(&inputs);
    for (extension, numbers) in [("inputs", inputs), ("answers", answers)] {
        let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        fs::write(folder.join(name).with_extension(extension), bytes).expect("it can be written");
    }
}
