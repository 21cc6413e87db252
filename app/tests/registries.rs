//! What is listed in several places is listed in all of them: image formats and networks.

#![cfg(not(target_arch = "wasm32"))]

use marquee_models::file::Model;
use marquee_models::preprocess::{Format, MAX_FILE_BYTES};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The values of an attribute or key that end with `-decoder`, such as `png-decoder`.
fn decoders<'a>(text: &'a str, key: &str) -> BTreeSet<&'a str> {
    let values = text.split(key).skip(1);
    let names = values.filter_map(|rest| rest.split('"').nth(1));
    names.filter(|name| name.ends_with("-decoder")).collect()
}

#[test]
fn every_format_that_needs_a_decoder_program_has_one_in_the_site() {
    let formats: BTreeSet<&str> = Format::ALL.into_iter().filter_map(Format::bundle).collect();
    let programs = decoders(include_str!("../Cargo.toml"), "\nname = ");
    assert_eq!(programs, formats, "the programs of app/Cargo.toml");
}

#[test]
fn the_page_knows_each_networks_classes_before_it_has_loaded_the_network() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/weights");
    let list = fs::read(folder.join("index.json")).expect("the list of networks");
    let list: serde_json::Value = serde_json::from_slice(&list).expect("JSON");
    for network in list["networks"].as_array().expect("networks") {
        let file = network["file"].as_str().expect("a file");
        let weights = fs::read(folder.join(file)).expect("its weights");
        let model = Model::from_bytes(&weights).expect("a model");
        let labels = network["labels"].as_array().expect("labels").iter();
        let labels: Vec<&str> = labels.filter_map(serde_json::Value::as_str).collect();
        assert_eq!(labels, model.metadata().labels, "{file}");
    }
}

#[test]
fn no_listed_network_is_better_than_the_one_that_is_called_best() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/weights");
    let read = |file: &str| -> serde_json::Value {
        let text = fs::read(folder.join(file)).expect("a file");
        serde_json::from_slice(&text).expect("JSON")
    };
    let list = read("index.json");
    let networks = list["networks"].as_array().expect("networks");
    let quality = |network: &&serde_json::Value| {
        let summary = read(&format!(
            "{}.json",
            network["name"].as_str().expect("a name")
        ));
        summary["macro_f1"].as_f64().expect("a figure")
    };
    let best = networks.iter().find(|network| network["best"] == true);
    let best = quality(&best.expect("one is called best"));
    assert!(networks.iter().all(|network| quality(&network) <= best));
}

#[test]
fn the_page_downloads_no_file_that_is_too_large_to_be_read() {
    let downloaded = marquee_app::protocol::MAX_FILE_BYTES;
    assert_eq!(downloaded, MAX_FILE_BYTES as f64);
}
