//! What a network says about one poster.

use marquee_models::answer::Answer;
use marquee_models::file::{Metadata, Model};
use marquee_models::preprocess::{self, Rgb8};
use marquee_models::simd::Executor;

use crate::packed::packed_as;
use crate::panics::caught;

/// A network that is ready to answer, on any number of threads at once.
pub struct Predictor {
    model: Model,
    executor: Executor,
}

/// What a network says about a poster.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// What its outputs mean.
    pub answer: Answer,
    /// Whether the file holds the whole poster, or is cut off.
    pub complete: bool,
    /// The outputs of all the network's heads, before temperature and softmax.
    pub logits: Vec<f32>,
    /// What the heads read: the poster in a few numbers, by which posters can be compared.
    pub features: Vec<f32>,
}

impl Prediction {
    /// What else is to be said of the answer; mostly nothing.
    pub fn note(&self) -> &'static str {
        match self.complete {
            true => "",
            false => "the file is cut off, a part of the poster is missing",
        }
    }
}

impl Predictor {
    /// Makes the network ready.
    pub fn new(model: Model) -> Predictor {
        let executor = Executor::new(&model);
        Predictor { model, executor }
    }

    /// The network.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// What the network's file says about it.
    pub fn metadata(&self) -> &Metadata {
        self.model.metadata()
    }

    /// What the network says about the poster in a file with these bytes.
    ///
    /// # Errors
    ///
    /// Why there is no answer, in words: the file is no picture that is read, or reading it made Marquee panic.
    pub fn predict(&self, file: &[u8]) -> Result<Prediction, String> {
        caught(|| {
            let decoded = preprocess::decode(file).map_err(|error| match packed_as(file) {
                Some(kind) => format!("it is {kind}, which is not read; unpack it first"),
                None => error.to_string(),
            })?;
            Ok(self.run(&decoded.image, decoded.complete))
        })
        .flatten()
    }

    /// What the network says about a poster of any size that is already decoded.
    ///
    /// # Errors
    ///
    /// If it made Marquee panic.
    pub fn predict_pixels(&self, poster: &Rgb8) -> Result<Prediction, String> {
        caught(|| self.run(poster, true))
    }

    fn run(&self, poster: &Rgb8, complete: bool) -> Prediction {
        let metadata = self.metadata();
        let poster = poster.resize(metadata.input);
        let input = preprocess::normalise(&poster, &metadata.mean, &metadata.std);
        let features = self.executor.features(&input);
        let logits = self.executor.outputs(&features);
        Prediction {
            answer: Answer::new(metadata, self.model.network(), &logits),
            complete,
            logits,
            features,
        }
    }
}
