//! A weights file that is not sound is refused with a sentence that says what is wrong.

use std::collections::HashMap;

use marquee_models::file::Model;
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const SOUND: &[u8] = include_bytes!("fixtures/cnn32_pytorch.safetensors");

fn refusal(bytes: &[u8]) -> String {
    match Model::from_bytes(bytes) {
        Ok(_) => panic!("the file was taken"),
        Err(error) => error.to_string(),
    }
}

fn assert_says(bytes: &[u8], words: &[&str]) {
    let refusal = refusal(bytes);
    for word in words {
        assert!(refusal.contains(word), "{refusal:?} does not say {word:?}");
    }
}

type Metadata = HashMap<String, String>;
type Tensors<'a> = Vec<(String, TensorView<'a>)>;

/// The sound file with something changed.
fn changed<'a>(change: impl FnOnce(&mut Metadata, &mut Tensors<'a>)) -> Vec<u8> {
    let (_, header) = SafeTensors::read_metadata(SOUND).expect("the fixture is sound");
    let mut metadata = header.metadata().clone().expect("the fixture has metadata");
    let tensors = SafeTensors::deserialize(SOUND).expect("the fixture is sound");
    let mut tensors = tensors.tensors();
    change(&mut metadata, &mut tensors);
    safetensors::serialize(tensors, Some(metadata)).expect("the change is a safetensors file")
}

fn with(field: &str, value: &str) -> Vec<u8> {
    changed(|metadata, _| {
        metadata.insert(field.to_owned(), value.to_owned());
    })
}

#[test]
fn a_truncated_file_is_refused_wherever_it_ends() {
    for length in (0..SOUND.len())
        .step_by(997)
        .chain([1, 7, 8, 9, SOUND.len() - 1])
    {
        assert_says(&SOUND[..length], &["not a whole safetensors file"]);
    }
    assert_says(
        b"<!doctype html><title>404</title>",
        &["not a whole safetensors file"],
    );
}

#[test]
fn damaged_headers_never_panic() {
    for at in 0..1500 {
        for change in [0x01, 0x20, 0x80] {
            let mut bytes = SOUND.to_vec();
            bytes[at] ^= change;
            // some changes leave a sound file, such as another letter in the trainer's version
            let _ = Model::from_bytes(&bytes);
        }
    }
}

#[test]
fn missing_metadata_is_named() {
    for field in [
        "network",
        "input",
        "labels",
        "mean",
        "std",
        "temperature",
        "metrics",
        "dataset",
        "trainer",
        "seed",
    ] {
        let bytes = changed(|metadata, _| {
            metadata.remove(field);
        });
        assert_says(&bytes, &["the metadata has no", field]);
    }
}

#[test]
fn impossible_metadata_is_named() {
    assert_says(&with("network", "resnet50"), &["resnet50", "cnn32"]);
    assert_says(&with("labels", "Action, SF"), &["labels", "JSON list"]);
    assert_says(&with("labels", "[]"), &["labels", "2 to 1000"]);
    assert_says(
        &with("labels", r#"["a","b","c","d","e","a"]"#),
        &["labels", "differ"],
    );
    assert_says(
        &with("input", r#"{"width":64,"height":64}"#),
        &["input", "cnn32 takes 32x32"],
    );
    assert_says(&with("mean", "[0.5, 0.5]"), &["mean", "three numbers"]);
    assert_says(&with("mean", "[127, 127, 127]"), &["mean", "0 to 1"]);
    assert_says(&with("std", "[0.2, 0.0, 0.2]"), &["std", "above 0"]);
    assert_says(&with("temperature", "0"), &["temperature", "above 0"]);
    assert_says(&with("temperature", "warm"), &["temperature", "number"]);
}

#[test]
fn another_number_of_labels_than_logits_is_refused() {
    let bytes = with("labels", r#"["a","b","c"]"#);
    assert_says(&bytes, &["classifier.5.weight", "[6, 16]", "[3, 16]"]);
}

#[test]
fn tensors_that_do_not_fit_are_named() {
    let missing = changed(|_, tensors| tensors.retain(|(name, _)| name != "features.4.bias"));
    assert_says(&missing, &["features.4.bias", "missing"]);

    let four = [0; 16];
    let extra = changed(|_, tensors| {
        let view = TensorView::new(Dtype::F32, vec![4], &four).expect("four numbers");
        tensors.push(("head.weight".to_owned(), view));
    });
    assert_says(&extra, &["head.weight", "not part of cnn32"]);

    let short = changed(|_, tensors| {
        let view = TensorView::new(Dtype::F32, vec![4], &four).expect("four numbers");
        replace(tensors, "features.0.bias", view);
    });
    assert_says(&short, &["features.0.bias", "[4]", "[16]"]);

    let integers = changed(|_, tensors| {
        let view = TensorView::new(Dtype::I8, vec![16], &four).expect("sixteen numbers");
        replace(tensors, "features.0.bias", view);
    });
    assert_says(&integers, &["features.0.bias", "I8"]);
}

#[test]
fn weights_that_are_no_numbers_are_refused() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut numbers = [0.5_f32; 16];
        numbers[7] = bad;
        let bytes: Vec<u8> = numbers
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .collect();
        let file = changed(|_, tensors| {
            let view = TensorView::new(Dtype::F32, vec![16], &bytes).expect("sixteen numbers");
            replace(tensors, "features.1.weight", view);
        });
        assert_says(&file, &["features.1.weight", "NaN"]);
    }
}

fn replace<'a>(tensors: &mut Tensors<'a>, name: &str, view: TensorView<'a>) {
    let place = tensors.iter_mut().find(|(known, _)| known == name);
    place.expect("the fixture has the tensor").1 = view;
}
