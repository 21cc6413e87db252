//! A fixed number of damaged inputs of each kind, and all that ever made Marquee panic.

use std::fs;
use std::path::Path;

use marquee_fuzz::{Finding, Target, run};

fn survives(target: Target) {
    let mut names = Vec::new();
    let note = |finding: Finding| {
        names.push(finding.name);
        Ok(())
    };
    run(target, 0..target.runs(), note).expect("the seeds and the corpus can be read");
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
    for target in Target::ALL {
        for (name, bytes) in target.seeds().expect("they can be made") {
            assert!(target.read(&bytes), "{target:?}: {name}");
        }
    }
}

#[test]
fn sound_lists_of_the_corpus_are_read() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/manifest");
    for ending in ["jsonl", "parquet", "tar"] {
        let list = corpus.join("films").with_extension(ending);
        let bytes = fs::read(&list).expect("it is there");
        assert!(Target::Manifest.read(&bytes), "{}", list.display());
    }
}
