//! A GPU worker for the benchmark.

use super::missing::Missing;
use js_sys::{Array, Float32Array};
use marquee_app::protocol::{Answer, Infer, Ready, ToGpu, probe};
use marquee_app::ui::worker_handle::{Failure, WorkerHandle};

/// The most posters in a batch: enough to keep any GPU busy.
const BATCH: usize = 256;

/// The most numbers in a batch's input. A network's largest tensor has up to 32 times as many, which fit
/// into the 128 MiB that every GPU allows for one buffer.
const NUMBERS: usize = BATCH * 3 * 64 * 64;

/// How many posters a batch can have, if an input has this many numbers.
pub(crate) fn most_posters(numbers: usize) -> usize {
    (NUMBERS / numbers.max(1)).clamp(1, BATCH)
}

/// A worker that has started.
pub(super) struct Gpu {
    worker: WorkerHandle,
    /// A network's input.
    poster: Vec<f32>,
}

impl Gpu {
    /// Starts a worker with the weights at a URL. `numbers` is the length of an input.
    ///
    /// # Errors
    ///
    /// If it doesn't start.
    pub(super) async fn start(weights: &str, numbers: usize) -> Result<Gpu, Missing> {
        let worker = WorkerHandle::start("gpu-worker", weights);
        worker.ready::<Ready>().await?;
        let poster = probe(numbers);
        Ok(Gpu { worker, poster })
    }

    /// Classifies this many posters, and returns the milliseconds in the network.
    ///
    /// # Errors
    ///
    /// If the worker fails.
    pub(super) async fn run(&self, posters: u32) -> Result<f64, Missing> {
        let most = most_posters(self.poster.len()) as u32;
        let batches = posters.div_ceil(most);
        let mut ms = 0.0;
        for batch in 0..batches {
            // Batches are as equal as possible, because shaders are compiled for each size.
            let size = posters / batches + u32::from(batch < posters % batches);
            let input = Float32Array::from(&self.poster.repeat(size as usize)[..]);
            let transfer = Array::of1(&input.buffer());
            let request = ToGpu::Infer(Infer { id: 0, input });
            let answer: Answer = self.worker.ask(&request, &transfer, 0).await?;
            ms += answer.infer_ms;
        }
        Ok(ms)
    }
}

impl From<Failure> for Missing {
    fn from(failure: Failure) -> Missing {
        match failure.problem {
            None => Missing::Unavailable,
            Some(_) => Missing::Failed,
        }
    }
}
