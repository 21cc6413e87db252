//! Training networks that tell drawn posters apart.

mod classes;
mod drawn;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use classes::GENRES;
use image::ImageFormat;
use marquee_models::file::{Model, Precision};
use marquee_models::network::NetworkName;
use marquee_trainer::dataset::{self, ClassWeighting, Dataset, Options, Split};
use marquee_trainer::device::ComputeDevice;
use marquee_trainer::evaluation::evaluate;
use marquee_trainer::evaluation::metrics::ConfusionMatrix;
use marquee_trainer::training::{self, Augment, EpochLog, Outcome, Recipe, Schedule, Watch};
use safetensors::Dtype;
use safetensors::tensor::TensorView;

/// Draws films whose colours depend on their genre, and builds a dataset of them.
fn dataset(folder: &Path, films_per_class: usize) -> Dataset {
    let posters = folder.join("posters");
    fs::create_dir_all(&posters).expect("a temporary folder can be written");
    let mut manifest = "id,poster,title,genres,score,votes\n".to_owned();
    for film in 0..films_per_class * GENRES.len() {
        let hue = film % GENRES.len();
        let poster = drawn::poster(hue, film as u64, 60, 90);
        let bytes = drawn::encode(poster, ImageFormat::Jpeg);
        fs::write(posters.join(format!("{film}.jpg")), bytes).expect("likewise");
        // some colours are liked more than others
        let (genre, score) = (GENRES[hue], 5.0 + (hue % 3) as f32);
        manifest += &format!("film{film},{film}.jpg,\"Film, {film}\",{genre},{score},50\n");
    }
    let csv = folder.join("movies.csv");
    fs::write(&csv, manifest).expect("likewise");
    let options = Options::new(csv, posters, folder.join("dataset"));
    dataset::build(&options).expect("drawn posters make a dataset");
    Dataset::open(&options.out).expect("it was just built")
}

fn recipe(epochs: usize) -> Recipe {
    Recipe {
        epochs,
        batch: 32,
        learning_rate: 0.003,
        patience: 0,
        seed: 5,
        ..Recipe::default()
    }
}

/// Trains, or resumes if there is a run, and returns the epochs' logs.
fn train(recipe: &Recipe, dataset: &mut Dataset, run: &Path) -> Vec<EpochLog> {
    let (stop, mut logs) = (AtomicBool::new(false), Vec::new());
    let report = |log: &EpochLog| logs.push(log.clone());
    let outcome = training::train(recipe, dataset, run, true, &cpu(), &stop, report);
    outcome.expect("training succeeds");
    logs
}

/// Why a run is refused.
fn refusal(recipe: &Recipe, dataset: &mut Dataset, run: &Path, resume: bool) -> String {
    let stop = AtomicBool::new(false);
    let outcome = training::train(recipe, dataset, run, resume, &cpu(), &stop, |_| {});
    format!("{:#}", outcome.expect_err("it is refused"))
}

fn cpu() -> ComputeDevice {
    ComputeDevice::Cpu(burn::tensor::Device::flex())
}

fn best(run: &Path) -> Vec<u8> {
    fs::read(run.join(training::BEST)).expect("the run has a network")
}

fn best_model(run: &Path) -> Model {
    Model::from_bytes(&best(run)).expect("the network is valid")
}

/// How the best network of a run answers the test films.
fn tested(run: &Path, dataset: &mut Dataset) -> ConfusionMatrix {
    let model = best_model(run);
    let pixels = dataset.pixels(model.network().input);
    let pixels = pixels.expect("the posters are there");
    let films = dataset.films(Split::Test);
    let evaluation = evaluate(&model, dataset, &pixels, &films, &cpu());
    evaluation
        .expect("the CPU can evaluate")
        .classes
        .confusion()
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().to_owned();
    (folder, path)
}

