//! The GPU worker: Burn on WebGPU.
//!
//! More than a megabyte to download and seconds to warm up, so it starts behind the CPU worker,
//! which also decodes for it: no image decoder is in this bundle.

use burn::tensor::{Device, Tensor, TensorData};
use futures_channel::mpsc::UnboundedReceiver;
use marquee_app::protocol::batch::{Batch, BatchFeatures};
use marquee_app::protocol::{
    Answer, Failed, FromGpu, Infer, Init, Problem, Ready, ToGpu, median, probe,
};
use marquee_app::workers::scope::{inbox, load, now, post};
use marquee_models::burn::Net;
use marquee_models::file::Metadata;
use marquee_models::preprocess::normalise_into;
use wasm_bindgen_futures::spawn_local;

/// The first runs compile shaders; they are not what a visitor waits for later.
const WARM_UPS: usize = 2;
/// Few, because on a slow adapter each of them takes a tenth of a second.
const PROBES: usize = 5;

fn main() {
    std::panic::set_hook(Box::new(|panic| fail(panic.to_string(), None)));
    spawn_local(work(inbox()));
}

async fn work(mut inbox: UnboundedReceiver<ToGpu>) {
    let mut engine = None;
    while let Ok(message) = inbox.recv().await {
        match (message, &engine) {
            (ToGpu::Init(init), _) => engine = start(init).await,
            (ToGpu::Infer(request), Some(engine)) => infer(engine, request).await,
            (ToGpu::Features(request), Some(engine)) => features(engine, request).await,
            (ToGpu::Infer(_) | ToGpu::Features(_), None) => {
                fail("WebGPU has not started".into(), None);
            }
        }
    }
}

/// A network on the GPU, and what its answers mean.
struct Warm {
    device: Device,
    net: Net,
    metadata: Metadata,
}

async fn start(Init { weights, bytes }: Init) -> Option<Warm> {
    let device = match Device::wgpu_options().init_async().await {
        Ok(device) => device,
        Err(error) => {
            post(&FromGpu::Unavailable(Failed {
                reason: error.to_string(),
                problem: None,
            }));
            return None;
        }
    };
    let model = match load(&weights, bytes).await {
        Ok(model) => model,
        Err(reason) => {
            fail(reason, Some(Problem::NoNetwork));
            return None;
        }
    };
    let engine = Warm {
        net: Net::new(&model, &device),
        device,
        metadata: model.metadata().clone(),
    };
    match engine.measure().await {
        Ok(ready) => {
            post(&FromGpu::Ready(ready));
            Some(engine)
        }
        Err(reason) => {
            fail(reason, None);
            None
        }
    }
}

impl Warm {
    async fn measure(&self) -> Result<Ready, String> {
        let input = probe(3 * self.metadata.input.pixels());
        let mut logits = Vec::new();
        let mut times = Vec::with_capacity(PROBES);
        for run in 0..WARM_UPS + PROBES {
            let begin = now();
            logits = self.logits(input.clone()).await?;
            if run >= WARM_UPS {
                times.push(now() - begin);
            }
        }
        Ok(Ready {
            network: self.metadata.network.to_string(),
            labels: self.metadata.labels.clone(),
            one_ms: median(&times),
            probe: logits,
        })
    }

    async fn logits(&self, input: Vec<f32>) -> Result<Vec<f32>, String> {
        numbers(self.net.forward(self.on_device(input)?)).await
    }

    /// The features of several posters, whose pixels have the size of this network's input.
    async fn features(&self, pixels: &[u8]) -> Result<Vec<f32>, String> {
        let Metadata {
            input, mean, std, ..
        } = &self.metadata;
        let mut normalised = Vec::with_capacity(pixels.len());
        for poster in pixels.chunks(3 * input.pixels()) {
            normalise_into(poster, mean, std, &mut normalised);
        }
        numbers(self.net.features(self.on_device(normalised)?)).await
    }

    /// Inputs as a tensor on the GPU.
    fn on_device(&self, input: Vec<f32>) -> Result<Tensor<4>, String> {
        let size = self.metadata.input;
        let one = 3 * size.pixels();
        let posters = input.len() / one;
        if posters == 0 || input.len() != posters * one {
            return Err(format!(
                "{} numbers do not make an input of this network",
                input.len()
            ));
        }
        let shape = [posters, 3, size.height, size.width];
        Ok(Tensor::from_data(
            TensorData::new(input, shape),
            &self.device,
        ))
    }
}

/// What a tensor holds, once it is computed.
async fn numbers(tensor: Tensor<2>) -> Result<Vec<f32>, String> {
    let data = tensor.into_data_async().await;
    data.map_err(|error| format!("{error:?}"))?
        .try_to_vec::<f32>()
        .map_err(|error| format!("{error:?}"))
}

async fn features(engine: &Warm, Batch { id, pixels }: Batch) {
    let begin = now();
    match engine.features(&pixels.to_vec()).await {
        Ok(features) => post(&FromGpu::Features(BatchFeatures {
            id,
            features: features.as_slice().into(),
            ms: now() - begin,
        })),
        Err(reason) => fail(reason, None),
    }
}

async fn infer(engine: &Warm, Infer { id, input }: Infer) {
    let begin = now();
    match engine.logits(input.to_vec()).await {
        Ok(logits) => {
            let probabilities = engine.metadata.probabilities(&logits);
            post(&FromGpu::Answer(Answer {
                id,
                sure: engine.metadata.is_sure(&probabilities),
                probabilities,
                logits,
                read_ms: 0.0,
                infer_ms: now() - begin,
                incomplete: None,
                picture: None,
            }));
        }
        Err(reason) => fail(reason, None),
    }
}

fn fail(reason: String, problem: Option<Problem>) {
    post(&FromGpu::Failed(Failed { reason, problem }));
}
