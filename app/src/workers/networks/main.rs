//! The lobby's worker: every network on the CPU, over one poster or thousands, and what mattered in it.
//!
//! It answers what the CPU worker, which is there for the first answer, is too small for. Networks are
//! loaded when they are first asked for, and kept.

use futures_channel::mpsc::UnboundedReceiver;
use js_sys::Uint8Array;
use marquee_app::protocol::networks_worker::{
    FromNetworksWorker, Heat, Heated, Measure, Measured, Pixels, Read, Reading, Readings,
    ToNetworksWorker,
};
use marquee_app::protocol::{Failed, Problem, Refused, Undecoded, probe};
use marquee_app::workers::reader::{load_decoders, read};
use marquee_app::workers::scope::{inbox, load, now, post};
use marquee_models::file::{Metadata, Model};
use marquee_models::math::sigmoid;
use marquee_models::network::Task;
use marquee_models::preprocess::{Rgb8, normalise};
use marquee_models::simd::Executor;
use std::collections::HashMap;
use wasm_bindgen_futures::spawn_local;

mod occlusion;

/// So many posters are classified in one go when this machine is measured.
const BATCH: usize = 32;

fn main() {
    std::panic::set_hook(Box::new(|panic| {
        post(&FromNetworksWorker::Failed(Failed {
            reason: panic.to_string(),
        }));
    }));
    spawn_local(work(inbox()));
    // So that no poster needs the network later on.
    spawn_local(load_decoders());
}

async fn work(mut inbox: UnboundedReceiver<ToNetworksWorker>) {
    let mut networks = Networks::default();
    while let Ok(message) = inbox.recv().await {
        let (id, reply) = match message {
            ToNetworksWorker::Read(Read {
                id,
                file,
                networks: asked,
            }) => (id, networks.read(id, &file, &asked).await),
            ToNetworksWorker::Pixels(request) => (request.id, networks.classify(request).await),
            ToNetworksWorker::Heat(request) => (request.id, networks.heat(request).await),
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
            let model = load(url).await.map_err(|detail| Undecoded {
                problem: Problem::NoDecoder,
                detail,
            })?;
            self.0.insert(url.to_owned(), Ready::new(url, &model));
        }
        self.0.get(url).ok_or_else(|| Undecoded {
            problem: Problem::NoDecoder,
            detail: format!("{url} is not loaded"),
        })
    }

    async fn read(
        &mut self,
        id: u32,
        file: &web_sys::Blob,
        asked: &[String],
    ) -> Result<FromNetworksWorker, Undecoded> {
        let begin = now();
        let poster = read(file).await?;
        let read_ms = now() - begin;
        let mut readings = Vec::with_capacity(asked.len());
        let mut missing = None;
        for url in asked {
            // One that can't be downloaded keeps nobody from hearing the others.
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
        Ok(FromNetworksWorker::Readings(Readings {
            id,
            read_ms,
            readings,
        }))
    }

    async fn classify(&mut self, request: Pixels) -> Result<FromNetworksWorker, Undecoded> {
        let network = self.get(&request.network).await?;
        let poster = network.input_of(&request.pixels)?;
        Ok(FromNetworksWorker::Readings(Readings {
            id: request.id,
            read_ms: 0.0,
            readings: vec![network.reading(&poster)],
        }))
    }

    async fn heat(&mut self, request: Heat) -> Result<FromNetworksWorker, Undecoded> {
        let network = self.get(&request.network).await?;
        let poster = network.input_of(&request.pixels)?;
        let begin = now();
        let map = occlusion::occlusion(&network.metadata, &network.executor, &poster);
        Ok(FromNetworksWorker::Heated(Heated {
            id: request.id,
            columns: map.columns as u32,
            rows: map.rows as u32,
            drops: map.drops,
            infer_ms: now() - begin,
        }))
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
            size: vec![size.width as u32, size.height as u32],
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

    /// Pixels that came with a request, if they are a poster of this network's size.
    fn input_of(&self, pixels: &Uint8Array) -> Result<Rgb8, Undecoded> {
        let size = self.metadata.input;
        let pixels = pixels.to_vec();
        if pixels.len() != 3 * size.pixels() {
            return Err(Undecoded {
                problem: Problem::Damaged,
                detail: format!("{} bytes are no picture of {size}", pixels.len()),
            });
        }
        Ok(Rgb8 {
            width: size.width,
            height: size.height,
            pixels,
        })
    }

    /// What the network reads in a poster of its input's size.
    fn reading(&self, poster: &Rgb8) -> Reading {
        let Ready {
            url,
            metadata,
            executor,
        } = self;
        let begin = now();
        let outputs = executor.run(&normalise(poster, &metadata.mean, &metadata.std));
        let infer_ms = now() - begin;
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
            size: vec![poster.width as u32, poster.height as u32],
            pixels: Uint8Array::from(poster.pixels.as_slice()),
            infer_ms,
        }
    }
}
