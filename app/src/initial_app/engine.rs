//! The two engines, and the requests to them.
//!
//! The CPU worker reads every poster. With WebGPU as the engine, the page passes the network's input
//! on to the GPU worker.

mod choice;
mod cpu;
mod prediction;

pub(crate) use choice::{GpuState, Reason, choose};
pub(crate) use prediction::{Outcome, Prediction};

use choice::agree;
use cpu::Cpu;
use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::channel::{Network, Preference, networks, weights_url};
use marquee_app::protocol::{
    Answer, Classify, Engine, Infer, Prepared, Problem, Ready, ToCpu, ToGpu,
};
use marquee_app::ui::webgpu;
use marquee_app::ui::worker_handle::{Failure, WorkerHandle};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use web_sys::Blob;

/// A GPU that has not answered after this many milliseconds is given up, even if it reports no error.
const GPU_PATIENCE_MS: u32 = 15_000;

/// What others see of the engines.
#[derive(Clone, Copy)]
pub(crate) struct EngineSignals {
    /// The weights' file of the network that answers the visitor's posters.
    pub(crate) network: RwSignal<String>,
    /// What the last CPU worker that runs this network said that was ready.
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
    cpu: RefCell<Option<Rc<Cpu>>>,
    gpu: RefCell<Option<Rc<WorkerHandle>>>,
    /// Whether the poster on show has to be answered by the network that runs, whichever is the visitor's.
    pinned: Cell<bool>,
    /// The weights' files of the networks that could not be loaded.
    missing: RefCell<Vec<String>>,
    /// Whether the first answer is there, so that what only later posters need may be loaded.
    rests: Cell<bool>,
    /// Whether the GPU worker may be downloaded: not before the first answer, nor beside the best
    /// network's weights.
    gpu_allowed: Cell<bool>,
}

impl Engines {
    /// Starts the CPU worker with the network of the weights' file `network`.
    pub(crate) fn start(network: String, preference: Preference) -> Rc<Engines> {
        let engines = Rc::new(Engines {
            signals: EngineSignals {
                network: RwSignal::new(network.clone()),
                model: RwSignal::new(None),
                gpu_state: RwSignal::new(GpuState::Off),
                preference: RwSignal::new(preference),
                broken: RwSignal::new(None),
            },
            cpu: RefCell::default(),
            gpu: RefCell::default(),
            pinned: Cell::new(false),
            missing: RefCell::default(),
            rests: Cell::new(false),
            gpu_allowed: Cell::new(false),
        });
        if network.is_empty() {
            // The list of networks could not be loaded.
            engines.signals.broken.set(Some(Problem::NoNetwork));
        } else {
            engines.run(network);
        }
        engines
    }

    /// The classes of the network that answers the visitor's posters.
    pub(crate) fn labels(&self) -> Vec<String> {
        let file = self.signals.network.get();
        let network = listed(&file);
        network.and_then(|it| it.labels).unwrap_or_default()
    }

    /// The weights' file of the best network of the list, if it knows the same classes as the one that
    /// answers, and is another one.
    pub(crate) fn better(&self) -> Option<String> {
        let own = self.signals.network.get_untracked();
        let own = listed(&own)?;
        let best = networks().into_iter().find(|it| it.best == Some(true))?;
        (best != own && best.labels == own.labels).then_some(best.file)
    }

    /// Has the visitor's posters answered by another network from now on, also those that are pending.
    pub(crate) fn load(self: &Rc<Self>, network: String) {
        self.pinned.set(false);
        self.missing.borrow_mut().retain(|file| *file != network);
        self.signals.network.set(network.clone());
        self.end_gpu();
        self.run(network);
    }

    /// Has the next posters read by a network: by the one of this weights' file, or else by the one that
    /// answers the visitor's posters.
    pub(crate) fn select(self: &Rc<Self>, network: Option<&String>) {
        self.pinned.set(network.is_some());
        let own = self.signals.network.get_untracked();
        let wanted = network.unwrap_or(&own);
        let runs = self.cpu.borrow().as_ref().map(|cpu| cpu.network.clone());
        if runs.is_some_and(|runs| runs != *wanted) {
            self.run(wanted.clone());
        }
    }

