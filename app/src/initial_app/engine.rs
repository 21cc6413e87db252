//! The two engines, and the requests to them.
//!
//! The CPU worker reads every poster. With WebGPU as the engine, the page passes the network's input
//! on to the GPU worker.

mod choice;
mod prediction;
mod webgpu;

pub(crate) use choice::{GpuState, Preference, Reason, choose};
pub(crate) use prediction::{Outcome, Prediction};

use choice::agree;
use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::channel::{Network, weights_url};
use marquee_app::protocol::{
    Answer, Classify, Engine, Infer, Prepared, Problem, Ready, ToCpu, ToGpu,
};
use marquee_app::ui::worker_handle::{Failure, WorkerHandle};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use web_sys::Blob;

/// A GPU that has not answered after this many milliseconds is given up, even if it reports no error.
const GPU_PATIENCE_MS: u32 = 15_000;

/// Where a worker is, if it runs.
type WorkerSlot = RefCell<Option<Rc<WorkerHandle>>>;

/// What others see of the engines.
#[derive(Clone, Copy)]
pub(crate) struct EngineSignals {
    /// The weights' file of the network that answers.
    pub(crate) network: RwSignal<String>,
    /// What the last CPU worker said that was ready.
    pub(crate) model: RwSignal<Option<Ready>>,
    /// How far WebGPU is.
    pub(crate) gpu_state: RwSignal<GpuState>,
    /// What the visitor asked for.
    pub(crate) preference: RwSignal<Preference>,
    /// Why nothing can be classified at all, if nothing can.
    pub(crate) broken: RwSignal<Option<Problem>>,
}

impl EngineSignals {
    /// Whether it is known that posters can be classified, or that they can't.
    pub(crate) fn settled(self) -> bool {
        self.model.with(Option::is_some) || self.broken.with(Option::is_some)
    }
}

/// Both engines.
pub(crate) struct Engines {
    /// What others see of them.
    pub(crate) signals: EngineSignals,
    networks: Vec<Network>,
    cpu: WorkerSlot,
    gpu: WorkerSlot,
    /// Whether the present CPU worker has loaded its network.
    cpu_ready: Cell<bool>,
}

impl Engines {
    /// Starts the CPU worker with the network that an earlier visit chose, or with the first of
    /// `networks`.
    pub(crate) fn start(
        networks: Vec<Network>,
        network: Option<String>,
        preference: Preference,
    ) -> Rc<Engines> {
        let engines = Rc::new(Engines {
            signals: EngineSignals {
                network: RwSignal::new(network.unwrap_or_else(|| first(&networks))),
                model: RwSignal::new(None),
                gpu_state: RwSignal::new(GpuState::Off),
                preference: RwSignal::new(preference),
                broken: RwSignal::new(None),
            },
            networks,
            cpu: WorkerSlot::default(),
            gpu: WorkerSlot::default(),
            cpu_ready: Cell::new(false),
        });
        engines.start_cpu();
        engines
    }

    /// The classes of the network that answers.
    pub(crate) fn labels(&self) -> Vec<String> {
        let file = self.signals.network.get();
        let network = self.networks.iter().find(|network| network.file == file);
        network.and_then(|it| it.labels.clone()).unwrap_or_default()
    }

    /// Answers by another network from now on, also what is pending.
    pub(crate) fn load(self: &Rc<Self>, network: String) {
        self.signals.network.set(network);
        replace(&self.gpu, None);
        self.signals.gpu_state.set(GpuState::Off);
        self.start_cpu();
    }

    /// The visitor asks for an engine. WebGPU is tried again if it has failed before.
    pub(crate) fn prefer(self: &Rc<Self>, preference: Preference) {
        self.signals.preference.set(preference);
        let retry = preference == Preference::Gpu
            && self.signals.gpu_state.get_untracked() == GpuState::Failed;
        if retry {
            self.signals.gpu_state.set(GpuState::Off);
        }
        self.start_gpu_if_wanted();
    }

    /// Classifies a file with the engine that the rule chooses. A request that is lost with its
    /// worker is sent to the next one; so is one that the GPU leaves unanswered, to the CPU.
    pub(crate) async fn classify(self: Rc<Self>, file: Blob) -> Outcome {
        loop {
            let Some(cpu) = self.cpu.borrow().clone() else {
                let broken = self.signals.broken.get_untracked();
                return Outcome::Refused(broken.unwrap_or(Problem::NoNetwork));
            };
            let (engine, _) = choose(
                self.signals.preference.get_untracked(),
                self.signals.gpu_state.get_untracked(),
            );
            let request = ToCpu::Classify(Classify {
                id: 0,
                file: file.clone(),
                engine,
            });
            let answer = match engine {
                Engine::Cpu => cpu.ask(&request, &Array::new(), 0).await.map(Some),
                Engine::Gpu => match cpu.ask(&request, &Array::new(), 0).await {
                    Ok(prepared) => Ok(self.ask_gpu(prepared).await),
                    Err(failure) => Err(failure),
                },
            };
            match answer {
                Ok(Some(answer)) => return self.outcome(engine, answer),
                Ok(None) => {}
                Err(Failure { problem, again }) => {
                    let problem = problem.unwrap_or(Problem::WorkerDied);
                    if problem == Problem::WorkerDied {
                        self.cpu_ended(&cpu, Some(problem));
                    }
                    if !again {
                        return Outcome::Refused(problem);
                    }
                }
            }
        }
    }

