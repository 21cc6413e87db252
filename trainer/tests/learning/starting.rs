//! Runs that start from trained weights.

use std::fs;
use std::path::Path;

use marquee_models::file::{Model, Weights};
use marquee_trainer::dataset::{Dataset, Options, build};
use marquee_trainer::training::{self, Recipe};
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
        // too small to change a weight
        learning_rate: 1e-30,
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

/// A recipe that goes on with a run's network for an epoch.
fn goes_on(run: &Path) -> Recipe {
    Recipe {
        start: Some(run.join(training::BEST)),
        ..recipe(1)
    }
}

/// Whether two networks have the same numbers in the tensors whose names begin so.
fn same(one: &Weights, other: &Weights, beginning: &str) -> bool {
    let mut names = one
        .names()
        .filter(|name| name.starts_with(beginning))
        .peekable();
    assert!(names.peek().is_some(), "there is no {beginning}");
    names.all(|name| one.values(name) == other.values(name))
}

#[test]
fn parts_of_a_network_learn_at_rates_of_their_own() {
    let (_guard, folder) = folder();
    let mut dataset = dataset(&folder, 10);
    let before = folder.join("before");
    train(&recipe(1), &mut dataset, &before);
    let trained = best_model(&before);
    let mut after = |name: &str, recipe: &Recipe| -> Model {
        train(recipe, &mut dataset, &folder.join(name));
        best_model(&folder.join(name))
    };

    for ema in [0.0, 0.5] {
        let frozen = Recipe {
            freeze: 1,
            ema,
            weight_decay: 0.1,
            ..goes_on(&before)
        };
        let frozen = after(&format!("frozen-{ema}"), &frozen);
        let [was, is] = [&trained, &frozen].map(Model::weights);
        // the first block's convolution and batch norm, running mean and variance included
        assert!(same(was, is, "features.0.") && same(was, is, "features.1."));
        for other in [
            "features.4.weight",
            "features.5.running_mean",
            "classifier.1.weight",
        ] {
            assert!(!same(was, is, other), "{other}");
        }
    }

    let heads = Recipe {
        block_learning_rate: Some(0.0),
        ..goes_on(&before)
    };
    let heads = after("heads", &heads);
    let [was, is] = [&trained, &heads].map(Model::weights);
    assert!(same(was, is, "features.0.weight") && same(was, is, "features.4.weight"));
    assert!(!same(was, is, "features.1.running_mean"));
    assert!(!same(was, is, "classifier.1.weight") && !same(was, is, "classifier.5.weight"));

    let blocks = Recipe {
        // too small to change a weight
        learning_rate: 1e-30,
        block_learning_rate: Some(0.01),
        ..goes_on(&before)
    };
    let blocks = after("blocks", &blocks);
    let is = blocks.weights();
    assert!(same(was, is, "classifier.") && !same(was, is, "features.0.weight"));
}

#[test]
fn what_cannot_be_frozen_is_refused() {
    let (_guard, folder) = folder();
    let mut dataset = dataset(&folder, 10);
    let run = folder.join("run");
    let random = Recipe {
        freeze: 1,
        ..recipe(1)
    };
    let error = refusal(&random, &mut dataset, &run, false);
    assert!(error.contains("--start"), "{error}");
    train(&recipe(1), &mut dataset, &run);
    let many = Recipe {
        freeze: 3,
        ..goes_on(&run)
    };
    let error = refusal(&many, &mut dataset, &folder.join("many"), false);
    assert!(error.contains("cnn32 has 2 blocks"), "{error}");
}

#[test]
fn a_network_for_other_classes_keeps_all_but_its_head() {
    let (_guard, folder) = folder();
    let mut six = dataset(&folder, 10);
    let before = folder.join("before");
    train(&recipe(1), &mut six, &before);

    // the same posters, of two classes and of six other ones
    for classes in [2, 6] {
        let mut rows = "id,poster,title,label\n".to_owned();
        for film in 0..60 {
            rows += &format!("{film},{film}.jpg,Film,class {}\n", film % classes);
        }
        let csv = folder.join(format!("{classes}.csv"));
        fs::write(&csv, rows).expect("the folder can be written");
        let built = folder.join(format!("dataset-{classes}"));
        let options = Options::new(csv, folder.join("posters"), built);
        build(&options).expect("drawn posters make a dataset");
        let mut own = Dataset::open(&options.out).expect("it was just built");
        let still = Recipe {
            // too small to change a weight
            learning_rate: 1e-30,
            ..goes_on(&before)
        };
        let run = folder.join(format!("run-{classes}"));
        train(&still, &mut own, &run);
        let (trained, model) = (best_model(&before), best_model(&run));
        assert_eq!(model.metadata().labels.len(), classes);
        assert!(same(
            trained.weights(),
            model.weights(),
            "features.0.weight"
        ));
        assert!(same(trained.weights(), model.weights(), "classifier.3."));
        assert!(!same(trained.weights(), model.weights(), "classifier.5."));
    }
}
