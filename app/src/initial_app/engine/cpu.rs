//! A CPU worker and the network that it runs.

use js_sys::Array;
use marquee_app::channel::weights_url;
use marquee_app::protocol::{Ready, ToCpu};
use marquee_app::ui::worker_handle::{Failure, WorkerHandle};
use marquee_app::wire::Wire;
use std::cell::OnceCell;

/// A CPU worker. Dropping it ends the worker.
pub(super) struct Cpu {
    /// The weights' file of its network.
    pub(super) network: String,
    worker: WorkerHandle,
    /// What it said that was ready, once it is.
    ready: OnceCell<Ready>,
}

impl Cpu {
    /// Starts one.
    pub(super) fn start(network: String) -> Cpu {
        Cpu {
            worker: WorkerHandle::start("cpu-worker", &weights_url(&network)),
            network,
            ready: OnceCell::new(),
        }
    }

    /// Waits until it is ready.
    ///
    /// # Errors
    ///
    /// If it can't be started, or can't load its network.
    pub(super) async fn load(&self) -> Result<Ready, Failure> {
        let ready: Ready = self.worker.ready().await?;
        Ok(self.ready.get_or_init(|| ready).clone())
    }

    /// Whether it has become ready.
    pub(super) fn is_ready(&self) -> bool {
        self.ready.get().is_some()
    }

    /// The classes of its network; none before it is ready.
    pub(super) fn labels(&self) -> Vec<String> {
        let labels = self.ready.get().map(|ready| ready.labels.clone());
        labels.unwrap_or_default()
    }

    /// The reply to a request.
    ///
    /// # Errors
    ///
    /// If the worker refuses it, or ends before it replies.
    pub(super) async fn ask<R: Wire>(&self, request: &ToCpu) -> Result<R, Failure> {
        self.worker.ask(request, &Array::new(), 0).await
    }

    /// Lets it load what only later posters need.
    pub(super) fn rest(&self) {
        self.worker.post(&ToCpu::Rest(true));
    }

    /// Ends it, also for those who still wait for its reply.
    pub(super) fn end(&self) {
        self.worker.end();
    }
}
