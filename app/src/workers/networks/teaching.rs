//! Teaches classifiers of the visitor's own classes, and makes whole networks of them.

use js_sys::{Float32Array, Uint8Array};
use marquee_app::protocol::networks_worker::FromNetworksWorker;
use marquee_app::protocol::teaching::{
    Assemble, Assembled, Form, Head, Inspect, Inspected, NO_CLASS, Score, Taught, Teach,
};
use marquee_app::protocol::{Problem, Undecoded};
use marquee_app::workers::scope::{describe, load};
use marquee_evaluation::bootstrap::Estimate;
use marquee_evaluation::linear::LinearClassifier;
use marquee_evaluation::probe::Lessons;
use marquee_models::file::{Metadata, Model, Precision};
use marquee_models::math::softmax;
use marquee_models::similar::{Look, groups};
use std::collections::BTreeMap;
use wasm_bindgen_futures::JsFuture;

/// The metrics by which a score is written into a weights file.
const POSTERS: &str = "held-out posters";
const FOLDS: &str = "held-out folds";
const ACCURACY: [&str; 3] = [
    "held-out accuracy",
    "held-out accuracy, low",
    "held-out accuracy, high",
];
const MACRO_F1: [&str; 3] = [
    "held-out macro-F1",
    "held-out macro-F1, low",
    "held-out macro-F1, high",
];

/// Learns a classifier from the posters that have a class, and answers all posters by it.
///
/// # Errors
///
/// If the lists of the request do not fit each other.
pub(crate) fn teach(request: &Teach) -> Result<FromNetworksWorker, Undecoded> {
    let truths = request.truths.to_vec();
    let (features, looks) = (request.features.to_vec(), request.looks.to_vec());
    let len = features.len() / truths.len().max(1);
    let fits = features.len() == len * truths.len() && looks.len() == Look::BYTES * truths.len();
    if len == 0 || !fits {
        return Err(unsound("the lists of posters differ in length"));
    }
    let ticked: Vec<usize> = (0..truths.len())
        .filter(|poster| truths[*poster] != NO_CLASS)
        .collect();
    let looks = looks.chunks_exact(Look::BYTES);
    let looks: Vec<Look> = looks.filter_map(Look::from_bytes).collect();
    let looks: Vec<Look> = ticked.iter().map(|poster| looks[*poster].clone()).collect();
    // The classes that a poster has are numbered anew, for there is nothing to learn of the others.
    let mut classes: Vec<u8> = ticked.iter().map(|poster| truths[*poster]).collect();
    classes.sort_unstable();
    classes.dedup();
    let own: Vec<usize> = ticked
        .iter()
        .map(|poster| classes.partition_point(|class| *class < truths[*poster]))
        .collect();
    let rows: Vec<f32> = ticked
        .iter()
        .flat_map(|poster| &features[poster * len..][..len])
        .copied()
        .collect();
    let lessons = Lessons {
        classes: classes.len(),
        features: len,
        rows: &rows,
        truths: &own,
        groups: &groups(&looks),
    };
    let different = lessons.groups_of_classes();
    let mut taught = Taught {
        id: request.id,
        classes: classes.iter().copied().map(u32::from).collect(),
        head: None,
        probabilities: Float32Array::new_with_length(0),
        score: None,
        different: different.into_iter().map(|it| it as u32).collect(),
    };
    if classes.len() < 2 {
        taught.classes = Vec::new();
        return Ok(FromNetworksWorker::Taught(taught));
    }
    let learned = lessons.learn();
    let temperature = learned.temperature as f32;
    let numbers = [&learned.classifier.weights[..], &learned.classifier.biases].concat();
    // As it is kept and passed on, so that its answers are the same everywhere.
    let numbers = Precision::Half.encode(&numbers);
    let classifier = classifier(&numbers, classes.len());
    let mut logits = classifier.logits(&features);
    if let Some(score) = &learned.score {
        let held_out = score.logits.chunks_exact(classes.len());
        for (held_out, poster) in held_out.zip(&ticked) {
            logits[poster * classes.len()..][..classes.len()].copy_from_slice(held_out);
        }
    }
    let logits = logits.chunks_exact(classes.len());
    let probabilities: Vec<f32> = logits
        .flat_map(|logits| softmax(logits, temperature))
        .collect();
    taught.probabilities = probabilities.as_slice().into();
    taught.head = Some(Head {
        numbers: numbers.as_slice().into(),
        temperature,
        threshold: learned.threshold as f32,
    });
    taught.score = learned.score.map(|score| Score {
        posters: ticked.len() as u32,
        folds: score.folds as u32,
        accuracy: bounds(&score.accuracy),
        macro_f1: bounds(&score.macro_f1),
    });
    Ok(FromNetworksWorker::Taught(taught))
}

