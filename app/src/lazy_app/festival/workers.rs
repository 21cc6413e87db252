//! Workers that read the posters of a batch run.

use crate::networks_client::NetworksClient;
use leptos::prelude::Owner;
use leptos::task::spawn_local_scoped_with_cancellation;
use marquee_app::protocol::Problem;
use marquee_app::protocol::networks_worker::{Read, Reading, Readings, ToNetworksWorker};
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::File;

/// More workers take more memory and are hardly faster.
const MOST_WORKERS: usize = 4;

/// Requests to a worker at a time, so that it doesn't wait for the page between two posters.
const PENDING: usize = 2;

/// Workers that are reading. Dropping them ends them at once.
pub(super) struct Workers(Owner);

impl Workers {
    /// Reads the numbered files that `next` gives until it gives none, with the network's `features` if they
    /// are wanted. The workers live as long as `parent` at most.
    pub(super) fn start(
        parent: &Owner,
        network: &str,
        features: bool,
        next: impl FnMut() -> Option<(u32, File)> + 'static,
        on_answer: impl Fn(u32, Result<Reading, Problem>) + 'static,
    ) -> Workers {
        let owner = parent.child();
        let next = Rc::new(RefCell::new(next));
        let on_answer = Rc::new(on_answer);
        for _ in 0..how_many() {
            let client = Rc::<NetworksClient>::default();
            for _ in 0..PENDING {
                let (client, network) = (client.clone(), network.to_owned());
                let (next, on_answer) = (next.clone(), on_answer.clone());
                let task = async move {
                    loop {
                        let file = next.borrow_mut()();
                        let Some((number, file)) = file else { break };
                        on_answer(number, read(&client, file, &network, features).await);
                    }
                };
                // A cancelled task drops its handle to the client, and the last one ends the worker.
                owner.with(|| spawn_local_scoped_with_cancellation(task));
            }
        }
        Workers(owner)
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.0.cleanup();
    }
}

/// One for each processor: the page itself needs little of any.
fn how_many() -> usize {
    let processors = leptos::prelude::window().navigator().hardware_concurrency();
    (processors as usize).clamp(1, MOST_WORKERS)
}

async fn read(
    client: &NetworksClient,
    file: File,
    network: &str,
    features: bool,
) -> Result<Reading, Problem> {
    let request = ToNetworksWorker::Read(Read {
        id: 0,
        file: file.into(),
        picture: None,
        networks: vec![network.to_owned()],
        thumbnail: None,
        features: Some(features),
    });
    let mut read = client.ask::<Readings>(request).await?;
    read.readings.pop().ok_or(Problem::NoNetwork)
}
