//! The networks that a worker has loaded, and what they answer.

use super::occlusion;
use js_sys::{Float32Array, Uint8Array};
use marquee_app::protocol::networks_worker::{
    FromNetworksWorker, Lost, Measure, Measured, NetworkInput, Prepare, PreparedPixels, Read,
    Reading, Readings, thumbnail_size,
};
use marquee_app::protocol::{Picture, Problem, Undecoded, probe};
use marquee_app::workers::heads::genres_and_score;
use marquee_app::workers::reader::read;
use marquee_app::workers::scope::{now, post};
use marquee_models::file::{Metadata, Model};
use marquee_models::network::Size;
use marquee_models::preprocess::{Rgb8, normalise};
use marquee_models::simd::Executor;
use marquee_models::similar::Look;
use std::collections::HashMap;

/// How many posters are classified at a time when this machine is measured.
const BATCH: usize = 32;

/// A network that is ready to run.
struct Ready {
    url: String,
    metadata: Metadata,
    executor: Executor,
    /// Numbers in its pooled features.
    feature_len: usize,
}

/// A network that was asked for.
enum Network {
    Pending,
    Ready(Box<Ready>),
    /// Why there is none.
    Failed(String),
}

/// The networks that were asked for so far, by the URLs of their weights.
#[derive(Default)]
pub(crate) struct Networks(HashMap<String, Network>);

impl Networks {
    /// Notes that a network is being loaded. False if it was known before.
    pub(crate) fn begin(&mut self, url: &str) -> bool {
        let new = !self.0.contains_key(url);
        if new {
            self.0.insert(url.to_owned(), Network::Pending);
        }
        new
    }

    /// Takes a network that was loaded, or the reason why there is none.
    pub(crate) fn settle(&mut self, url: String, model: Result<Model, String>) {
        let network = match model {
            Ok(model) => Network::Ready(Box::new(Ready::new(&url, &model))),
            Err(reason) => {
                post(&FromNetworksWorker::Lost(Lost {
                    files: vec![url.clone()],
                }));
                Network::Failed(reason)
            }
        };
        self.0.insert(url, network);
    }

    /// Whether it is known that a network is there, or that it can't be had.
    pub(crate) fn settled(&self, url: &str) -> bool {
        matches!(
            self.0.get(url),
            Some(Network::Ready(_) | Network::Failed(_))
        )
    }

    /// Has networks that could not be loaded tried again when they are asked for.
    pub(crate) fn forget_failures(&mut self) {
        self.0
            .retain(|_, network| !matches!(network, Network::Failed(_)));
    }

    fn get(&self, url: &str) -> Result<&Ready, Undecoded> {
        let detail = match self.0.get(url) {
            Some(Network::Ready(ready)) => return Ok(ready),
            Some(Network::Failed(reason)) => reason.clone(),
            _ => format!("{url} is not loaded"),
        };
        Err(Undecoded {
            problem: Problem::NoNetwork,
            detail,
        })
    }

    /// Reads a poster by all networks that a request names.
    ///
    /// # Errors
    ///
    /// If the poster can't be read, or none of them can be loaded.
    pub(crate) async fn read(&self, request: Read) -> Result<FromNetworksWorker, Undecoded> {
        let poster = match request.picture {
            Some(picture) => Rgb8::from(picture),
            None => read(&request.file).await?.image,
        };
        let mut readings = Vec::with_capacity(request.networks.len());
        let mut missing = None;
        for url in &request.networks {
            // The others answer, also if one network can't be loaded.
            match self.get(url) {
                Ok(network) => {
                    let input = poster.resize(network.metadata.input);
                    let features = network.features(&input);
                    let mut reading = network.reading(&input, &features);
                    if request.features.unwrap_or_default() {
                        reading = with_features(reading, &input, &features);
                    }
                    readings.push(reading);
                }
                Err(error) => missing = Some(error),
            }
        }
        if let (Some(error), true) = (missing, readings.is_empty()) {
            return Err(error);
        }
        let wanted = request.thumbnail.unwrap_or_default();
        Ok(FromNetworksWorker::Readings(Readings {
            id: request.id,
            size: sides(poster.width, poster.height),
            thumbnail: wanted.then(|| Picture::from(&thumbnail(&poster))),
            readings,
        }))
    }

    /// Reads a poster as a network wants it.
    ///
    /// # Errors
    ///
    /// If the poster can't be read, or the network can't be loaded.
    pub(crate) async fn prepare(&self, request: Prepare) -> Result<FromNetworksWorker, Undecoded> {
        let size = self.get(&request.network)?.metadata.input;
        let poster = read(&request.file).await?.image.resize(size);
        Ok(FromNetworksWorker::Prepared(PreparedPixels {
            id: request.id,
            pixels: Uint8Array::from(poster.pixels.as_slice()),
        }))
    }