/// Makes a file of a network with a classifier's head.
///
/// An ONNX file is made of what the weights file holds, so that both answer alike.
///
/// # Errors
///
/// If the network can't be loaded, or the head does not fit it.
pub(crate) async fn assemble(request: Assemble) -> Result<FromNetworksWorker, Undecoded> {
    let base = load(&request.network, None).await;
    let base = base.map_err(|detail| Undecoded {
        problem: Problem::NoNetwork,
        detail,
    })?;
    let Head {
        numbers,
        temperature,
        threshold,
    } = request.head;
    let LinearClassifier { weights, biases } = classifier(&numbers.to_vec(), request.labels.len());
    let metadata = Metadata {
        labels: request.labels,
        genres: Vec::new(),
        score: None,
        temperature,
        threshold,
        metrics: request.score.as_ref().map(metrics).unwrap_or_default(),
        dataset: String::new(),
        trainer: format!("Marquee {}, taught in its page", env!("CARGO_PKG_VERSION")),
        seed: 0,
        ..base.metadata().clone()
    };
    let model = base.with_classes(metadata, weights, biases);
    let model = model.map_err(|error| unsound(&error.to_string()))?;
    let weights = model.to_bytes(Precision::Half);
    let onnx = |write: fn(&Model) -> Vec<u8>| Model::from_bytes(&weights).map(|it| write(&it));
    let file = match request.form {
        Form::Weights => Ok(weights),
        Form::Onnx => onnx(marquee_onnx::to_bytes),
        Form::RawOnnx => onnx(marquee_onnx::to_raw_bytes),
    };
    let file = file.map_err(|error| unsound(&error.to_string()))?;
    Ok(FromNetworksWorker::Assembled(Assembled {
        id: request.id,
        file: file.as_slice().into(),
    }))
}

/// Says what a weights file holds.
///
/// # Errors
///
/// If the file can't be read, or is none.
pub(crate) async fn inspect(request: &Inspect) -> Result<FromNetworksWorker, Undecoded> {
    let buffer = JsFuture::from(request.file.array_buffer()).await;
    let buffer = buffer.map_err(|error| Undecoded {
        problem: Problem::Unreadable,
        detail: describe(&error),
    })?;
    let model = Model::from_bytes(&Uint8Array::new(&buffer).to_vec());
    let model = model.map_err(|error| unsound(&error.to_string()))?;
    let metadata = model.metadata();
    Ok(FromNetworksWorker::Inspected(Inspected {
        id: request.id,
        network: metadata.network.to_string(),
        labels: metadata.labels.clone(),
        score: score(&metadata.metrics),
    }))
}

/// The classifier of these half-precision numbers.
fn classifier(numbers: &[u8], classes: usize) -> LinearClassifier {
    let mut weights = Precision::Half.decode(numbers);
    let biases = weights.split_off(weights.len().saturating_sub(classes));
    LinearClassifier { weights, biases }
}

fn bounds(estimate: &Estimate) -> Vec<f64> {
    vec![
        estimate.value,
        estimate.interval.low,
        estimate.interval.high,
    ]
}

fn metrics(score: &Score) -> BTreeMap<String, f64> {
    let counts = [(POSTERS, score.posters.into()), (FOLDS, score.folds.into())];
    let accuracy = ACCURACY.into_iter().zip(score.accuracy.iter().copied());
    let macro_f1 = MACRO_F1.into_iter().zip(score.macro_f1.iter().copied());
    let all = counts.into_iter().chain(accuracy).chain(macro_f1);
    all.map(|(name, value)| (name.to_owned(), value)).collect()
}

fn score(metrics: &BTreeMap<String, f64>) -> Option<Score> {
    let all = |names: [&str; 3]| -> Option<Vec<f64>> {
        names
            .iter()
            .map(|name| metrics.get(*name).copied())
            .collect()
    };
    Some(Score {
        posters: *metrics.get(POSTERS)? as u32,
        folds: *metrics.get(FOLDS)? as u32,
        accuracy: all(ACCURACY)?,
        macro_f1: all(MACRO_F1)?,
    })
}

fn unsound(detail: &str) -> Undecoded {
    Undecoded {
        problem: Problem::Damaged,
        detail: detail.to_owned(),
    }
}
