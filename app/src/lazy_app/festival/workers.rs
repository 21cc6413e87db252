//! Workers that read the posters of a batch run.

mod gpu;

use crate::networks_client::NetworksClient;
use gpu::Gpu;
use leptos::prelude::Owner;
use leptos::task::spawn_local_scoped_with_cancellation;
use marquee_app::channel::Preference;
use marquee_app::protocol::networks_worker::{
    NetworkInput, Prepare, PreparedPixels, Read, Reading, Readings, ToNetworksWorker,
};
use marquee_app::protocol::{Engine, Problem};
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::File;

/// More workers take more memory and are hardly faster.
const MOST_WORKERS: usize = 4;

/// Requests to a worker at a time, so that it doesn't wait for the page between two posters.
const PENDING: usize = 2;

/// With WebGPU, so that a batch fills while another one is run.
const PENDING_WITH_GPU: usize = 16;

/// What workers do.
pub(super) struct Job {
    /// The URL of the weights of the network that reads all posters.
    pub(super) network: String,
    /// Whether the network's features are wanted, too.
    pub(super) features: bool,
    /// How many posters there are.
    pub(super) posters: u32,
    /// The engine that the visitor asks for.
    pub(super) preference: Preference,
    /// Gives the numbered files until it gives none.
    pub(super) next: Box<dyn Fn() -> Option<(u32, File)>>,
    /// Takes the answers.
    pub(super) on_answer: Box<dyn Fn(u32, Result<Reading, Problem>)>,
    /// Told of the engine that runs the network from now on. It begins with the CPU.
    pub(super) on_engine: Box<dyn Fn(Engine)>,
}

/// Workers that are reading. Dropping them ends them at once.
pub(super) struct Workers(Owner);

impl Workers {
    /// Begins with a job. The workers live as long as `parent` at most.
    pub(super) fn start(parent: &Owner, job: Job) -> Workers {
        let owner = parent.child();
        let clients: Vec<Rc<NetworksClient>> = (0..how_many()).map(|_| Rc::default()).collect();
        let team = Rc::new(Team {
            job,
            gpu: RefCell::default(),
        });
        owner.with(|| {
            team.work(&clients, PENDING);
            spawn_local_scoped_with_cancellation(team.use_gpu(clients));
        });
        Workers(owner)
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.0.cleanup();
    }
}

/// What the tasks that feed the workers share.
struct Team {
    job: Job,
    /// Runs the network, where that is faster.
    gpu: RefCell<Option<Rc<Gpu>>>,
}

impl Team {
    /// Starts tasks that give each worker one file after the other. A task that is cancelled drops its handle to the
    /// worker, and the last one ends it.
    fn work(self: &Rc<Self>, clients: &[Rc<NetworksClient>], each: usize) {
        for client in clients {
            for _ in 0..each {
                let (team, client) = (self.clone(), client.clone());
                spawn_local_scoped_with_cancellation(async move {
                    while let Some((number, file)) = (team.job.next)() {
                        let answer = team.read(&client, file).await;
                        (team.job.on_answer)(number, answer);
                    }
                });
            }
        }
    }

    /// Has WebGPU run the network, if it is faster.
    async fn use_gpu(self: Rc<Self>, clients: Vec<Rc<NetworksClient>>) {
        let Job {
            network,
            posters,
            preference,
            ..
        } = &self.job;
        let Some(client) = clients.first() else {
            return;
        };
        let gpu = Gpu::if_it_pays(network, *posters, *preference, client, clients.len()).await;
        if let Some(gpu) = gpu {
            *self.gpu.borrow_mut() = Some(Rc::new(gpu));
            (self.job.on_engine)(Engine::Gpu);
            self.work(&clients, PENDING_WITH_GPU - PENDING);
        }
    }

    async fn read(&self, client: &NetworksClient, file: File) -> Result<Reading, Problem> {
        let network = self.job.network.clone();
        let gpu = self.gpu.borrow().clone();
        let request = match gpu {
            Some(gpu) => self.run_on(&gpu, client, file).await?,
            None => ToNetworksWorker::Read(Read {
                id: 0,
                file: file.into(),
                picture: None,
                networks: vec![network],
                thumbnail: None,
                features: Some(self.job.features),
            }),
        };
        let mut read = client.ask::<Readings>(request).await?;
        read.readings.pop().ok_or(Problem::NoNetwork)
    }

    /// What a worker is asked when the GPU has run the network, or has failed.
    async fn run_on(
        &self,
        gpu: &Rc<Gpu>,
        client: &NetworksClient,
        file: File,
    ) -> Result<ToNetworksWorker, Problem> {
        let request = ToNetworksWorker::Prepare(Prepare {
            id: 0,
            file: file.into(),
            network: self.job.network.clone(),
        });
        let prepared: PreparedPixels = client.ask(request).await?;
        let features = gpu.features(prepared.pixels.clone()).await;
        if features.is_none() && self.gpu.borrow_mut().take().is_some() {
            (self.job.on_engine)(Engine::Cpu);
        }
        Ok(ToNetworksWorker::Pixels(NetworkInput {
            id: 0,
            network: self.job.network.clone(),
            pixels: prepared.pixels,
            features,
        }))
    }
}

/// One for each processor: the page itself needs little of any.
fn how_many() -> usize {
    let processors = leptos::prelude::window().navigator().hardware_concurrency();
    (processors as usize).clamp(1, MOST_WORKERS)
}
