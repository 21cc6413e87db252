//! The messages by which the lazy app has a networks worker teach a classifier of the visitor's own
//! classes: a linear head on the pooled features of a network.

use crate::wire::{record, words};
use js_sys::{Float32Array, Uint8Array};
use web_sys::Blob;

/// In lists of classes by poster: it has none.
pub const NO_CLASS: u8 = u8::MAX;

record! {
    /// Posters, some of them with a class, from which to learn a classifier.
    pub struct Teach {
        /// The request's number, which the reply repeats.
        pub id: u32 = "id",
        /// Each poster's pooled features, one poster after the other.
        pub features: Float32Array = "features",
        /// Each poster's look, one after the other.
        pub looks: Uint8Array = "looks",
        /// Each poster's class, or [`NO_CLASS`].
        pub truths: Uint8Array = "truths",
    }
}

record! {
    /// A classifier.
    pub struct Head {
        /// Half-precision numbers, little-endian: a weight for each class and feature, class by class, and
        /// then a bias for each class.
        pub numbers: Uint8Array = "numbers",
        /// What the logits are divided by before the softmax.
        pub temperature: f32 = "temperature",
        /// If the likeliest class is less probable than this, the answer is "not sure".
        pub threshold: f32 = "threshold",
    }
}

record! {
    /// How good a classifier is about posters that it has not learned from.
    #[derive(PartialEq)]
    pub struct Score {
        /// How many posters it was judged by.
        pub posters: u32 = "posters",
        /// In how many folds they were held out; as many as there are groups of alike posters if each was
        /// held out alone.
        pub folds: u32 = "folds",
        /// The share of right answers, 0 to 1, and the bounds of its 95 % interval.
        pub accuracy: Vec<f64> = "accuracy",
        /// The mean of the classes' F1, 0 to 1, likewise.
        pub macro_f1: Vec<f64> = "macroF1",
    }
}

record! {
    /// What was learned.
    pub struct Taught {
        /// The number of the request.
        pub id: u32 = "id",
        /// Which classes the classifier knows, in the order of its outputs: those that a poster has. None
        /// if they are fewer than two.
        pub classes: Vec<u32> = "classes",
        /// The classifier; `None` without classes.
        pub head: Option<Head> = "head",
        /// The probability of each of these classes for each poster, one poster after the other. If there is
        /// a score, a poster that has a class of its own is answered by a classifier that has not seen it.
        pub probabilities: Float32Array = "probabilities",
        /// `None` if a class has too few posters for one.
        pub score: Option<Score> = "score",
        /// How many posters each class that has one has, nearly alike ones counted once.
        pub different: Vec<u32> = "different",
    }
}

words! {
    /// What a whole network is written as.
    pub enum Form {
        /// Marquee's own `.safetensors` file.
        Weights = "weights",
        /// An ONNX file that takes prepared posters and gives logits, as `marquee onnx` writes it.
        Onnx = "onnx",
        /// An ONNX file that takes pictures and gives probabilities, as `marquee onnx --raw` writes it.
        RawOnnx = "rawOnnx",
    }
}

record! {
    /// A classifier of which to make a whole network.
    pub struct Assemble {
        /// The request's number, which the reply repeats.
        pub id: u32 = "id",
        /// The absolute URL of the weights of the network whose features it reads.
        pub network: String = "network",
        /// The classes' names, in the order of its outputs.
        pub labels: Vec<String> = "labels",
        /// The classifier.
        pub head: Head = "head",
        /// How good it is, if that is known.
        pub score: Option<Score> = "score",
        /// What to write it as.
        pub form: Form = "form",
    }
}

record! {
    /// A whole network as a file.
    pub struct Assembled {
        /// The number of the request.
        pub id: u32 = "id",
        /// The file of the form that was asked for.
        pub file: Uint8Array = "file",
    }
}

record! {
    /// A file that may be a weights file.
    pub struct Inspect {
        /// The request's number, which the reply repeats.
        pub id: u32 = "id",
        /// The file.
        pub file: Blob = "file",
    }
}

record! {
    /// What a weights file holds.
    pub struct Inspected {
        /// The number of the request.
        pub id: u32 = "id",
        /// The network's name.
        pub network: String = "network",
        /// The classes.
        pub labels: Vec<String> = "labels",
        /// How good it is, where the page has written that into the file.
        pub score: Option<Score> = "score",
    }
}
