//! Runs that start from trained weights.

use std::fs;

use marquee_trainer::training::Recipe;
use safetensors::Dtype;
use safetensors::tensor::TensorView;

use crate::{best_model, dataset, folder, recipe, refusal, train};

#[test]
fn a_run_starts_from_the_weights_that_it_is_given() {
    let (_guard, folder) = folder();
    let mut dataset = dataset(&folder, 10);
    let before = folder.join("before");
    train(&recipe(1), &mut dataset, &before);
    let trained = best_model(&before);

    // the first convolution's weights, and how their inputs were normalised
    let name = "features.0.weight";
    let values = trained.weights().values(name);
    let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    let write = |name: &str, metadata: &[(&str, &str)]| {
        let shape = trained.weights().shape("features.0.weight").to_vec();
        let tensor = TensorView::new(Dtype::F32, shape, &bytes).expect("the shape fits");
        let own = |&(key, value): &(&str, &str)| (key.to_owned(), value.to_owned());
        let metadata = metadata.iter().map(own).collect();
        let file = safetensors::serialize([(name, tensor)], Some(metadata));
        let path = folder.join("start.safetensors");
        fs::write(&path, file.expect("it can be written")).expect("the folder can be written");
        path
    };
    let start = write(
        name,
        &[("mean", "[0.25,0.5,0.75]"), ("std", "[0.5,0.5,0.5]")],
    );
    let still = Recipe {
        start: Some(start),
        learning_rate: 0.0,
        seed: 6,
        ..recipe(1)
    };
    let run = folder.join("run");
    train(&still, &mut dataset, &run);
    let model = best_model(&run);
    assert_eq!(model.weights().values(name), values);
    let other = "features.4.weight";
    assert_ne!(
        model.weights().values(other),
        trained.weights().values(other)
    );
    assert_eq!(model.metadata().mean, [0.25, 0.5, 0.75]);
    assert_eq!(model.metadata().std, [0.5; 3]);

    for (name, metadata, words) in [
        ("features.9.weight", &[][..], "not part of cnn32"),
        (name, &[("mean", "grey"), ("std", "1")][..], "three numbers"),
        (name, &[("mean", "[0.5,0.5,0.5]")], "without the other"),
        (
            name,
            &[("mean", "[127,127,127]"), ("std", "[128,128,128]")],
            "0 to 1",
        ),
    ] {
        write(name, metadata);
        let error = refusal(&still, &mut dataset, &folder.join("refused"), false);
        assert!(error.contains(words), "{error}");
    }
}
