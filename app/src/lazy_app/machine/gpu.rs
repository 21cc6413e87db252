//! A GPU worker for the benchmark.

use super::missing::Missing;
use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use js_sys::{Array, Float32Array};
use marquee_app::protocol::{Failed, FromGpu, Infer, Init, ToGpu, probe};
use marquee_app::ui::worker_handle::WorkerHandle;

/// The most posters in a batch: enough to keep any GPU busy.
const BATCH: usize = 256;

/// The most numbers in a batch's input. A network's largest tensor has up to 32 times as many, which fit
/// into the 128 MiB that every GPU allows for one buffer.
const NUMBERS: usize = BATCH * 3 * 64 * 64;

/// A worker that has started.
pub(super) struct Gpu {
    worker: WorkerHandle,
    said: UnboundedReceiver<FromGpu>,
    /// A network's input.
    poster: Vec<f32>,
}

impl Gpu {
    /// Starts a worker with the weights at a URL. An input has so many `numbers`.
    ///
    /// # Errors
    ///
    /// If it doesn't start.
    pub(super) async fn start(weights: String, numbers: usize) -> Result<Gpu, Missing> {
        let (on_message, said) = unbounded();
        let on_failure = on_message.clone();
        let worker = WorkerHandle::start(
            "gpu-worker",
            // Nobody listens any more after the measurement was stopped.
            move |message| _ = on_message.unbounded_send(message),
            move |reason| _ = on_failure.unbounded_send(FromGpu::Failed(Failed { reason })),
        );
        let mut gpu = Gpu {
            worker: worker.map_err(|_| Missing::Failed)?,
            said,
            poster: probe(numbers),
        };
        let init = ToGpu::Init(Init { weights });
        gpu.worker.post(&init, &Array::new());
        match gpu.hear().await? {
            FromGpu::Ready(_) => Ok(gpu),
            _ => Err(Missing::Failed),
        }
    }

    /// Classifies so many posters, and returns the milliseconds in the network.
    ///
    /// # Errors
    ///
    /// If the worker fails.
    pub(super) async fn run(&mut self, posters: u32) -> Result<f64, Missing> {
        let most = (NUMBERS / self.poster.len()).clamp(1, BATCH) as u32;
        let batches = posters.div_ceil(most);
        let mut ms = 0.0;
        for batch in 0..batches {
            // Batches are as equal as possible, because shaders are compiled for each size.
            let size = posters / batches + u32::from(batch < posters % batches);
            let input = Float32Array::from(&self.poster.repeat(size as usize)[..]);
            let transfer = Array::of1(&input.buffer());
            let request = ToGpu::Infer(Infer { id: batch, input });
            self.worker.post(&request, &transfer);
            match self.hear().await? {
                FromGpu::Answer(answer) => ms += answer.infer_ms,
                _ => return Err(Missing::Failed),
            }
        }
        Ok(ms)
    }

    async fn hear(&mut self) -> Result<FromGpu, Missing> {
        match self.said.recv().await {
            Ok(FromGpu::Unavailable(_)) => Err(Missing::Unavailable),
            Ok(FromGpu::Failed(failed)) => {
                web_sys::console::warn_1(&format!("WebGPU: {}", failed.reason).into());
                Err(Missing::Failed)
            }
            Ok(message) => Ok(message),
            Err(_) => Err(Missing::Failed),
        }
    }
}
