//! A fixed number of damaged inputs of each kind, and all that ever made Marquee panic.

use marquee_fuzz::{Target, run};

fn survives(target: Target) {
    let findings = run(target, 0..target.runs()).expect("the seeds and the corpus can be read");
    let names: Vec<&str> = findings.iter().map(|finding| &*finding.name).collect();
    assert!(
        names.is_empty(),
        "{target:?} panics; `cargo run -p marquee-fuzz -- --target {}` writes the bytes: {names:?}",
        target.name()
    );
}

#[test]
fn pictures() {
    survives(Target::Picture);
}

#[test]
fn share_links() {
    survives(Target::ShareLink);
}

#[test]
fn weights() {
    survives(Target::Weights);
}

#[test]
fn manifests() {
    survives(Target::Manifest);
}

#[test]
fn rules() {
    survives(Target::Rule);
}

#[test]
fn recipes() {
    survives(Target::Recipe);
}

#[test]
fn sound_seeds_are_read() {
    use marquee_app::share_link;
    use marquee_models::{file::Model, preprocess};
    for (name, bytes) in Target::Picture.seeds().expect("they are drawn") {
        assert!(preprocess::decode(&bytes).is_ok(), "{name}");
    }
    for (name, bytes) in Target::ShareLink.seeds().expect("they are drawn") {
        let text = String::from_utf8(bytes)
            .ok()
            .filter(|_| !name.ends_with("within"));
        assert!(
            text.is_none_or(|text| share_link::open(&text).is_ok()),
            "{name}"
        );
    }
    for (name, bytes) in Target::Weights.seeds().expect("they are there") {
        assert!(Model::from_bytes(&bytes).is_ok(), "{name}");
    }
}
