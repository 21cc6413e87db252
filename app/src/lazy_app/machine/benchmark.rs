//! The benchmark: each engine classifies one poster, 16, 256 and a thousand.

use super::device::adapter;
use super::gpu::Gpu;
use super::missing::Missing;
use super::timing::{COUNTS, Timing};
use crate::networks_client::NetworksClient;
use marquee_app::protocol::networks_worker::{Measure, Measured, ToNetworksWorker};
use marquee_app::protocol::{Engine, Problem};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

/// Runs are repeated until they have taken this time together, because a browser's clock is coarse.
const LONG_ENOUGH_MS: f64 = 250.0;
/// The most repetitions.
const MOST_RUNS: u32 = 100;

/// What happens during the benchmark.
pub(super) enum Event {
    /// The graphics adapter's name, if there is one.
    Adapter(Option<String>),
    /// An engine starts.
    Starting(Engine),
    /// An engine begins with this many posters.
    Measuring(Engine, u32),
    /// An engine was measured.
    Measured(Timing),
    /// WebGPU can't be measured.
    Missing(Missing),
}

/// The number of steps of the benchmark: starts and timings.
pub(super) fn steps(with_gpu: bool) -> u32 {
    let each = 1 + COUNTS.len() as u32;
    if with_gpu { 2 * each } else { each }
}

/// Measures both engines, in workers of their own, and tells its events.
///
/// # Errors
///
/// Where the network can't be loaded, so that not even the CPU can be measured.
pub(super) async fn benchmark(network: String, tell: impl Fn(Event)) -> Result<(), Problem> {
    let adapter = adapter().await;
    let with_gpu = adapter.is_some();
    tell(Event::Adapter(adapter));

    tell(Event::Starting(Engine::Cpu));
    let client = NetworksClient::default();
    let measure = async |posters| {
        let request = ToNetworksWorker::Measure(Measure {
            id: 0,
            network: network.clone(),
            posters,
        });
        client.ask::<Measured>(request).await
    };
    // The first run loads the network and warms up.
    let size = measure(1).await?.size;
    for posters in COUNTS {
        tell(Event::Measuring(Engine::Cpu, posters));
        let ms = average(async || Ok(measure(posters).await?.ms)).await?;
        tell(Event::Measured(Timing {
            engine: Engine::Cpu,
            posters,
            ms,
        }));
    }
    drop(client);

    if with_gpu {
        if let Err(missing) = benchmark_gpu(&network, &size, &tell).await {
            tell(Event::Missing(missing));
        }
    } else {
        tell(Event::Missing(Missing::Unavailable));
    }
    Ok(())
}

async fn benchmark_gpu(network: &str, size: &[u32], tell: &impl Fn(Event)) -> Result<(), Missing> {
    tell(Event::Starting(Engine::Gpu));
    let numbers = 3 * size.iter().product::<u32>() as usize;
    let gpu = Gpu::start(network, numbers).await?;
    for posters in COUNTS {
        tell(Event::Measuring(Engine::Gpu, posters));
        // This run compiles the shaders for the sizes of its batches.
        gpu.run(posters).await?;
        let ms = average(async || gpu.run(posters).await).await?;
        tell(Event::Measured(Timing {
            engine: Engine::Gpu,
            posters,
            ms,
        }));
    }
    Ok(())
}

/// The average milliseconds of a run.
async fn average<E>(mut run: impl AsyncFnMut() -> Result<f64, E>) -> Result<f64, E> {
    let (mut runs, mut sum) = (0, 0.0);
    while runs < MOST_RUNS && sum < LONG_ENOUGH_MS {
        sum += run().await?;
        runs += 1;
    }
    Ok(sum / f64::from(runs))
}

/// The result of `work`; `None` if `stop` is ready first, which drops the work and its workers.
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