    /// Classifies a network's input, by the features that the GPU worker has computed if they are given.
    ///
    /// # Errors
    ///
    /// If the network can't be loaded, or the input or the features are another one's.
    pub(crate) fn classify(&self, request: &NetworkInput) -> Result<FromNetworksWorker, Undecoded> {
        let network = self.get(&request.network)?;
        let poster = network.input_of(&request.pixels)?;
        let features = match &request.features {
            Some(features) => network.features_of(features)?,
            None => network.features(&poster),
        };
        let reading = network.reading(&poster, &features);
        Ok(FromNetworksWorker::Readings(Readings {
            id: request.id,
            size: sides(poster.width, poster.height),
            thumbnail: None,
            readings: vec![with_features(reading, &poster, &features)],
        }))
    }

    /// Computes the occlusion map of a network's input.
    ///
    /// # Errors
    ///
    /// If the network can't be loaded, or the input is another one's.
    pub(crate) fn occlude(&self, request: &NetworkInput) -> Result<FromNetworksWorker, Undecoded> {
        let network = self.get(&request.network)?;
        let poster = network.input_of(&request.pixels)?;
        Ok(FromNetworksWorker::OcclusionMap(occlusion::map(
            request.id,
            &network.metadata,
            &network.executor,
            &poster,
        )))
    }

    /// Measures the speed of a network.
    ///
    /// # Errors
    ///
    /// If the network can't be loaded.
    pub(crate) fn measure(&self, request: &Measure) -> Result<FromNetworksWorker, Undecoded> {
        let network = self.get(&request.network)?;
        let size = network.metadata.input;
        let input = probe(3 * size.pixels());
        let mut left = request.posters as usize;
        let batch = input.repeat(left.min(BATCH));
        let begin = now();
        while left > 0 {
            let posters = left.min(BATCH);
            network.executor.run(&batch[..posters * input.len()]);
            left -= posters;
        }
        Ok(FromNetworksWorker::Measured(Measured {
            id: request.id,
            ms: now() - begin,
            size: sides(size.width, size.height),
        }))
    }
}

impl Ready {
    fn new(url: &str, model: &Model) -> Ready {
        Ready {
            url: url.to_owned(),
            metadata: model.metadata().clone(),
            executor: Executor::new(model),
            feature_len: model.network().feature_len(),
        }
    }

    /// The pixels of a request, if they are as many as this network's input has.
    fn input_of(&self, pixels: &Uint8Array) -> Result<Rgb8, Undecoded> {
        let size = self.metadata.input;
        let pixels = pixels.to_vec();
        if pixels.len() != 3 * size.pixels() {
            return Err(Undecoded {
                problem: Problem::Damaged,
                detail: format!("{} bytes do not make a picture of {size}", pixels.len()),
            });
        }
        Ok(Rgb8 {
            width: size.width,
            height: size.height,
            pixels,
        })
    }

    /// The features of a request, if they are as many as this network has.
    fn features_of(&self, features: &Float32Array) -> Result<Vec<f32>, Undecoded> {
        if features.length() as usize != self.feature_len {
            return Err(Undecoded {
                problem: Problem::Damaged,
                detail: format!("{} numbers are not its features", features.length()),
            });
        }
        Ok(features.to_vec())
    }

    /// The pooled features of a poster of its input's size.
    fn features(&self, poster: &Rgb8) -> Vec<f32> {
        let Metadata { mean, std, .. } = &self.metadata;
        self.executor.features(&normalise(poster, mean, std))
    }

    /// The network's answer about a poster of its input's size, of which these are the pooled features.
    fn reading(&self, poster: &Rgb8, features: &[f32]) -> Reading {
        let Ready {
            url,
            metadata,
            executor,
            ..
        } = self;
        let outputs = executor.outputs(features);
        let probabilities = metadata.probabilities(&outputs);
        let (genre_probabilities, score) = genres_and_score(metadata, &outputs);
        Reading {
            network: metadata.network.to_string(),
            url: url.clone(),
            labels: metadata.labels.clone(),
            sure: metadata.is_sure(&probabilities),
            probabilities,
            genres: metadata.genres.clone(),
            genre_probabilities,
            score,
            size: sides(poster.width, poster.height),
            pixels: Uint8Array::from(poster.pixels.as_slice()),
            features: None,
            look: None,
        }
    }
}

/// An answer with the features that it comes from, and the poster's look.
fn with_features(reading: Reading, poster: &Rgb8, features: &[f32]) -> Reading {
    let look = Look::of(poster).to_bytes();
    Reading {
        features: Some(features.into()),
        look: Some(look.as_slice().into()),
        ..reading
    }
}

fn sides(width: usize, height: usize) -> Vec<u32> {
    vec![width as u32, height as u32]
}

fn thumbnail(poster: &Rgb8) -> Rgb8 {
    let (width, height) = thumbnail_size(poster.width, poster.height);
    poster.resize(Size { width, height })
}
