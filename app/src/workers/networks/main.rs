//! The networks worker: any network on the CPU, for one poster or for thousands, and occlusion maps.
//!
//! It belongs to the lazy app. The CPU worker is for the first answer, and is kept small. Networks
//! are loaded when they are first asked for, and stay in memory.

use futures_channel::mpsc::UnboundedReceiver;
use js_sys::Uint8Array;
use marquee_app::protocol::networks_worker::{
    FromNetworksWorker, Measure, Measured, NetworkInput, Read, Reading, Readings, ToNetworksWorker,
    thumbnail_size,
};
use marquee_app::protocol::{Failed, Picture, Problem, Refused, Undecoded, probe};
use marquee_app::workers::reader::{load_decoders, read};
use marquee_app::workers::scope::{inbox, load, now, post};
use marquee_models::file::{Metadata, Model};
use marquee_models::math::sigmoid;
use marquee_models::network::{Size, Task};
use marquee_models::preprocess::{Rgb8, normalise};
use marquee_models::simd::Executor;
use std::collections::HashMap;
use wasm_bindgen_futures::spawn_local;

mod occlusion;

/// How many posters are classified at a time when this machine is measured.
const BATCH: usize = 32;

fn main() {
    std::panic::set_hook(Box::new(|panic| {
        post(&FromNetworksWorker::Failed(Failed {
            reason: panic.to_string(),
            problem: None,
        }));
    }));
    spawn_local(work(inbox()));
    // Right away, so that no later poster needs the internet.
    spawn_local(load_decoders());
}

async fn work(mut inbox: UnboundedReceiver<ToNetworksWorker>) {
    let mut networks = Networks::default();
    while let Ok(message) = inbox.recv().await {
        let (id, reply) = match message {
            ToNetworksWorker::Read(request) => (request.id, networks.read(request).await),
            ToNetworksWorker::Pixels(request) => (request.id, networks.classify(request).await),
            ToNetworksWorker::OcclusionMap(request) => {
                (request.id, networks.occlude(request).await)
            }
            ToNetworksWorker::Measure(request) => (request.id, networks.measure(request).await),
        };
        post(&reply.unwrap_or_else(|Undecoded { problem, detail }| {
            FromNetworksWorker::Refused(Refused {
                id,
                problem,
                detail,
            })
        }));
    }
}

/// A network that is ready to run.
struct Ready {
    url: String,
    metadata: Metadata,
    executor: Executor,
}

/// The networks that were asked for so far, by the URLs of their weights.
#[derive(Default)]
struct Networks(HashMap<String, Ready>);

impl Networks {
    async fn get(&mut self, url: &str) -> Result<&Ready, Undecoded> {
        if !self.0.contains_key(url) {
            let model = load(url, None).await.map_err(|detail| Undecoded {
                problem: Problem::NoNetwork,
                detail,
            })?;
            self.0.insert(url.to_owned(), Ready::new(url, &model));
        }
        self.0.get(url).ok_or_else(|| Undecoded {
            problem: Problem::NoNetwork,
            detail: format!("{url} is not loaded"),
        })
    }

    async fn read(&mut self, request: Read) -> Result<FromNetworksWorker, Undecoded> {
        let poster = match request.picture {
            Some(picture) => Rgb8::from(picture),
            None => read(&request.file).await?.image,
        };
        let mut readings = Vec::with_capacity(request.networks.len());
        let mut missing = None;
        for url in &request.networks {
            // The others answer, also if one network can't be loaded.
            match self.get(url).await {
                Ok(network) => {
                    readings.push(network.reading(&poster.resize(network.metadata.input)));
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

    async fn classify(&mut self, request: NetworkInput) -> Result<FromNetworksWorker, Undecoded> {
        let network = self.get(&request.network).await?;
        let poster = network.input_of(&request.pixels)?;
        Ok(FromNetworksWorker::Readings(Readings {
            id: request.id,
            size: sides(poster.width, poster.height),
            thumbnail: None,
            readings: vec![network.reading(&poster)],
        }))
    }

    async fn occlude(&mut self, request: NetworkInput) -> Result<FromNetworksWorker, Undecoded> {
        let network = self.get(&request.network).await?;
        let poster = network.input_of(&request.pixels)?;
        Ok(FromNetworksWorker::OcclusionMap(occlusion::map(
            request.id,
            &network.metadata,
            &network.executor,
            &poster,
        )))
    }

    async fn measure(&mut self, request: Measure) -> Result<FromNetworksWorker, Undecoded> {
        let network = self.get(&request.network).await?;
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

    /// The network's answer about a poster of its input's size.
    fn reading(&self, poster: &Rgb8) -> Reading {
        let Ready {
            url,
            metadata,
            executor,
        } = self;
        let outputs = executor.run(&normalise(poster, &metadata.mean, &metadata.std));
        let probabilities = metadata.probabilities(&outputs);
        let layers = metadata.layers();
        let answers = |task| {
            layers
                .output_range(task)
                .map_or(&[][..], |range| &outputs[range])
        };
        let score = match (&metadata.score, answers(Task::Score)) {
            (Some(scale), &[mean, log_variance]) => {
                let (points, interval) = scale.points(mean, log_variance);
                vec![points, interval]
            }
            _ => Vec::new(),
        };
        Reading {
            network: metadata.network.to_string(),
            url: url.clone(),
            labels: metadata.labels.clone(),
            sure: metadata.is_sure(&probabilities),
            probabilities,
            genres: metadata.genres.clone(),
            genre_probabilities: answers(Task::Genres)
                .iter()
                .map(|&logit| sigmoid(logit))
                .collect(),
            score,
            size: sides(poster.width, poster.height),
            pixels: Uint8Array::from(poster.pixels.as_slice()),
        }
    }
}

fn sides(width: usize, height: usize) -> Vec<u32> {
    vec![width as u32, height as u32]
}

fn thumbnail(poster: &Rgb8) -> Rgb8 {
    let (width, height) = thumbnail_size(poster.width, poster.height);
    poster.resize(Size { width, height })
}
