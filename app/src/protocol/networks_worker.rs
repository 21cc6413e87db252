//! The messages between the lazy app and its networks workers, which run any network on one poster
//! or on thousands.

use super::teaching::{Assemble, Assembled, Inspect, Inspected, Taught, Teach};
use super::{Failed, Picture, Refused};
use crate::wire::{record, variants};
use js_sys::{Float32Array, Uint8Array};
use web_sys::Blob;

variants! {
    /// From the lazy app to a networks worker.
    pub enum ToNetworksWorker {
        /// Read a poster and classify it.
        Read(Read) = "read",
        /// Read a poster as a network wants it, for the GPU worker.
        Prepare(Prepare) = "prepare",
        /// Classify a network's input. The answer has the features, too.
        Pixels(NetworkInput) = "pixels",
        /// Compute the occlusion map of a network's input.
        OcclusionMap(NetworkInput) = "heat",
        /// Measure the speed of this machine's CPU.
        Measure(Measure) = "measure",
        /// Teach a classifier of the visitor's own classes.
        Teach(Teach) = "teach",
        /// Make a file of a network with a classifier's head.
        Assemble(Assemble) = "assemble",
        /// Say what a weights file holds.
        Inspect(Inspect) = "inspect",
    }
}

variants! {
    /// From a networks worker to the lazy app.
    pub enum FromNetworksWorker {
        /// Answers to [`ToNetworksWorker::Read`] and [`ToNetworksWorker::Pixels`].
        Readings(Readings) = "readings",
        /// The answer to [`ToNetworksWorker::Prepare`].
        Prepared(PreparedPixels) = "prepared",
        /// The answer to [`ToNetworksWorker::OcclusionMap`].
        OcclusionMap(OcclusionMap) = "heated",
        /// The answer to [`ToNetworksWorker::Measure`].
        Measured(Measured) = "measured",
        /// The answer to [`ToNetworksWorker::Teach`].
        Taught(Taught) = "taught",
        /// The answer to [`ToNetworksWorker::Assemble`].
        Assembled(Assembled) = "assembled",
        /// The answer to [`ToNetworksWorker::Inspect`].
        Inspected(Inspected) = "inspected",
        /// A request that can't be answered; the worker goes on.
        Refused(Refused) = "refused",
        /// Weights that could not be used; the worker goes on.
        Lost(Lost) = "lost",
        /// The worker can't go on.
        Failed(Failed) = "failed",
    }
}

record! {
    /// Files that could not be used, for the sentence that tells the visitor why.
    pub struct Lost {
        /// Their absolute URLs.
        pub files: Vec<String> = "files",
    }
}

record! {
    /// A poster to read and classify.
    pub struct Read {
        /// The request's number, which the reply repeats.
        pub id: u32 = "id",
        /// A `File` or `Blob`.
        pub file: Blob = "file",
        /// The same file's pixels, where they are known, so that it is not decoded again.
        pub picture: Option<Picture> = "picture",
        /// The absolute URLs of the weights of the networks that are to answer.
        pub networks: Vec<String> = "networks",
        /// Whether to make a small picture of it, too.
        pub thumbnail: Option<bool> = "thumbnail",
        /// Whether to give the networks' pooled features, and the poster's look, too.
        pub features: Option<bool> = "features",
    }
}

record! {
    /// A poster to read for a network.
    pub struct Prepare {
        /// The request's number, which the reply repeats.
        pub id: u32 = "id",
        /// A `File` or `Blob`.
        pub file: Blob = "file",
        /// The absolute URL of the network's weights.
        pub network: String = "network",
    }
}

record! {
    /// A poster as a network wants it.
    pub struct PreparedPixels {
        /// The number of the request.
        pub id: u32 = "id",
        /// RGB8 of the network's input size, row by row.
        pub pixels: Uint8Array = "pixels",
    }
}

