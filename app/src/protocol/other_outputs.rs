//! What the CPU worker says besides a poster's classes. The page's first program asks for none of it;
//! `www/classifier.js` does.

use crate::wire::record;
use js_sys::Float32Array;
use web_sys::Blob;

record! {
    /// A network's outputs, whose genres and score are asked for.
    pub struct Decode {
        /// The request's number, which the reply repeats.
        pub id: u32 = "id",
        /// `logits` of an [`Answer`](super::Answer), by whatever engine.
        pub logits: Vec<f32> = "logits",
    }
}

record! {
    /// What a network answers besides the classes.
    pub struct Decoded {
        /// The number of the request.
        pub id: u32 = "id",
        /// TMDB's genres, if the network has a head for them.
        pub genres: Vec<String> = "genres",
        /// How likely each genre is by itself, 0 to 1; they don't add up to 1.
        pub genre_probabilities: Vec<f32> = "genreProbabilities",
        /// The score that TMDB's members would give, 0 to 10, and half the width of the interval
        /// that holds the scores of four films of five. Empty if the network has no head for it.
        pub score: Vec<f32> = "score",
    }
}

record! {
    /// A poster of which the features are asked for.
    pub struct Embed {
        /// The request's number, which the reply repeats.
        pub id: u32 = "id",
        /// A `File` or `Blob`.
        pub file: Blob = "file",
    }
}

record! {
    /// A poster's pooled features, which the network's heads read.
    pub struct Features {
        /// The number of the request.
        pub id: u32 = "id",
        /// As many as the network has.
        pub features: Float32Array = "features",
    }
}