    /// Loads a network beside the one that answers, and has it answer the visitor's posters once it is
    /// there. True if the posters that were answered are to be read again.
    ///
    /// # Errors
    ///
    /// If it can't be loaded. Nothing has changed then.
    pub(crate) async fn overtake(self: &Rc<Self>, network: String) -> Result<bool, Failure> {
        let before = self.signals.network.get_untracked();
        let cpu = Rc::new(Cpu::start(network.clone()));
        let ready = cpu.load().await?;
        cpu.rest();
        // The visitor may have chosen another one meanwhile.
        if self.signals.network.get_untracked() != before {
            return Ok(false);
        }
        self.signals.network.set(network);
        self.signals.model.set(Some(ready));
        self.end_gpu();
        // A poster that has to be answered by its own network keeps it.
        let takes_over = !self.pinned.get();
        if takes_over {
            self.replace_cpu(Some(cpu.clone()));
        }
        Ok(takes_over)
    }

    /// The first answer is there, or nobody waits for one: loads what only later posters need.
    pub(crate) fn rest(&self) {
        self.rests.set(true);
        if let Some(cpu) = self.cpu.borrow().as_ref() {
            cpu.rest();
        }
    }

    /// From now on the GPU worker is downloaded where it is wanted.
    pub(crate) fn allow_gpu(self: &Rc<Self>) {
        self.gpu_allowed.set(true);
        self.start_gpu_if_wanted();
    }

