//! The lobby's end of its workers.

use futures_channel::oneshot::{Sender, channel};
use js_sys::{Array, Uint8Array};
use marquee_app::protocol::Problem;
use marquee_app::protocol::networks_worker::{
    FromNetworksWorker, Heat, Heated, Measure, Measured, Pixels, Read, Readings, ToNetworksWorker,
};
use marquee_app::ui::worker_handle::WorkerHandle;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use web_sys::Blob;

/// A worker, and the requests that it owes an answer. It is started with the first request, and
/// again after one that it died of; dropping the last handle ends it.
#[derive(Default)]
pub(crate) struct NetworksClient {
    worker: RefCell<Option<WorkerHandle>>,
    owed: RefCell<HashMap<u32, Sender<FromNetworksWorker>>>,
    last_id: Cell<u32>,
}

impl NetworksClient {
    /// One whose worker isn't started yet.
    pub(crate) fn new() -> Rc<NetworksClient> {
        Rc::default()
    }

    /// What networks read in a poster, in their order.
    ///
    /// # Errors
    ///
    /// Where the file is no poster, or what it takes can't be loaded.
    pub(crate) async fn read(
        self: &Rc<Self>,
        file: Blob,
        networks: Vec<String>,
    ) -> Result<Readings, Problem> {
        let request = |id| ToNetworksWorker::Read(Read { id, file, networks });
        match self.ask(request).await? {
            FromNetworksWorker::Readings(readings) => Ok(readings),
            _ => Err(Problem::Damaged),
        }
    }

    /// What a network reads in pixels of its input's size.
    ///
    /// # Errors
    ///
    /// As [`NetworksClient::read`].
    pub(crate) async fn classify(
        self: &Rc<Self>,
        network: String,
        pixels: Uint8Array,
    ) -> Result<Readings, Problem> {
        let request = |id| {
            ToNetworksWorker::Pixels(Pixels {
                id,
                network,
                pixels,
            })
        };
        match self.ask(request).await? {
            FromNetworksWorker::Readings(readings) => Ok(readings),
            _ => Err(Problem::Damaged),
        }
    }

    /// Where in those pixels it mattered.
    ///
    /// # Errors
    ///
    /// As [`NetworksClient::read`].
    pub(crate) async fn heat(
        self: &Rc<Self>,
        network: String,
        pixels: Uint8Array,
    ) -> Result<Heated, Problem> {
        let request = |id| {
            ToNetworksWorker::Heat(Heat {
                id,
                network,
                pixels,
            })
        };
        match self.ask(request).await? {
            FromNetworksWorker::Heated(heated) => Ok(heated),
            _ => Err(Problem::Damaged),
        }
    }

    /// How long a network takes for so many posters, on the CPU.
    ///
    /// # Errors
    ///
    /// As [`NetworksClient::read`].
    pub(crate) async fn measure(
        self: &Rc<Self>,
        network: String,
        posters: u32,
    ) -> Result<Measured, Problem> {
        let request = |id| {
            ToNetworksWorker::Measure(Measure {
                id,
                network,
                posters,
            })
        };
        match self.ask(request).await? {
            FromNetworksWorker::Measured(measured) => Ok(measured),
            _ => Err(Problem::Damaged),
        }
    }

    async fn ask(
        self: &Rc<Self>,
        request: impl FnOnce(u32) -> ToNetworksWorker,
    ) -> Result<FromNetworksWorker, Problem> {
        let id = self.last_id.get() + 1;
        self.last_id.set(id);
        let (sender, answer) = channel();
        self.owed.borrow_mut().insert(id, sender);
        self.start();
        match &*self.worker.borrow() {
            Some(worker) => worker.post(&request(id), &Array::new()),
            None => return Err(Problem::NoDecoder),
        }
        match answer.await {
            Ok(FromNetworksWorker::Refused(refused)) => Err(refused.problem),
            Ok(answer) => Ok(answer),
            // the worker died before it answered
            Err(_) => Err(Problem::Damaged),
        }
    }

    fn start(self: &Rc<Self>) {
        if self.worker.borrow().is_some() {
            return;
        }
        let (on_message, on_failure) = (Rc::downgrade(self), Rc::downgrade(self));
        let worker = WorkerHandle::start(
            "networks-worker",
            move |message| {
                if let Some(client) = on_message.upgrade() {
                    client.hear(message);
                }
            },
            move |reason| {
                if let Some(client) = on_failure.upgrade() {
                    client.died(&reason);
                }
            },
        );
        match worker {
            Ok(worker) => *self.worker.borrow_mut() = Some(worker),
            Err(error) => web_sys::console::error_1(&error),
        }
    }

    fn hear(&self, message: FromNetworksWorker) {
        let id = match &message {
            FromNetworksWorker::Readings(it) => it.id,
            FromNetworksWorker::Heated(it) => it.id,
            FromNetworksWorker::Measured(it) => it.id,
            FromNetworksWorker::Refused(it) => it.id,
            FromNetworksWorker::Failed(failed) => return self.died(&failed.reason),
        };
        let sender = self.owed.borrow_mut().remove(&id);
        if let Some(sender) = sender {
            // Who asked may have lost interest.
            _ = sender.send(message);
        }
    }

    /// Nobody is answered any more; the next request starts a new worker.
    fn died(&self, reason: &str) {
        web_sys::console::error_1(&format!("lobby worker: {reason}").into());
        *self.worker.borrow_mut() = None;
        self.owed.borrow_mut().clear();
    }
}