#[test]
fn a_network_learns_to_tell_drawn_posters_apart() {
    let (_guard, folder) = folder();
    let mut dataset = dataset(&folder, 40);
    let run = folder.join("run");
    let epochs = train(&recipe(15), &mut dataset, &run);
    assert_eq!(epochs.len(), 15);
    assert!(epochs[14].train.loss < epochs[0].train.loss);

    let confusion = tested(&run, &mut dataset);
    assert_eq!(confusion.films(), 36);
    let macro_f1 = confusion.macro_f1();
    assert!(macro_f1 > 0.9, "macro-F1 {macro_f1}");

    let log = fs::read_to_string(run.join("log.jsonl")).expect("there is a log");
    let last: EpochLog =
        serde_json::from_str(log.lines().last().expect("it has lines")).expect("a line is JSON");
    assert_eq!(last.epoch, 15);
}

#[test]
fn an_interrupted_run_ends_with_the_weights_of_one_that_was_not() {
    let (_guard, folder) = folder();
    let mut dataset = dataset(&folder, 10);
    let (whole, parts) = (folder.join("whole"), folder.join("parts"));
    let start = folder.join("start.safetensors");
    train(&recipe(1), &mut dataset, &folder.join("before"));
    fs::write(&start, best(&folder.join("before"))).expect("the folder can be written");
    // with all that has a state or draws random numbers
    let recipe = |epochs| Recipe {
        start: Some(start.clone()),
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
        ..recipe(epochs)
    };
    train(&recipe(4), &mut dataset, &whole);

    // stopped after the second epoch, within the third
    let stop = AtomicBool::new(false);
    let outcome = training::train(
        &recipe(4),
        &mut dataset,
        &parts,
        false,
        &cpu(),
        &stop,
        |log| {
            stop.store(log.epoch == 2, Ordering::Relaxed);
        },
    );
    assert_eq!(outcome.expect("stopping is no error"), Outcome::Interrupted);

    let error = refusal(&recipe(4), &mut dataset, &parts, false);
    assert!(error.contains("--resume"), "{error}");
    let other = Recipe {
        batch: 16,
        ..recipe(4)
    };
    let error = refusal(&other, &mut dataset, &parts, true);
    assert!(error.contains("other options"), "{error}");

    let weights = fs::read(&start).expect("it was just written");
    let model = Model::from_bytes(&weights).expect("the network is valid");
    fs::write(&start, model.to_bytes(Precision::Half)).expect("the folder can be written");
    let error = refusal(&recipe(4), &mut dataset, &parts, true);
    assert!(error.contains("other weights"), "{error}");
    fs::write(&start, weights).expect("the folder can be written");

    let resumed = train(&recipe(4), &mut dataset, &parts);
    let resumed: Vec<usize> = resumed.iter().map(|log| log.epoch).collect();
    assert_eq!(resumed, [3, 4]);
    assert!(best(&whole) == best(&parts), "the weights differ");
}

#[test]
fn posternet_learns_class_genres_and_score_at_once() {
    let (_guard, folder) = folder();
    let mut dataset = dataset(&folder, 30);
    let run = folder.join("run");
    let recipe = Recipe {
        network: NetworkName::PosterNet.to_string(),
        watch: Watch::Last,
        schedule: Schedule::OneCycle,
        ..recipe(8)
    };
    let logs = train(&recipe, &mut dataset, &run);
    let last = logs.last().and_then(|log| log.validation);
    let last = last.expect("there is a validation split");
    assert!(last.macro_f1 > 0.9, "macro-F1 {}", last.macro_f1);
    assert!(last.genre_map > Some(0.9), "mAP {:?}", last.genre_map);
    assert!(last.score_r2 > Some(0.5), "R² {:?}", last.score_r2);

    let model = best_model(&run);
    let mut genres = GENRES;
    genres.sort_unstable();
    assert_eq!(model.metadata().genres, genres);
    let scale = model.metadata().score.expect("it answers the score");
    assert!((scale.mean - 6.0).abs() < 0.1, "{scale:?}");
}

