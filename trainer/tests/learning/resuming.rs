//! Runs that are interrupted and go on.

use std::cell::Cell;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use marquee_models::file::{Model, Precision};
use marquee_trainer::dataset::{ClassWeighting, Dataset, Split};
use marquee_trainer::training::{self, Augment, Outcome, Recipe, Schedule};

use crate::{best, cpu, dataset, folder, recipe, refusal, train};

/// A recipe with all that has a state or draws random numbers.
fn eventful(start: &Path) -> Recipe {
    Recipe {
        start: Some(start.to_owned()),
        ema: 0.9,
        schedule: Schedule::OneCycle,
        augment: Augment {
            erase: 0.5,
            rotate: 0.2,
            mixup: 0.2,
            ..Augment::default()
        },
        class_weights: ClassWeighting::Sqrt,
        weight_decay: 0.05,
        batch: 8,
        ..recipe(3)
    }
}

/// Trains for so many batches, and is then stopped.
fn train_batches(batches: usize, recipe: &Recipe, dataset: &mut Dataset, run: &Path) {
    let asked = Cell::new(0);
    let stop = || asked.replace(asked.get() + 1) >= batches;
    let outcome = training::train(recipe, dataset, run, true, &cpu(), stop, |_| {});
    assert_eq!(outcome.expect("stopping is no error"), Outcome::Interrupted);
}

#[test]
fn an_interrupted_run_ends_with_the_weights_of_one_that_was_not() {
    let (_guard, folder) = folder();
    let mut dataset = dataset(&folder, 10);
    train(&recipe(1), &mut dataset, &folder.join("before"));
    let start = folder.join("before").join(training::BEST);
    let batches = dataset.rows(Split::Train).len().div_ceil(8);
    assert!(batches > 5);
    for (ema, freeze) in [(0.0, 0), (0.9, 0), (0.0, 1)] {
        let recipe = Recipe {
            ema,
            freeze,
            ..eventful(&start)
        };
        let whole = folder.join(format!("whole-{ema}-{freeze}"));
        train(&recipe, &mut dataset, &whole);
        // before the first batch, within an epoch, after its last batch, and several times
        for stops in [
            &[0][..],
            &[1],
            &[batches],
            &[batches + 3],
            &[2, 1, batches, 2],
        ] {
            let parts = folder.join(format!("parts-{ema}-{freeze}-{stops:?}"));
            for &batches in stops {
                train_batches(batches, &recipe, &mut dataset, &parts);
            }
            // as if it had been killed between the log's line and the checkpoint
            let last = logged(&whole).pop().expect("it has lines") + ",\"seconds\":1.0}\n";
            let log = OpenOptions::new()
                .create(true)
                .append(true)
                .open(parts.join("log.jsonl"));
            let mut log = log.expect("it can be written");
            log.write_all(last.as_bytes()).expect("it can be written");
            train(&recipe, &mut dataset, &parts);
            assert!(
                best(&whole) == best(&parts),
                "ema {ema}, {freeze} frozen, {stops:?}"
            );
            assert_eq!(
                logged(&parts),
                logged(&whole),
                "ema {ema}, {freeze} frozen, {stops:?}"
            );
        }
    }
}

/// The lines of a run's log, without the epochs' durations.
fn logged(run: &Path) -> Vec<String> {
    let log = fs::read_to_string(run.join("log.jsonl")).expect("there is a log");
    let line = |line: &str| line.split(",\"seconds\"").next().map(str::to_owned);
    log.lines().filter_map(line).collect()
}

#[test]
fn a_run_is_only_resumed_as_it_was_begun() {
    let (_guard, folder) = folder();
    let mut dataset = dataset(&folder, 10);
    train(&recipe(1), &mut dataset, &folder.join("before"));
    let start = folder.join("start.safetensors");
    fs::write(&start, best(&folder.join("before"))).expect("the folder can be written");
    let (run, recipe) = (folder.join("run"), eventful(&start));
    train_batches(1, &recipe, &mut dataset, &run);

    let error = refusal(&recipe, &mut dataset, &run, false);
    assert!(error.contains("--resume"), "{error}");
    let other = Recipe {
        batch: 16,
        learning_rate: 0.01,
        augment: Augment {
            mixup: 0.0,
            ..recipe.augment
        },
        ..recipe.clone()
    };
    let error = refusal(&other, &mut dataset, &run, true);
    let differences =
        "augment.mixup 0.2 (now 0.0), batch 8 (now 16), learning_rate 0.003 (now 0.01)";
    assert!(error.contains(differences), "{error}");
    assert!(error.contains("recipe.toml"), "{error}");
    assert!(!error.contains('\n'), "{error}");

    let model = Model::from_bytes(&fs::read(&start).expect("it was just written"));
    let half = model.expect("it is valid").to_bytes(Precision::Half);
    fs::write(&start, half).expect("the folder can be written");
    let error = refusal(&recipe, &mut dataset, &run, true);
    assert!(error.contains("other weights"), "{error}");
}

#[test]
fn what_a_run_cannot_go_on_with_is_named_with_a_remedy() {
    let (_guard, folder) = folder();
    let mut first = dataset(&folder, 10);
    let mut second = dataset(&folder.join("other"), 11);
    let run = folder.join("run");
    train(&recipe(1), &mut first, &run);
    let before = best(&run);

    let error = refusal(&recipe(2), &mut second, &run, true);
    assert!(error.contains("another dataset"), "{error}");
    let mut refused = vec![error];
    for (other, differs) in [
        (
            Recipe {
                network: "cnn64".to_owned(),
                ..recipe(2)
            },
            "network \"cnn32\" (now \"cnn64\")",
        ),
        (
            Recipe {
                ema: 0.9,
                ..recipe(2)
            },
            "ema 0.0 (now 0.9)",
        ),
    ] {
        let error = refusal(&other, &mut first, &run, true);
        assert!(error.contains(differs), "{error}");
        refused.push(error);
    }
    let progress = run.join("checkpoint/progress.json");
    fs::write(progress, "{").expect("it can be written");
    refused.push(refusal(&recipe(2), &mut first, &run, true));
    for error in refused {
        assert!(error.contains("name another --out"), "{error}");
        assert!(!error.contains("without --resume"), "{error}");
        assert!(error.len() < 500, "{error}");
    }
    assert!(best(&run) == before);
}

#[test]
fn a_run_replaces_nothing_that_is_there() {
    let (_guard, folder) = folder();
    let mut dataset = dataset(&folder, 10);
    let imported = folder.join("imported");
    fs::create_dir(&imported).expect("it can be made");
    fs::write(imported.join(training::BEST), "weights").expect("it can be written");
    for (run, there) in [
        (&imported, training::BEST),
        (&folder.join("dataset"), "dataset.json"),
    ] {
        let entries = || fs::read_dir(run).expect("it is there").count();
        let before = entries();
        for resume in [false, true] {
            let error = refusal(&recipe(1), &mut dataset, run, resume);
            assert!(
                error.contains(there) && error.contains("another --out"),
                "{error}"
            );
        }
        assert_eq!(entries(), before);
    }
    assert_eq!(best(&imported), b"weights");
}
