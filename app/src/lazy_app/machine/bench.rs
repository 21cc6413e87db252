//! The runs themselves: each engine over one poster, 256 and a thousand.

use super::device::adapter;
use super::gpu::{Gpu, Missing};
use super::report::{COUNTS, Timing};
use crate::networks_client::NetworksClient;
use marquee_app::protocol::{Engine, Problem};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

/// Runs are repeated until they have taken so long together, since a browser's clock is coarse.
const LONG_ENOUGH_MS: f64 = 250.0;
/// But not more often than this.
const MOST_RUNS: u32 = 100;

/// What happens on the way.
pub(super) enum News {
    /// What the graphics adapter is called, if there is any.
    Adapter(Option<String>),
    /// An engine starts.
    Starting(Engine),
    /// An engine is being measured over so many posters.
    Measuring(Engine, u32),
    /// It was.
    Measured(Timing),
    /// There is no WebGPU to measure.
    Missing(Missing),
}

/// How much [`News`] there is of work that is done, with WebGPU or without.
pub(super) fn steps(with_gpu: bool) -> u32 {
    let each = 1 + COUNTS.len() as u32;
    if with_gpu { 2 * each } else { each }
}

/// Measures both engines, in workers of their own so that nobody else is held up.
///
/// # Errors
///
/// Where not even the CPU can be measured, because the network can't be loaded.
pub(super) async fn bench(network: String, tell: impl Fn(News)) -> Result<(), Problem> {
    let adapter = adapter().await;
    let with_gpu = adapter.is_some();
    tell(News::Adapter(adapter));

    tell(News::Starting(Engine::Cpu));
    let client = NetworksClient::new();
    // The first run loads the network, and warms up.
    let size = client.measure(network.clone(), 1).await?.size;
    for posters in COUNTS {
        tell(News::Measuring(Engine::Cpu, posters));
        let run = async || Ok(client.measure(network.clone(), posters).await?.ms);
        let ms = average(run).await?;
        tell(News::Measured(Timing {
            engine: Engine::Cpu,
            posters,
            ms,
        }));
    }
    drop(client);

    if with_gpu {
        if let Err(missing) = bench_gpu(network, &size, &tell).await {
            tell(News::Missing(missing));
        }
    } else {
        tell(News::Missing(Missing::Unavailable));
    }
    Ok(())
}

async fn bench_gpu(network: String, size: &[u32], tell: &impl Fn(News)) -> Result<(), Missing> {
    tell(News::Starting(Engine::Gpu));
    let numbers = 3 * size.iter().product::<u32>() as usize;
    let mut gpu = Gpu::start(network, numbers).await?;
    for posters in COUNTS {
        tell(News::Measuring(Engine::Gpu, posters));
        // Shaders are compiled for each size of batch.
        gpu.run(posters).await?;
        let ms = average(async || gpu.run(posters).await).await?;
        tell(News::Measured(Timing {
            engine: Engine::Gpu,
            posters,
            ms,
        }));
    }
    Ok(())
}

/// Average milliseconds of a run.
async fn average<E>(mut run: impl AsyncFnMut() -> Result<f64, E>) -> Result<f64, E> {
    let (mut runs, mut sum) = (0, 0.0);
    while runs < MOST_RUNS && sum < LONG_ENOUGH_MS {
        sum += run().await?;
        runs += 1;
    }
    Ok(sum / f64::from(runs))
}

/// What comes of work, or nothing if `stop` is there first: the work is then dropped, and with it
/// its workers.
pub(super) async fn unless<T>(stop: impl Future, work: impl Future<Output = T>) -> Option<T> {
    let (mut stop, mut work): (Pin<&mut _>, Pin<&mut _>) = (pin!(stop), pin!(work));
    poll_fn(|context| {
        if stop.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        work.as_mut().poll(context).map(Some)
    })
    .await
}
