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
//! // { answer: { id: 1, logits: […], probabilities: […], readMs: 8, inferMs: 0.2, picture: {…} } }
//! ```
//!
//! Messages are handled in the order in which they arrive. Those that are sent before a worker is
//! ready wait for it. Besides, `www/worker.js` tells the page `{ started: {} }` when the worker's program
//! runs, `{ lost: { files: […] } }` of files that it could not use, `{ alive: {} }` while a download goes on, and
//! `{ spent: {} }` behind a reply that has cost so much memory that it should be started anew.

pub mod batch;
pub mod networks_worker;
pub mod other_outputs;
pub mod teaching;

use crate::wire::{record, variants, words};
use batch::{Batch, BatchFeatures};
use js_sys::{ArrayBuffer, Float32Array, Uint8Array};
use other_outputs::{Decode, Decoded, Embed, Features};
use web_sys::Blob;

words! {
    /// What runs the network.
    pub enum Engine {
        /// The small executor in the CPU worker.
        Cpu = "cpu",
        /// Burn on WebGPU in the GPU worker.
        Gpu = "gpu",
    }
}

variants! {
    /// From the page to the CPU worker.
    pub enum ToCpu {
        /// Load the weights. The first message, sent once.
        Init(Init) = "init",
        /// Read a poster, and with [`Engine::Cpu`] classify it: the reply is then an
        /// [`Answer`], with [`Engine::Gpu`] a [`Prepared`] poster.
        Classify(Classify) = "classify",
        /// Say what else the network answers: the reply is [`Decoded`].
        Decode(Decode) = "decode",
        /// Compute a poster's features: the reply is [`Features`].
        Embed(Embed) = "embed",
        /// No poster waits: load the other formats' decoders, so that later posters need no internet.
        Rest(bool) = "rest",
    }
}

variants! {
    /// From the CPU worker to the page.
    pub enum FromCpu {
        /// The weights are loaded.
        Ready(Ready) = "ready",
        /// The network's input for a poster that the GPU worker is to classify.
        Prepared(Prepared) = "prepared",
        /// A poster's classes.
        Answer(Answer) = "answer",
        /// A poster's genres and score.
        Decoded(Decoded) = "decoded",
        /// A poster's features.
        Features(Features) = "features",
        /// A file that can't be classified; the worker goes on.
        Refused(Refused) = "refused",
        /// The worker can't go on.
        Failed(Failed) = "failed",
    }
}

variants! {
    /// From the page to the GPU worker.
    pub enum ToGpu {
        /// Start WebGPU, load the weights and warm up. The first message, sent once.
        Init(Init) = "init",
        /// Classify what the CPU worker has prepared.
        Infer(Infer) = "infer",
        /// Compute the features of several posters.
        Features(Batch) = "features",
    }
}

variants! {
    /// From the GPU worker to the page.
    pub enum FromGpu {
        /// WebGPU has started and the network is ready.
        Ready(Ready) = "ready",
        /// A poster's classes.
        Answer(Answer) = "answer",
        /// Several posters' features.
        Features(BatchFeatures) = "features",
        /// This browser or this machine has no WebGPU.
        Unavailable(Failed) = "unavailable",
        /// The worker can't go on.
        Failed(Failed) = "failed",
    }
}

record! {
    /// Which network to load.
    pub struct Init {
        /// The absolute URL of a `.safetensors` file.
        pub weights: String = "weights",
        /// What it holds; otherwise the worker downloads it.
        pub bytes: Option<ArrayBuffer> = "bytes",
    }
}

record! {
    /// A poster to read.
    pub struct Classify {
        /// The request's number, which the reply repeats.
        pub id: u32 = "id",
        /// A `File` or `Blob`. A handle: its bytes are read in the worker.
        pub file: Blob = "file",
        /// Which engine is going to classify it.
        pub engine: Engine = "engine",
    }
}

record! {
    /// A poster as the network wants it.
    pub struct Prepared {
        /// The number of the request.
        pub id: u32 = "id",
        /// Normalised `[channels, height, width]`.
        pub input: Float32Array = "input",
        /// Milliseconds it took to read, decode and resize the file.
        pub read_ms: f64 = "readMs",
        /// As in [`Answer`].
        pub incomplete: Option<bool> = "incomplete",
        /// As in [`Answer`].
        pub picture: Option<Picture> = "picture",
    }
}

record! {
    /// A prepared poster to classify.
    pub struct Infer {
        /// The request's number, which the reply repeats.
        pub id: u32 = "id",
        /// [`Prepared::input`], or several of them in a row. Then all their logits come back, and
        /// the first one's probabilities.
        pub input: Float32Array = "input",
    }
}

record! {
    /// A worker that has loaded its model and is warm.
    pub struct Ready {
        /// The network's name.
        pub network: String = "network",
        /// The classes, in the order of all logits and probabilities.
        pub labels: Vec<String> = "labels",
        /// Median milliseconds for one poster on this machine, without reading the file.
        pub one_ms: f64 = "oneMs",
        /// The logits of [`probe`], on which all correct engines agree.
        pub probe: Vec<f32> = "probe",
    }
}

