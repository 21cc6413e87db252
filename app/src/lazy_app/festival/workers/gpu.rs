//! WebGPU for a batch run: networks workers prepare posters, and the GPU worker runs the network on many of them at once.

use crate::machine::most_posters;
use crate::networks_client::NetworksClient;
use futures_channel::oneshot::{Sender, channel};
use js_sys::{Array, Float32Array, Uint8Array};
use leptos::task::spawn_local;
use marquee_app::channel::Preference;
use marquee_app::protocol::batch::{Batch, BatchFeatures};
use marquee_app::protocol::networks_worker::{
    Measure, Measured, NetworkInput, Readings, ToNetworksWorker,
};
use marquee_app::protocol::{Ready, ToGpu, probe};
use marquee_app::ui::browser::saves_data;
use marquee_app::ui::webgpu;
use marquee_app::ui::worker_handle::WorkerHandle;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

/// The most posters in a batch: enough for a GPU to pay, and few enough to come soon.
const BATCH: usize = 16;

/// Below this many posters a run is over before WebGPU has started.
const MANY: u32 = 256;

/// The first runs compile shaders.
const WARM_UPS: usize = 2;

/// A GPU that has not run a batch after this many milliseconds is given up.
const PATIENCE_MS: u32 = 15_000;

/// Probabilities of two engines differ by less than this. It finds drivers that are wrong, and not those that round
/// differently.
const CLOSE: f32 = 0.01;

/// A GPU worker that runs the network of a batch run.
pub(super) struct Gpu {
    worker: WorkerHandle,
    /// Posters in each batch. All are of one size, because shaders are compiled for each.
    batch: usize,
    /// Bytes of a poster's pixels.
    poster: usize,
    waiting: RefCell<VecDeque<Waiting>>,
    runs: Cell<bool>,
}

/// A poster that waits for its features.
struct Waiting {
    pixels: Uint8Array,
    reply: Sender<Float32Array>,
}

/// The features of a batch's posters, and the milliseconds that they took.
struct Done {
    features: Vec<Float32Array>,
    ms: f64,
}

impl Gpu {
    /// Starts WebGPU for this many posters, beside `workers` networks workers of which `client` is one. `None` if the
    /// network is not faster on it than in the workers together, or if they answer differently. The visitor may want it
    /// however slow it is.
    pub(super) async fn if_it_pays(
        network: &str,
        posters: u32,
        preference: Preference,
        client: &NetworksClient,
        workers: usize,
    ) -> Option<Gpu> {
        let wanted = match preference {
            Preference::Cpu => return None,
            Preference::Gpu => true,
            Preference::Auto => false,
        };
        if !wanted && (posters < MANY || saves_data()) {
            return None;
        }
        let adapter = webgpu::adapter().await?;
        if !wanted && webgpu::is_software(&adapter) {
            return None;
        }
        let request = ToNetworksWorker::Measure(Measure {
            id: 0,
            network: network.to_owned(),
            posters: BATCH as u32,
        });
        let cpu: Measured = client.ask(request).await.ok()?;
        let numbers = 3 * cpu.size.iter().product::<u32>() as usize;
        let worker = WorkerHandle::start("gpu-worker", network);
        worker.ready::<Ready>().await.ok()?;
        let gpu = Gpu {
            worker,
            batch: BATCH.min(most_posters(numbers)),
            poster: numbers,
            waiting: RefCell::default(),
            runs: Cell::new(false),
        };
        let input: Vec<u8> = probe(numbers)
            .iter()
            .map(|number| (127.5 + 127.5 * number) as u8)
            .collect();
        let input = Uint8Array::from(input.as_slice());
        let batch = vec![input.clone(); gpu.batch];
        for _ in 0..WARM_UPS {
            gpu.run(&batch, 0).await?;
        }
        let done = gpu.run(&batch, 0).await?;
        let cpu_ms = cpu.ms / BATCH as f64 / workers as f64;
        let faster = done.ms / (gpu.batch as f64) < cpu_ms;
        let ends = [done.features.first()?, done.features.last()?];
        let right = (wanted || faster) && agree(client, network, &input, ends).await?;
        right.then_some(gpu)
    }

    /// The pooled features of a poster, whose pixels have the size of the network's input. `None` if the GPU has failed.
    pub(super) async fn features(self: &Rc<Self>, pixels: Uint8Array) -> Option<Float32Array> {
        let (reply, features) = channel();
        let waiting = Waiting { pixels, reply };
        self.waiting.borrow_mut().push_back(waiting);
        if !self.runs.replace(true) {
            spawn_local(self.clone().work());
        }
        features.await.ok()
    }

    /// Runs what waits, in batches as full as they are by then, until nothing waits.
    async fn work(self: Rc<Self>) {
        loop {
            let batch: Vec<Waiting> = {
                let mut waiting = self.waiting.borrow_mut();
                let count = self.batch.min(waiting.len());
                waiting.drain(..count).collect()
            };
            if batch.is_empty() {
                return self.runs.set(false);
            }
            let pixels: Vec<Uint8Array> = batch.iter().map(|it| it.pixels.clone()).collect();
            let done = self.run(&pixels, PATIENCE_MS).await;
            // Without features their ends of the channels are dropped, which tells those who wait.
            let features = done.map(|done| done.features).unwrap_or_default();
            for (waiting, features) in batch.into_iter().zip(features) {
                // The run may have been stopped meanwhile.
                _ = waiting.reply.send(features);
            }
        }
    }

    /// The features of up to a batch of posters.
    async fn run(&self, posters: &[Uint8Array], patience: u32) -> Option<Done> {
        let pixels = Uint8Array::new_with_length((self.batch * self.poster) as u32);
        for (at, poster) in posters.iter().enumerate() {
            pixels.set(poster, (at * self.poster) as u32);
        }
        let transfer = Array::of1(&pixels.buffer());
        let request = ToGpu::Features(Batch { id: 0, pixels });
        let done: BatchFeatures = self.worker.ask(&request, &transfer, patience).await.ok()?;
        let one = done.features.length() / self.batch as u32;
        let features =
            (0..posters.len() as u32).map(|at| done.features.slice(at * one, (at + 1) * one));
        Some(Done {
            features: features.collect(),
            ms: done.ms,
        })
    }
}

/// Whether these features of an input give the probabilities that the CPU computes.
async fn agree(
    client: &NetworksClient,
    network: &str,
    input: &Uint8Array,
    features: [&Float32Array; 2],
) -> Option<bool> {
    let ask = async |features: Option<&Float32Array>| {
        let request = ToNetworksWorker::Pixels(NetworkInput {
            id: 0,
            network: network.to_owned(),
            pixels: input.clone(),
            features: features.cloned(),
        });
        let mut answer: Readings = client.ask(request).await.ok()?;
        Some(answer.readings.pop()?.probabilities)
    };
    let cpu = ask(None).await?;
    for features in features {
        let gpu = ask(Some(features)).await?;
        let mut pairs = cpu.iter().zip(&gpu);
        // A comparison with NaN is false.
        if gpu.len() != cpu.len() || !pairs.all(|(one, other)| (one - other).abs() < CLOSE) {
            return Some(false);
        }
    }
    Some(true)
}
