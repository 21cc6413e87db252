//! A GPU worker that is there to be measured.

use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use js_sys::{Array, Float32Array};
use marquee_app::protocol::{Failed, FromGpu, Infer, Init, ToGpu, probe};
use marquee_app::ui::link::Link;

/// The most posters in one go: enough to keep any GPU busy.
const BATCH: usize = 256;

/// The most numbers that these have together. What a network makes of them is up to 32 times as much,
/// and fits into the 128 MiB that any GPU has for one of its tensors.
const NUMBERS: usize = BATCH * 3 * 64 * 64;

/// Why WebGPU can't be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// This browser or this machine has none.
    Unavailable,
    /// It failed.
    Failed,
}

/// A warm worker.
pub(super) struct Gpu {
    link: Link,
    said: UnboundedReceiver<FromGpu>,
    /// A poster as the network wants it.
    poster: Vec<f32>,
}

impl Gpu {
    /// Starts a worker with the weights at a URL. `numbers` is how many a poster has.
    ///
    /// # Errors
    ///
    /// Where it doesn't start.
    pub(super) async fn start(weights: String, numbers: usize) -> Result<Gpu, Missing> {
        let (on_message, said) = unbounded();
        let on_failure = on_message.clone();
        let link = Link::start(
            "gpu-worker",
            // Whoever has stopped measuring hears nothing any more.
            move |message| _ = on_message.unbounded_send(message),
            move |reason| _ = on_failure.unbounded_send(FromGpu::Failed(Failed { reason })),
        );
        let mut gpu = Gpu {
            link: link.map_err(|_| Missing::Failed)?,
            said,
            poster: probe(numbers),
        };
        let init = ToGpu::Init(Init { weights });
        gpu.link.post(&init, &Array::new());
        match gpu.hear().await? {
            FromGpu::Ready(_) => Ok(gpu),
            _ => Err(Missing::Failed),
        }
    }

    /// Classifies so many posters; returns the milliseconds in the network.
    ///
    /// # Errors
    ///
    /// Where the worker doesn't survive it.
    pub(super) async fn run(&mut self, posters: u32) -> Result<f64, Missing> {
        let most = (NUMBERS / self.poster.len()).clamp(1, BATCH) as u32;
        let batches = posters.div_ceil(most);
        let mut ms = 0.0;
        for batch in 0..batches {
            // As even as can be, since every size has to warm up.
            let size = posters / batches + u32::from(batch < posters % batches);
            let input = Float32Array::from(&self.poster.repeat(size as usize)[..]);
            let transfer = Array::of1(&input.buffer());
            let request = ToGpu::Infer(Infer { id: batch, input });
            self.link.post(&request, &transfer);
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