record! {
    /// What the network says of a poster.
    pub struct Answer {
        /// The number of the request.
        pub id: u32 = "id",
        /// As they leave the network: one per class first, then those of its other heads.
        pub logits: Vec<f32> = "logits",
        /// The classes' probabilities, 0 to 1: their logits after the model's temperature and softmax.
        pub probabilities: Vec<f32> = "probabilities",
        /// Whether the likeliest class reaches the model's threshold.
        pub sure: bool = "sure",
        /// Milliseconds it took to read, decode and resize the file; 0 from the GPU worker.
        pub read_ms: f64 = "readMs",
        /// Milliseconds in the network.
        pub infer_ms: f64 = "inferMs",
        /// True if the file is cut off and a part of the poster is missing.
        pub incomplete: Option<bool> = "incomplete",
        /// The decoded poster, so that nobody has to decode it again. Not from the GPU worker,
        /// which reads none, and not for more than [`Picture::MOST_BYTES`].
        pub picture: Option<Picture> = "picture",
    }
}

record! {
    /// A file that can't be classified.
    pub struct Refused {
        /// The number of the request.
        pub id: u32 = "id",
        /// What to tell the visitor.
        pub problem: Problem = "problem",
        /// What to tell a programmer.
        pub detail: String = "detail",
    }
}

words! {
    /// Why there is no answer.
    pub enum Problem {
        /// There is nothing in the file.
        Empty = "empty",
        /// It is something else, or a kind of picture that isn't read here.
        NotAnImage = "notAnImage",
        /// It begins like a picture, but can't be decoded.
        Damaged = "damaged",
        /// The browser can't open the file: it was moved, or changed since it was chosen.
        Unreadable = "unreadable",
        /// The file has over 64 MB, 40 megapixels or 16,384 pixels a side.
        TooLarge = "tooLarge",
        /// The decoder of this kind of picture could not be loaded.
        NoDecoder = "noDecoder",
        /// The network's weights could not be loaded.
        NoNetwork = "noNetwork",
        /// The worker stopped before it answered.
        WorkerDied = "workerDied",
        /// The worker's program could not be loaded.
        NotLoaded = "notLoaded",
    }
}

variants! {
    /// What a decoder bundle's `decode` returns to the CPU worker.
    pub enum FromDecoder {
        /// The picture in the file.
        Picture(Picture) = "picture",
        /// Why there is none.
        Refused(Undecoded) = "refused",
    }
}

record! {
    /// A decoded picture.
    pub struct Picture {
        /// Pixels in a row.
        pub width: u32 = "width",
        /// Rows.
        pub height: u32 = "height",
        /// RGB8, row by row.
        pub pixels: Uint8Array = "pixels",
        /// True if its file is cut off and a part of it is missing.
        pub incomplete: Option<bool> = "incomplete",
    }
}

impl Picture {
    /// The most bytes of pixels that a worker hands over: 32 MiB, which is 11 megapixels. A larger
    /// poster is decoded again where it is needed, rather than held in several places.
    pub const MOST_BYTES: usize = 32 << 20;
}

record! {
    /// A file that holds no picture.
    pub struct Undecoded {
        /// What to tell the visitor.
        pub problem: Problem = "problem",
        /// What to tell a programmer.
        pub detail: String = "detail",
    }
}

record! {
    /// Why a worker can't go on.
    pub struct Failed {
        /// For a programmer, in English.
        pub reason: String = "reason",
        /// What to tell the visitor, if it is not [`Problem::WorkerDied`].
        pub problem: Option<Problem> = "problem",
    }
}

/// The largest file that is read, in bytes.
pub const MAX_FILE_BYTES: f64 = (64 << 20) as f64;

/// An input that every engine is given before it is trusted: a fixed pattern of `len` numbers
/// between -1 and 1.
///
/// A graphics driver can be wrong without an error. Where two engines disagree on this input, one of
/// them is wrong.
pub fn probe(len: usize) -> Vec<f32> {
    (0..len)
        .map(|i| ((i * 37 % 101) as f32) / 50.0 - 1.0)
        .collect()
}

/// The median: of an even count the upper of the two in the middle, of nothing 0.
pub fn median(values: &[f64]) -> f64 {
    // A handful of numbers: counting is a tenth of the code that sorting is.
    let lower_than = |value: f64| values.iter().filter(|other| **other < value).count();
    let middle = values.len() / 2;
    let at_most = |value: f64| values.iter().filter(|other| **other <= value).count();
    values
        .iter()
        .copied()
        .find(|&value| lower_than(value) <= middle && middle < at_most(value))
        .unwrap_or(0.0)
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
        assert_eq!(median(&[90.0, 2.0, 1.0]), 2.0);
        assert_eq!(median(&[]), 0.0);
    }
}