#[test]
fn a_student_learns_its_teachers_answers_instead_of_the_labels() {
    let (_guard, folder) = folder();
    let mut taught = dataset(&folder, 20);
    let teacher = folder.join("teacher");
    train(&recipe(12), &mut taught, &teacher);

    // a teacher that takes each class for the next one
    let model = best_model(&teacher);
    let mut weights = model.weights().clone();
    for parameter in ["classifier.5.weight", "classifier.5.bias"] {
        let (shape, mut values) = (
            weights.shape(parameter).to_vec(),
            weights.values(parameter).to_vec(),
        );
        let row = values.len() / GENRES.len();
        values.rotate_right(row);
        weights.insert(parameter, shape, values);
    }
    let moved = Model::new(model.metadata().clone(), weights).expect("it is as valid");
    let path = folder.join("moved.safetensors");
    fs::write(&path, moved.to_bytes(Precision::Single)).expect("the folder can be written");

    assert_distilled(&mut taught, &path, &folder.join("student"));

    // the teacher may know the test films of another dataset
    let mut other = dataset(&folder.join("other"), 11);
    let error = refusal(&student(&path), &mut other, &folder.join("refused"), false);
    assert!(error.contains("another dataset"), "{error}");
}

#[test]
fn a_student_learns_from_a_file_of_answers() {
    let (_guard, folder) = folder();
    let mut taught = dataset(&folder, 20);
    let answers = |hash: &str| {
        let rows = 0..taught.entries().len();
        let logits = rows.flat_map(|row| {
            let moved = (taught.class(row) + 1) % GENRES.len();
            (0..GENRES.len()).map(move |class| if class == moved { 8.0f32 } else { 0.0 })
        });
        let bytes: Vec<u8> = logits.flat_map(f32::to_le_bytes).collect();
        let shape = vec![taught.entries().len(), GENRES.len()];
        let tensor = TensorView::new(Dtype::F32, shape, &bytes).expect("the shape fits");
        let metadata = HashMap::from([("dataset".to_owned(), hash.to_owned())]);
        safetensors::serialize([("classes", tensor)], Some(metadata)).expect("it can be written")
    };
    let (right, wrong) = (answers(&taught.summary().hash), answers("another"));
    let path = folder.join("answers.safetensors");
    fs::write(&path, wrong).expect("the folder can be written");
    let error = refusal(&student(&path), &mut taught, &folder.join("refused"), false);
    assert!(error.contains("another dataset"), "{error}");

    fs::write(&path, right).expect("the folder can be written");
    assert_distilled(&mut taught, &path, &folder.join("student"));
}

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
        (name, &[("dataset", "another")][..], "another dataset"),
        ("features.9.weight", &[], "not part of cnn32"),
        (name, &[("mean", "grey"), ("std", "1")], "three numbers"),
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

fn student(teacher: &Path) -> Recipe {
    Recipe {
        teacher: Some(teacher.to_owned()),
        teacher_share: 1.0,
        watch: Watch::Last,
        ..recipe(12)
    }
}

/// Trains a student of a teacher that takes each class for the next one, and checks that it does so, too.
fn assert_distilled(dataset: &mut Dataset, teacher: &Path, run: &Path) {
    train(&student(teacher), dataset, run);
    let confusion = tested(run, dataset);
    let moved = |class: usize| confusion.count(class, (class + 1) % GENRES.len());
    let followed: usize = (0..GENRES.len()).map(moved).sum();
    let films = confusion.films();
    assert!(followed * 10 > films * 8, "{followed} of {films}");
}

#[test]
fn a_run_without_progress_stops_early() {
    let (_guard, folder) = folder();
    let mut dataset = dataset(&folder, 10);
    let hopeless = Recipe {
        learning_rate: 0.0,
        patience: 2,
        ..recipe(50)
    };
    let epochs = train(&hopeless, &mut dataset, &folder.join("run")).len();
    // batch norm's statistics change for some epochs, although no weight does
    assert!(epochs < 50, "{epochs} epochs");
}
