//! The messages between the page and its workers.
//!
//! On the wire they are plain JavaScript objects with one key that names the message, so that a
//! test (or a curious visitor, in the console) can talk to a worker without the page:
//!
//! ```js
//! const worker = new Worker("worker.js", { name: "cpu-worker" });
//! worker.onmessage = ({ data }) => console.log(data);
//! worker.postMessage({ init: { weights: new URL("weights/cnn32.safetensors", document.baseURI).href } });
//! worker.postMessage({ classify: { id: 1, file, engine: "cpu" } });
//! // { ready: { network: "cnn32", labels: ["Action", …], oneMs: 0.1, probe: [0.3, …] } }
//! // { answer: { id: 1, logits: […], probabilities: […], readMs: 8, inferMs: 0.2, pixels: Uint8Array } }
//! ```
//!
//! Messages are handled in the order in which they arrive; those sent before a worker is ready
//! wait for it.

use js_sys::{Float32Array, Uint8Array};
use serde::{Deserialize, Serialize};
use web_sys::Blob;

/// What runs the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Engine {
    /// The SIMD executor in the CPU worker.
    Cpu,
    /// Burn on WebGPU in the GPU worker.
    Gpu,
}

/// From the page to the CPU worker.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ToCpu {
    /// Load the weights. First of all, and once.
    Init(Init),
    /// Read a poster, and with [`Engine::Cpu`] classify it: the reply is then an
    /// [`Answer`], with [`Engine::Gpu`] a [`Prepared`] poster.
    Classify(Classify),
}

/// From the CPU worker to the page.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FromCpu {
    /// The weights are loaded.
    Ready(Ready),
    /// The network's input for a poster that the GPU worker is to classify.
    Prepared(Prepared),
    /// A poster's classes.
    Answer(Answer),
    /// A file that is no poster; the worker goes on.
    Refused(Refused),
    /// The worker can't go on.
    Failed(Failed),
}

/// From the page to the GPU worker.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ToGpu {
    /// Start WebGPU, load the weights and warm up. First of all, and once.
    Init(Init),
    /// Classify what the CPU worker has prepared.
    Infer(Infer),
}

/// From the GPU worker to the page.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FromGpu {
    /// Warm.
    Ready(Ready),
    /// A poster's classes.
    Answer(Answer),
    /// This browser or this machine has no WebGPU.
    Unavailable(Failed),
    /// The worker can't go on.
    Failed(Failed),
}

/// Where the trained model is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Init {
    /// The absolute URL of a `.safetensors` file.
    pub weights: String,
}

/// A poster to read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Classify {
    /// Comes back with the reply.
    pub id: u32,
    /// A `File` or `Blob`. A handle: its bytes are read in the worker.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub file: Blob,
    /// Where it is going to be classified.
    pub engine: Engine,
}

/// A poster as the network wants it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Prepared {
    /// The request's.
    pub id: u32,
    /// Normalised `[channels, height, width]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub input: Float32Array,
    /// The same before it was normalised: RGB8, row by row.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub pixels: Uint8Array,
    /// Milliseconds it took to read, decode and resize the file.
    pub read_ms: f64,
}

/// A prepared poster to classify.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Infer {
    /// Comes back with the reply.
    pub id: u32,
    /// [`Prepared::input`].
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub input: Float32Array,
}

/// A worker that has loaded its model and is warm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ready {
    /// The network's name.
    pub network: String,
    /// The classes, in the order of all logits and probabilities.
    pub labels: Vec<String>,
    /// Median milliseconds for one poster on this machine, without reading the file.
    pub one_ms: f64,
    /// The logits of [`probe`], which every correct engine agrees on.
    pub probe: Vec<f32>,
}

/// What the network says of a poster.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The request's.
    pub id: u32,
    /// As they leave the network, one per class.
    pub logits: Vec<f32>,
    /// The same after the model's temperature and softmax.
    pub probabilities: Vec<f32>,
    /// Milliseconds it took to read, decode and resize the file; 0 from the GPU worker, which
    /// reads none.
    pub read_ms: f64,
    /// Milliseconds in the network.
    pub infer_ms: f64,
    /// The resized RGB8 pixels, row by row; empty from the GPU worker.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub pixels: Uint8Array,
}

/// A file that can't be classified.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Refused {
    /// The request's.
    pub id: u32,
    /// What to tell the visitor.
    pub problem: Problem,
    /// What to tell a programmer.
    pub detail: String,
}

/// Why a file can't be classified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Problem {
    /// There is nothing in it.
    Empty,
    /// It is something else, or a kind of picture that isn't read here.
    NotAnImage,
    /// It begins like a picture, but can't be decoded.
    Damaged,
    /// It has more pixels than fit in memory.
    TooLarge,
}

impl Problem {
    const ALL: [Problem; 4] = [
        Problem::Empty,
        Problem::NotAnImage,
        Problem::Damaged,
        Problem::TooLarge,
    ];

    /// The word on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Problem::Empty => "empty",
            Problem::NotAnImage => "notAnImage",
            Problem::Damaged => "damaged",
            Problem::TooLarge => "tooLarge",
        }
    }

    /// The problem of this [`name`](Self::name).
    pub fn named(name: &str) -> Option<Problem> {
        Problem::ALL
            .into_iter()
            .find(|problem| problem.name() == name)
    }
}

/// Why a worker can't go on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Failed {
    /// For a programmer, in English.
    pub reason: String,
}

/// An input that every engine is given before it is trusted: a fixed pattern of `len` numbers
/// between -1 and 1.
///
/// A graphics driver can be wrong without saying so; two engines that disagree on this are not
/// both right.
pub fn probe(len: usize) -> Vec<f32> {
    (0..len)
        .map(|i| ((i * 37 % 101) as f32) / 50.0 - 1.0)
        .collect()
}

/// The median, or 0 of nothing.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_probe_stays_in_its_range_and_is_not_constant() {
        let probe = probe(3072);
        assert_eq!(probe.len(), 3072);
        assert!(probe.iter().all(|v| (-1.0..=1.0).contains(v)));
        assert_ne!(probe[0], probe[1]);
    }

    #[test]
    fn the_median_ignores_an_outlier() {
        assert_eq!(median(vec![90.0, 2.0, 1.0]), 2.0);
        assert_eq!(median(Vec::new()), 0.0);
    }
}
