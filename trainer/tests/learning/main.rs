//! Training networks that tell drawn posters apart.

#[path = "../classes/mod.rs"]
mod classes;
mod distillation;
#[path = "../drawn/mod.rs"]
mod drawn;
mod probing;
mod resuming;
mod starting;

use std::fs;
use std::path::{Path, PathBuf};

use classes::GENRES;
use image::ImageFormat;
use marquee_models::file::Model;
use marquee_models::network::NetworkName;
use marquee_trainer::dataset::{self, Dataset, Options, Split};
use marquee_trainer::device::ComputeDevice;
use marquee_trainer::evaluation::evaluate;
use marquee_trainer::evaluation::metrics::ConfusionMatrix;
use marquee_trainer::training::{self, EpochLog, Recipe, Schedule, Watch};

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
    let mut logs = Vec::new();
    let report = |log: &EpochLog| logs.push(log.clone());
    let outcome = training::train(recipe, dataset, run, true, &cpu(), || false, report);
    outcome.expect("training succeeds");
    logs
}

/// Why a run is refused.
fn refusal(recipe: &Recipe, dataset: &mut Dataset, run: &Path, resume: bool) -> String {
    let outcome = training::train(recipe, dataset, run, resume, &cpu(), || false, |_| {});
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
fn posternet_learns_class_genres_and_score_at_once() {
    let (_guard, folder) = folder();
    let mut dataset = dataset(&folder, 30);
    let run = folder.join("run");
    let recipe = Recipe {
        network: NetworkName::PosterNet.to_string(),
        watch: Watch::Last,
        schedule: Schedule::OneCycle,
        // at a higher rate, batch norm's statistics of so few posters make the score a matter of chance
        learning_rate: 0.001,
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
fn a_run_without_progress_stops_early() {
    let (_guard, folder) = folder();
    let mut dataset = dataset(&folder, 10);
    let hopeless = Recipe {
        // too small to change a weight
        learning_rate: 1e-30,
        patience: 2,
        ..recipe(50)
    };
    let epochs = train(&hopeless, &mut dataset, &folder.join("run")).len();
    // batch norm's statistics change for some epochs, although no weight does
    assert!(epochs < 50, "{epochs} epochs");
}
