//! The messages between the lazy app and its networks workers, which run every network.

use super::wire::{record, variants};
use js_sys::Uint8Array;
use web_sys::Blob;

variants! {
    /// From the lazy app to a networks worker.
    pub enum ToNetworksWorker {
        /// Read a poster.
        Read(Read) = "read",
        /// Classify pixels that were read before.
        Pixels(Pixels) = "pixels",
        /// Say what mattered.
        Heat(Heat) = "heat",
        /// Measure this machine.
        Measure(Measure) = "measure",
    }
}

variants! {
    /// From a networks worker to the lazy app.
    pub enum FromNetworksWorker {
        /// Answers to [`ToNetworksWorker::Read`] and [`ToNetworksWorker::Pixels`].
        Readings(Readings) = "readings",
        /// The answer to [`ToNetworksWorker::Heat`].
        Heated(Heated) = "heated",
        /// The answer to [`ToNetworksWorker::Measure`].
        Measured(Measured) = "measured",
        /// A request that can't be answered; the worker goes on.
        Refused(super::Refused) = "refused",
        /// The worker can't go on.
        Failed(super::Failed) = "failed",
    }
}

record! {
    /// A poster to read and classify.
    pub struct Read {
        /// Comes back with the reply.
        pub id: u32 = "id",
        /// A `File` or `Blob`.
        pub file: Blob = "file",
        /// The absolute URLs of the networks' weights that are to answer.
        pub networks: Vec<String> = "networks",
    }
}

record! {
    /// A network's input to classify.
    pub struct Pixels {
        /// Comes back with the reply.
        pub id: u32 = "id",
        /// The absolute URL of the network's weights.
        pub network: String = "network",
        /// RGB8 of the network's input size, row by row.
        pub pixels: Uint8Array = "pixels",
    }
}

record! {
    /// A network's input of which is to be said where it mattered: with a grey square over each
    /// place in turn (Zeiler & Fergus 2014), how much less likely is the class?
    pub struct Heat {
        /// Comes back with the reply.
        pub id: u32 = "id",
        /// The absolute URL of the network's weights.
        pub network: String = "network",
        /// RGB8 of the network's input size, row by row.
        pub pixels: Uint8Array = "pixels",
    }
}

record! {
    /// How fast is this machine's CPU?
    pub struct Measure {
        /// Comes back with the reply.
        pub id: u32 = "id",
        /// The absolute URL of the network's weights.
        pub network: String = "network",
        /// How many posters to classify.
        pub posters: u32 = "posters",
    }
}

record! {
    /// What one network reads in a poster.
    pub struct Reading {
        /// Its name.
        pub network: String = "network",
        /// The URL of its weights.
        pub url: String = "url",
        /// The classes.
        pub labels: Vec<String> = "labels",
        /// Their probabilities.
        pub probabilities: Vec<f32> = "probabilities",
        /// Whether the likeliest reaches the model's threshold.
        pub sure: bool = "sure",
        /// TMDB's genres, if the network answers them.
        pub genres: Vec<String> = "genres",
        /// How likely each is, on its own.
        pub genre_probabilities: Vec<f32> = "genreProbabilities",
        /// What members would give it, in points of 10, and half the width of the interval that
        /// holds four films of five; empty if the network answers no score.
        pub score: Vec<f32> = "score",
        /// Width and height of the network's input.
        pub size: Vec<u32> = "size",
        /// That input: RGB8, row by row.
        pub pixels: Uint8Array = "pixels",
        /// Milliseconds in the network.
        pub infer_ms: f64 = "inferMs",
    }
}

record! {
    /// What the networks read.
    pub struct Readings {
        /// The request's.
        pub id: u32 = "id",
        /// Milliseconds it took to read and decode the file; 0 where there was none.
        pub read_ms: f64 = "readMs",
        /// In the order of the networks in the request; without those that could not be downloaded.
        pub readings: Vec<Reading> = "readings",
    }
}

record! {
    /// Where it mattered.
    pub struct Heated {
        /// The request's.
        pub id: u32 = "id",
        /// Places in a row.
        pub columns: u32 = "columns",
        /// Rows.
        pub rows: u32 = "rows",
        /// How much less likely the class is with each place covered, row by row; below 0 where it
        /// is likelier.
        pub drops: Vec<f32> = "drops",
        /// Milliseconds in the network.
        pub infer_ms: f64 = "inferMs",
    }
}

record! {
    /// How fast this machine is.
    pub struct Measured {
        /// The request's.
        pub id: u32 = "id",
        /// Milliseconds for all posters, in the network.
        pub ms: f64 = "ms",
        /// Width and height of the network's input.
        pub size: Vec<u32> = "size",
    }
}
