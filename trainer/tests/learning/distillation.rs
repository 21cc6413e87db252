//! Students, and what they take from their teachers.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use marquee_models::file::{Model, Precision};
use marquee_trainer::dataset::Dataset;
use marquee_trainer::training::{Recipe, Watch};
use safetensors::Dtype;
use safetensors::tensor::TensorView;

use crate::classes::GENRES;
use crate::{best_model, dataset, folder, recipe, refusal, tested, train};

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
