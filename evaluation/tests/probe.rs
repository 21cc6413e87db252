//! Linear probes are those of scikit-learn, and their score is honest.
//!
//! `fixtures/scikit_learn.py` makes the answers that are compared with, by the formulas that are
//! repeated here.

use marquee_evaluation::probe::{Lessons, Probe};
use marquee_models::math::argmax;
use serde::Deserialize;

const POSTERS: usize = 90;
const FEATURES: usize = 12;
const CLASSES: usize = 3;

#[derive(Deserialize)]
struct Fixture {
    /// Of the first posters, `[poster][class]`.
    logits: Vec<Vec<f32>>,
    accuracy: f64,
}

/// Numbers from -1 to 1, exact in single precision: 32 bits hashed (C. Wellons' lowbias32).
fn noise(count: usize) -> impl Iterator<Item = f32> {
    (0..count).map(|element| {
        let mut x = element as u32;
        for (shift, factor) in [(16, 0x7feb_352d_u32), (15, 0x846c_a68b)] {
            x ^= x >> shift;
            x = x.wrapping_mul(factor);
        }
        x ^= x >> 16;
        (x >> 8) as f32 / (1 << 23) as f32 - 1.0
    })
}

fn truths() -> Vec<usize> {
    (0..POSTERS)
        .map(|poster| [0, 0, 0, 1, 1, 2][poster % 6])
        .collect()
}

/// Features in which a class is a little higher than the others.
fn rows(truths: &[usize]) -> Vec<f32> {
    let mut rows: Vec<f32> = noise(POSTERS * FEATURES).collect();
    for (poster, truth) in truths.iter().enumerate() {
        rows[poster * FEATURES + truth] += 0.75;
    }
    rows
}

fn learn(rows: &[f32], truths: &[usize], groups: &[usize]) -> Probe {
    let lessons = Lessons {
        classes: CLASSES,
        features: FEATURES,
        rows,
        truths,
        groups,
    };
    lessons.learn()
}

fn each_alone(posters: usize) -> Vec<usize> {
    (0..posters).collect()
}

#[test]
fn the_classifier_is_that_of_scikit_learn() {
    let fixture: Fixture =
        serde_json::from_str(include_str!("fixtures/scikit_learn.json")).expect("JSON");
    let truths = truths();
    let rows = rows(&truths);
    let probe = learn(&rows, &truths, &each_alone(POSTERS));
    let logits = probe.classifier.logits(&rows);
    for (found, expected) in logits.chunks(CLASSES).zip(&fixture.logits) {
        // their sum is free: a softmax does not see it
        let shift = (found.iter().sum::<f32>() - expected.iter().sum::<f32>()) / CLASSES as f32;
        for (found, expected) in found.iter().zip(expected) {
            assert!(
                (found - shift - expected).abs() < 1e-4,
                "{found} {expected}"
            );
        }
    }
    let pairs = logits.chunks(CLASSES).zip(&truths);
    let right = pairs
        .filter(|(logits, truth)| argmax(logits) == **truth)
        .count();
    assert!((right as f64 / POSTERS as f64 - fixture.accuracy).abs() < 1e-9);
    assert_eq!(probe, learn(&rows, &truths, &each_alone(POSTERS)));
}

#[test]
fn what_is_learned_by_heart_does_not_count() {
    // classes that have nothing to do with the features
    let truths: Vec<usize> = (0..POSTERS).map(|poster| poster % CLASSES).collect();
    let rows: Vec<f32> = noise(POSTERS * FEATURES).collect();
    let alone = learn(&rows, &truths, &each_alone(POSTERS));
    let score = alone.score.expect("there are posters enough");
    assert_eq!(score.folds, 5);
    assert!(score.accuracy.value < 0.5, "{:?}", score.accuracy);

    // each poster twice: its twin would give the answer away
    let (twice, rows) = (
        [truths.clone(), truths].concat(),
        [rows.clone(), rows].concat(),
    );
    let groups: Vec<usize> = (0..2 * POSTERS).map(|poster| poster % POSTERS).collect();
    let together = learn(&rows, &twice, &groups).score.expect("as many");
    assert!(together.accuracy.value < 0.5, "{:?}", together.accuracy);
}

#[test]
fn there_is_no_score_from_too_few_posters() {
    let truths: Vec<usize> = (0..15).map(|poster| poster % CLASSES).collect();
    let rows = rows_of(&truths);
    let scored = learn(&rows, &truths, &each_alone(15));
    assert_eq!(scored.score.map(|score| score.folds), Some(15));
    // two of them look alike
    let mut alike = each_alone(15);
    alike[3] = 0;
    assert_eq!(learn(&rows, &truths, &alike).score, None);
    assert_eq!(
        learn(&rows[..14 * FEATURES], &truths[..14], &each_alone(14)).score,
        None
    );
}

fn rows_of(truths: &[usize]) -> Vec<f32> {
    let all = rows(
        &(0..POSTERS)
            .map(|poster| poster % CLASSES)
            .collect::<Vec<_>>(),
    );
    all[..truths.len() * FEATURES].to_vec()
}