    /// Has the GPU classify what the CPU worker has read. `None` if the GPU is gone.
    async fn ask_gpu(self: &Rc<Self>, prepared: Prepared) -> Option<Answer> {
        let gpu = self.gpu.borrow().clone()?;
        let input = prepared.input;
        let transfer = Array::of1(&input.buffer());
        let request = ToGpu::Infer(Infer { id: 0, input });
        match gpu
            .ask::<Answer>(&request, &transfer, GPU_PATIENCE_MS)
            .await
        {
            Ok(answer) => Some(Answer {
                read_ms: prepared.read_ms,
                picture: prepared.picture,
                ..answer
            }),
            Err(_) => {
                self.gpu_ended(&gpu, GpuState::Failed);
                None
            }
        }
    }

    fn outcome(&self, engine: Engine, answer: Answer) -> Outcome {
        let labels = self.signals.model.with_untracked(|model| {
            let model = model.as_ref();
            model.map(|model| model.labels.clone()).unwrap_or_default()
        });
        let prediction = Prediction {
            classes: labels.into_iter().zip(answer.probabilities).collect(),
            sure: answer.sure,
            engine,
            read_ms: answer.read_ms,
            infer_ms: answer.infer_ms,
        };
        Outcome::Answered(prediction, answer.picture)
    }

    fn start_cpu(self: &Rc<Self>) {
        self.signals.broken.set(None);
        self.cpu_ready.set(false);
        let cpu = self.start_worker("cpu-worker");
        replace(&self.cpu, Some(cpu.clone()));
        let engines = self.clone();
        spawn_local(async move {
            match cpu.ready().await {
                Ok(ready) => {
                    engines.cpu_ready.set(true);
                    engines.signals.model.set(Some(ready));
                    engines.start_gpu_if_wanted();
                }
                Err(Failure { problem, .. }) => engines.cpu_ended(&cpu, problem),
            }
        });
    }

    fn start_worker(&self, name: &str) -> Rc<WorkerHandle> {
        let weights = weights_url(&self.signals.network.get_untracked());
        Rc::new(WorkerHandle::start(name, &weights))
    }

    /// Replaces a CPU worker that has ended. If it had not become ready, the next one would not
    /// either, except with another network: the host may no longer have the one that an earlier
    /// visit chose.
    fn cpu_ended(self: &Rc<Self>, cpu: &Rc<WorkerHandle>, problem: Option<Problem>) {
        let first = first(&self.networks);
        if !is_in(&self.cpu, cpu) {
            // Another one has taken its place.
        } else if self.cpu_ready.get() {
            self.start_cpu();
        } else if self
            .signals
            .network
            .with_untracked(|network| *network == first)
        {
            replace(&self.cpu, None);
            self.signals
                .broken
                .set(problem.or(Some(Problem::WorkerDied)));
        } else {
            self.load(first);
        }
    }

    fn start_gpu_if_wanted(self: &Rc<Self>) {
        let wanted = self.signals.preference.get_untracked() != Preference::Cpu
            && self.signals.gpu_state.get_untracked() == GpuState::Off;
        if !wanted || !self.cpu_ready.get() {
            return;
        }
        self.signals.gpu_state.set(GpuState::Starting);
        let engines = self.clone();
        spawn_local(async move {
            // Asked here first: without an adapter the worker, a megabyte, would be downloaded in
            // vain.
            if webgpu::has_adapter().await {
                engines.run_gpu().await;
            } else {
                engines.signals.gpu_state.set(GpuState::Unavailable);
            }
        });
    }

    /// Starts the GPU worker, and follows it to its end.
    async fn run_gpu(&self) {
        let gpu = self.start_worker("gpu-worker");
        replace(&self.gpu, Some(gpu.clone()));
        let state = match gpu.ready::<Ready>().await {
            Ok(ready) => self.signals.model.with_untracked(|cpu| match cpu {
                Some(cpu) if agree(&cpu.probe, &ready.probe) => GpuState::Ready {
                    gpu_ms: ready.one_ms,
                    cpu_ms: cpu.one_ms,
                },
                _ => GpuState::Failed,
            }),
            Err(Failure { problem: None, .. }) => GpuState::Unavailable,
            Err(_) => GpuState::Failed,
        };
        if let GpuState::Ready { .. } = state
            && is_in(&self.gpu, &gpu)
        {
            self.signals.gpu_state.set(state);
            gpu.ended().await;
            self.gpu_ended(&gpu, GpuState::Failed);
        } else {
            self.gpu_ended(&gpu, state);
        }
    }

    /// Gives up the GPU worker, unless another one has taken its place.
    fn gpu_ended(&self, gpu: &Rc<WorkerHandle>, state: GpuState) {
        if is_in(&self.gpu, gpu) {
            replace(&self.gpu, None);
            self.signals.gpu_state.set(state);
        }
    }
}

/// Ends the worker that was there, also for those who still wait for its reply.
fn replace(slot: &WorkerSlot, worker: Option<Rc<WorkerHandle>>) {
    if let Some(old) = slot.replace(worker) {
        old.end();
    }
}

fn is_in(slot: &WorkerSlot, worker: &Rc<WorkerHandle>) -> bool {
    slot.borrow()
        .as_ref()
        .is_some_and(|it| Rc::ptr_eq(it, worker))
}

/// The weights' file of the network that answers until the visitor chooses another.
fn first(networks: &[Network]) -> String {
    networks
        .first()
        .map_or(String::new(), |network| network.file.clone())
}