    /// The visitor asks for an engine. WebGPU is tried again if it has failed before.
    pub(crate) fn prefer(self: &Rc<Self>, preference: Preference) {
        self.signals.preference.set(preference);
        if preference == Preference::Gpu {
            self.gpu_allowed.set(true);
        }
        let retry = preference == Preference::Gpu
            && matches!(
                self.signals.gpu_state.get_untracked(),
                GpuState::Failed | GpuState::NotLoaded
            );
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
            let engine = self.engine_for(&cpu);
            let request = ToCpu::Classify(Classify {
                id: 0,
                file: file.clone(),
                engine,
            });
            let answer = match engine {
                Engine::Cpu => cpu.ask(&request).await.map(Some),
                Engine::Gpu => match cpu.ask(&request).await {
                    Ok(prepared) => Ok(self.ask_gpu(prepared).await),
                    Err(failure) => Err(failure),
                },
            };
            match answer {
                Ok(Some(answer)) => return self.outcome(&cpu, engine, answer),
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
                incomplete: prepared.incomplete,
                picture: prepared.picture,
                ..answer
            }),
            Err(_) => {
                self.gpu_ended(&gpu, GpuState::Failed);
                None
            }
        }
    }

    /// The engine by the rule. The GPU worker runs only the network that answers the visitor's posters.
    fn engine_for(&self, cpu: &Cpu) -> Engine {
        if cpu.network != self.signals.network.get_untracked() {
            return Engine::Cpu;
        }
        let (engine, _) = choose(
            self.signals.preference.get_untracked(),
            self.signals.gpu_state.get_untracked(),
        );
        engine
    }

    fn outcome(&self, cpu: &Cpu, engine: Engine, answer: Answer) -> Outcome {
        let network = listed(&cpu.network);
        let prediction = Prediction {
            classes: cpu.labels().into_iter().zip(answer.probabilities).collect(),
            sure: answer.sure,
            network: cpu.network.clone(),
            title: network
                .as_ref()
                .map_or(&*cpu.network, Network::title)
                .to_owned(),
            engine,
            read_ms: answer.read_ms,
            infer_ms: answer.infer_ms,
            complete: answer.incomplete.is_none(),
        };
        Outcome::Answered(prediction, answer.picture)
    }

    /// Starts a CPU worker in place of the present one.
    fn run(self: &Rc<Self>, network: String) {
        self.signals.broken.set(None);
        let cpu = Rc::new(Cpu::start(network));
        self.replace_cpu(Some(cpu.clone()));
        let engines = self.clone();
        spawn_local(async move {
            match cpu.load().await {
                Ok(ready) => {
                    if engines.rests.get() {
                        cpu.rest();
                    }
                    if cpu.network == engines.signals.network.get_untracked() {
                        engines.signals.model.set(Some(ready));
                        engines.start_gpu_if_wanted();
                    }
                }
                Err(Failure { problem, .. }) => engines.cpu_ended(&cpu, problem),
            }
        });
    }

    /// Ends the worker that was there, also for those who still wait for its reply.
    fn replace_cpu(&self, cpu: Option<Rc<Cpu>>) {
        if let Some(old) = self.cpu.replace(cpu) {
            old.end();
        }
    }

    fn is_answering(&self, cpu: &Rc<Cpu>) -> bool {
        let current = self.cpu.borrow();
        current.as_ref().is_some_and(|it| Rc::ptr_eq(it, cpu))
    }

    /// Replaces a CPU worker that has ended. If it had not become ready, the next one would not
    /// either, except with another network: the host may lack this one.
    fn cpu_ended(self: &Rc<Self>, cpu: &Rc<Cpu>, problem: Option<Problem>) {
        if !self.is_answering(cpu) {
            // Another one has taken its place.
            return;
        }
        if cpu.is_ready() {
            return self.run(cpu.network.clone());
        }
        let own = self.signals.network.get_untracked();
        if own != cpu.network {
            return self.run(own);
        }
        self.missing.borrow_mut().push(own);
        let mut rest = networks().into_iter().enumerate().filter(|(_, network)| {
            let missing = self.missing.borrow();
            !missing.contains(&network.file)
        });
        // A worker that fails for another reason than its network is tried with the first one only.
        match rest.next() {
            Some((at, network)) if at == 0 || problem == Some(Problem::NoNetwork) => {
                let file = network.file;
                self.signals.network.set(file.clone());
                self.end_gpu();
                self.run(file);
            }
            _ => {
                self.replace_cpu(None);
                let problem = problem.unwrap_or(Problem::WorkerDied);
                self.signals.broken.set(Some(problem));
            }
        }
    }

    fn start_gpu_if_wanted(self: &Rc<Self>) {
        let wanted = self.signals.preference.get_untracked() != Preference::Cpu
            && self.signals.gpu_state.get_untracked() == GpuState::Off;
        let ready = self.signals.model.with_untracked(Option::is_some);
        if !wanted || !ready || !self.gpu_allowed.get() {
            return;
        }
        self.signals.gpu_state.set(GpuState::Starting);
        let engines = self.clone();
        spawn_local(async move {
            // Asked here first: without an adapter the worker, a megabyte, would be downloaded in
            // vain.
            if webgpu::adapter().await.is_some() {
                engines.run_gpu().await;
            } else {
                engines.signals.gpu_state.set(GpuState::Unavailable);
            }
        });
    }

    /// Starts the GPU worker, and follows it to its end.
    async fn run_gpu(&self) {
        let weights = weights_url(&self.signals.network.get_untracked());
        let gpu = Rc::new(WorkerHandle::start("gpu-worker", &weights));
        self.replace_gpu(Some(gpu.clone()));
        let state = match gpu.ready::<Ready>().await {
            Ok(ready) => self.signals.model.with_untracked(|cpu| match cpu {
                Some(cpu) if agree(&cpu.probe, &ready.probe) => GpuState::Ready {
                    gpu_ms: ready.one_ms,
                    cpu_ms: cpu.one_ms,
                },
                _ => GpuState::Failed,
            }),
            Err(Failure { problem: None, .. }) => GpuState::Unavailable,
            Err(Failure {
                problem: Some(Problem::NotLoaded | Problem::NoNetwork),
                ..
            }) => GpuState::NotLoaded,
            Err(_) => GpuState::Failed,
        };
        if let GpuState::Ready { .. } = state
            && self.is_current(&gpu)
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
        if self.is_current(gpu) {
            self.replace_gpu(None);
            self.signals.gpu_state.set(state);
        }
    }

    /// Ends the GPU worker, which runs a network that no longer answers.
    fn end_gpu(&self) {
        self.replace_gpu(None);
        self.signals.gpu_state.set(GpuState::Off);
    }

    fn replace_gpu(&self, gpu: Option<Rc<WorkerHandle>>) {
        if let Some(old) = self.gpu.replace(gpu) {
            old.end();
        }
    }

    fn is_current(&self, gpu: &Rc<WorkerHandle>) -> bool {
        let current = self.gpu.borrow();
        current.as_ref().is_some_and(|it| Rc::ptr_eq(it, gpu))
    }
}

/// The network of a weights' file. The lazy app adds classifiers of own classes to the list.
fn listed(file: &str) -> Option<Network> {
    networks().into_iter().find(|it| it.file == file)
}