record! {
    /// A network's input.
    pub struct NetworkInput {
        /// The request's number, which the reply repeats.
        pub id: u32 = "id",
        /// The absolute URL of the network's weights.
        pub network: String = "network",
        /// RGB8 of the network's input size, row by row.
        pub pixels: Uint8Array = "pixels",
        /// The pooled features that the GPU worker has computed of it, so that only the heads need to run.
        pub features: Option<Float32Array> = "features",
    }
}

record! {
    /// How fast is a network on this machine's CPU?
    pub struct Measure {
        /// The request's number, which the reply repeats.
        pub id: u32 = "id",
        /// The absolute URL of the network's weights.
        pub network: String = "network",
        /// How many posters to classify.
        pub posters: u32 = "posters",
    }
}

record! {
    /// What one network answers about a poster.
    pub struct Reading {
        /// Its name.
        pub network: String = "network",
        /// The URL of its weights.
        pub url: String = "url",
        /// The classes.
        pub labels: Vec<String> = "labels",
        /// Their probabilities, 0 to 1; they add up to 1.
        pub probabilities: Vec<f32> = "probabilities",
        /// Whether the likeliest reaches the model's threshold.
        pub sure: bool = "sure",
        /// TMDB's genres, if the network has a head for them.
        pub genres: Vec<String> = "genres",
        /// How likely each genre is by itself, 0 to 1; they don't add up to 1.
        pub genre_probabilities: Vec<f32> = "genreProbabilities",
        /// The score that TMDB's members would give, 0 to 10, and half the width of the interval
        /// that holds the scores of four films of five. Empty if the network has no head for it.
        pub score: Vec<f32> = "score",
        /// Width and height of the network's input.
        pub size: Vec<u32> = "size",
        /// That input: RGB8, row by row.
        pub pixels: Uint8Array = "pixels",
        /// The pooled features, which the network's heads read, if they were asked for or pixels were given.
        pub features: Option<Float32Array> = "features",
        /// By what nearly alike posters are found: a `Look` of `marquee_models::similar`, beside the features.
        pub look: Option<Uint8Array> = "look",
    }
}

record! {
    /// What the networks answer.
    pub struct Readings {
        /// The number of the request.
        pub id: u32 = "id",
        /// Width and height of the poster, upright; of a network's input, that input's.
        pub size: Vec<u32> = "size",
        /// The poster made small (see [`thumbnail_size`]), if it was asked for.
        pub thumbnail: Option<Picture> = "thumbnail",
        /// In the order of the networks in the request; without those that could not be downloaded.
        pub readings: Vec<Reading> = "readings",
    }
}

record! {
    /// What mattered in a poster: how much less likely its class is with each place covered.
    pub struct OcclusionMap {
        /// The number of the request.
        pub id: u32 = "id",
        /// Places in a row.
        pub columns: u32 = "columns",
        /// Rows.
        pub rows: u32 = "rows",
        /// The class's probability less the one with the place covered, row by row: -1 to 1, below
        /// 0 where the class is likelier without the place.
        pub drops: Vec<f32> = "drops",
    }
}

record! {
    /// How fast this machine is.
    pub struct Measured {
        /// The number of the request.
        pub id: u32 = "id",
        /// Milliseconds for all posters, in the network.
        pub ms: f64 = "ms",
        /// Width and height of the network's input.
        pub size: Vec<u32> = "size",
    }
}

/// The width and height of a picture's thumbnail: in the picture's proportions, but never larger than
/// the picture or 120x180 pixels.
pub fn thumbnail_size(width: usize, height: usize) -> (usize, usize) {
    let scale = (120.0 / width as f64).min(180.0 / height as f64).min(1.0);
    let side = |length: usize| ((length as f64 * scale).round() as usize).max(1);
    (side(width), side(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbnail_keeps_the_proportions() {
        assert_eq!(thumbnail_size(1000, 1500), (120, 180));
        assert_eq!(thumbnail_size(2000, 1000), (120, 60));
        assert_eq!(thumbnail_size(32, 32), (32, 32));
        assert_eq!(thumbnail_size(1, 9000), (1, 180));
    }
}
