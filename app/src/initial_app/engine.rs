//! The two workers, and the requests between them.
//!
//! Every poster goes to the CPU worker, which reads it; with WebGPU as the engine the page passes
//! the result on to the GPU worker.

mod choice;
mod pending;
mod prediction;
mod webgpu;

pub(crate) use choice::{GpuState, Preference, Reason, choose};
pub(crate) use prediction::{Outcome, Prediction};

use choice::agree;
use gloo::timers::callback::Timeout;
use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use pending::PendingRequests;

use marquee_app::protocol::{
    Answer, Classify, Engine, FromCpu, FromGpu, Infer, Init, Prepared, Problem, Ready, Refused,
    ToCpu, ToGpu,
};
use marquee_app::ui::browser;
use marquee_app::ui::worker_handle::WorkerHandle;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use web_sys::Blob;

/// A GPU that owes an answer for so long is lost, even if nobody says so.
const GPU_PATIENCE_MS: u32 = 15_000;

/// The weights' file of the network that answers until the visitor chooses another.
const FIRST: &str = "cnn32.safetensors";

/// Both engines.
pub(crate) struct Engines {
    network: RwSignal<String>,
    cpu: RefCell<Option<WorkerHandle>>,
    gpu: RefCell<Option<WorkerHandle>>,
    pending: RefCell<PendingRequests<Blob>>,
    /// Whether the present CPU worker has loaded its model.
    cpu_ready: Cell<bool>,
    model: RwSignal<Option<Ready>>,
    gpu_state: RwSignal<GpuState>,
    preference: RwSignal<Preference>,
    broken: RwSignal<bool>,
    watchdog: RefCell<Option<Timeout>>,
    on_outcome: Box<dyn Fn(u32, Outcome)>,
}

impl Engines {
    /// Starts the CPU worker with the weights' file of an earlier visit, or the first network's;
    /// `on_outcome` hears of every request once.
    pub(crate) fn start(
        network: Option<String>,
        preference: Preference,
        on_outcome: impl Fn(u32, Outcome) + 'static,
    ) -> Rc<Engines> {
        let engines = Rc::new(Engines {
            network: RwSignal::new(network.unwrap_or_else(|| FIRST.to_owned())),
            cpu: RefCell::new(None),
            gpu: RefCell::new(None),
            pending: RefCell::new(PendingRequests::new()),
            cpu_ready: Cell::new(false),
            model: RwSignal::new(None),
            gpu_state: RwSignal::new(GpuState::Off),
            preference: RwSignal::new(preference),
            broken: RwSignal::new(false),
            watchdog: RefCell::new(None),
            on_outcome: Box::new(on_outcome),
        });
        engines.start_cpu();
        engines
    }

    /// The weights' file of the network that answers.
    pub(crate) fn network(&self) -> ReadSignal<String> {
        self.network.read_only()
    }

    /// Answers by another network from now on; what is pending, too.
    pub(crate) fn load(self: &Rc<Self>, network: String) {
        self.network.set(network);
        self.broken.set(false);
        *self.gpu.borrow_mut() = None;
        *self.watchdog.borrow_mut() = None;
        self.gpu_state.set(GpuState::Off);
        self.pending.borrow_mut().move_to_cpu();
        self.start_cpu();
        self.send_again();
    }

    /// Whether it is known that posters can be classified, or that they can't.
    pub(crate) fn settled(&self) -> bool {
        self.model.with(Option::is_some) || self.broken.get()
    }

    /// How far WebGPU is.
    pub(crate) fn gpu_state(&self) -> ReadSignal<GpuState> {
        self.gpu_state.read_only()
    }

    /// What the visitor asked for.
    pub(crate) fn preference(&self) -> ReadSignal<Preference> {
        self.preference.read_only()
    }

    /// Whether nothing can be classified at all, because the model can't be loaded.
    pub(crate) fn broken(&self) -> ReadSignal<bool> {
        self.broken.read_only()
    }

    /// The visitor asks for an engine. Asking for WebGPU after it failed tries it again.
    pub(crate) fn prefer(self: &Rc<Self>, preference: Preference) {
        self.preference.set(preference);
        let retry =
            preference == Preference::Gpu && self.gpu_state.get_untracked() == GpuState::Failed;
        if retry {
            self.gpu_state.set(GpuState::Off);
        }
        self.start_gpu_if_wanted();
    }

    /// Classifies a file with the engine that the rule chooses; the answer comes under the
    /// number that is returned.
    pub(crate) fn classify(&self, file: Blob) -> u32 {
        let (engine, _) = choose(
            self.preference.get_untracked(),
            self.gpu_state.get_untracked(),
        );
        let id = self.pending.borrow_mut().start(file.clone(), engine);
        self.send_to_cpu(id, file, engine);
        id
    }

    fn send_to_cpu(&self, id: u32, file: Blob, engine: Engine) {
        if let Some(cpu) = &*self.cpu.borrow() {
            let request = Classify { id, file, engine };
            cpu.post(&ToCpu::Classify(request), &Array::new());
        }
    }

    fn init(&self) -> Init {
        Init {
            weights: browser::site_url(&format!("weights/{}", self.network.get_untracked())),
        }
    }

    fn start_cpu(self: &Rc<Self>) {
        self.cpu_ready.set(false);
        let (on_message, on_failure) = (Rc::downgrade(self), Rc::downgrade(self));
        let worker = WorkerHandle::start(
            "cpu-worker",
            move |message| {
                if let Some(engines) = on_message.upgrade() {
                    engines.hear_cpu(message);
                }
            },
            move |reason| {
                if let Some(engines) = on_failure.upgrade() {
                    engines.cpu_failed(&reason);
                }
            },
        );
        match worker {
            Ok(worker) => {
                worker.post(&ToCpu::Init(self.init()), &Array::new());
                *self.cpu.borrow_mut() = Some(worker);
            }
            Err(error) => {
                web_sys::console::error_1(&error);
                self.broken.set(true);
            }
        }
    }

    fn hear_cpu(self: &Rc<Self>, message: FromCpu) {
        match message {
            FromCpu::Ready(ready) => {
                self.cpu_ready.set(true);
                self.model.set(Some(ready));
                self.start_gpu_if_wanted();
            }
            FromCpu::Prepared(prepared) => self.pass_on(prepared),
            FromCpu::Answer(answer) => self.answered(answer),
            FromCpu::Refused(Refused {
                id,
                problem,
                detail,
            }) => {
                web_sys::console::info_1(&detail.into());
                self.refused(id, problem);
            }
            FromCpu::Failed(failed) => self.cpu_failed(&failed.reason),
        }
    }

    /// A CPU worker that dies after it was ready died of a file: that file is refused, and a new
    /// worker takes the others. One that was never ready won't be the next time either.
    fn cpu_failed(self: &Rc<Self>, reason: &str) {
        web_sys::console::error_1(&format!("CPU worker: {reason}").into());
        *self.cpu.borrow_mut() = None;
        if !self.cpu_ready.get() {
            // A network of an earlier visit may be gone from the host.
            return if self.network.with_untracked(|network| network == FIRST) {
                self.broken.set(true);
            } else {
                self.load(FIRST.to_owned());
            };
        }
        let culprit = self.pending.borrow_mut().remove_oldest();
        if let Some(id) = culprit {
            (self.on_outcome)(id, Outcome::Refused(Problem::Damaged));
        }
        self.start_cpu();
        self.send_again();
    }

    /// Sends what is pending to a new CPU worker.
    fn send_again(&self) {
        let waiting = self.pending.borrow().all();
        for (id, file, engine) in waiting {
            self.send_to_cpu(id, file, engine);
        }
    }

    fn start_gpu_if_wanted(self: &Rc<Self>) {
        let wanted = self.preference.get_untracked() != Preference::Cpu
            && self.gpu_state.get_untracked() == GpuState::Off;
        if !wanted || !self.cpu_ready.get() {
            return;
        }
        self.gpu_state.set(GpuState::Starting);
        let engines = self.clone();
        spawn_local(async move {
            // Asked here first, because the worker is a megabyte that would be downloaded in
            // vain.
            if webgpu::has_adapter().await {
                engines.start_gpu();
            } else {
                engines.gpu_state.set(GpuState::Unavailable);
            }
        });
    }

    fn start_gpu(self: &Rc<Self>) {
        let (on_message, on_failure) = (Rc::downgrade(self), Rc::downgrade(self));
        let worker = WorkerHandle::start(
            "gpu-worker",
            move |message| {
                if let Some(engines) = on_message.upgrade() {
                    engines.hear_gpu(message);
                }
            },
            move |reason| {
                if let Some(engines) = on_failure.upgrade() {
                    engines.gpu_gone(GpuState::Failed, &reason);
                }
            },
        );
        match worker {
            Ok(worker) => {
                worker.post(&ToGpu::Init(self.init()), &Array::new());
                *self.gpu.borrow_mut() = Some(worker);
            }
            Err(_) => self.gpu_gone(GpuState::Failed, "the worker can't be started"),
        }
    }

    fn hear_gpu(&self, message: FromGpu) {
        match message {
            FromGpu::Ready(gpu) => {
                let state = self.model.with_untracked(|cpu| match cpu {
                    Some(cpu) if agree(&cpu.probe, &gpu.probe) => GpuState::Ready {
                        gpu_ms: gpu.one_ms,
                        cpu_ms: cpu.one_ms,
                    },
                    _ => GpuState::Failed,
                });
                match state {
                    GpuState::Failed => self.gpu_gone(state, "its answers differ from the CPU's"),
                    _ => self.gpu_state.set(state),
                }
            }
            FromGpu::Answer(answer) => self.answered(answer),
            FromGpu::Unavailable(failed) => self.gpu_gone(GpuState::Unavailable, &failed.reason),
            FromGpu::Failed(failed) => self.gpu_gone(GpuState::Failed, &failed.reason),
        }
    }

    /// Ends the GPU worker; what it owed is run again on the CPU.
    fn gpu_gone(&self, state: GpuState, reason: &str) {
        web_sys::console::warn_1(&format!("WebGPU: {reason}").into());
        self.gpu_state.set(state);
        *self.gpu.borrow_mut() = None;
        *self.watchdog.borrow_mut() = None;
        let owed = self.pending.borrow_mut().move_to_cpu();
        for (id, file) in owed {
            self.send_to_cpu(id, file, Engine::Cpu);
        }
    }

    fn pass_on(self: &Rc<Self>, prepared: Prepared) {
        let Prepared {
            id, input, read_ms, ..
        } = prepared;
        if !self.pending.borrow_mut().prepared(id, read_ms) {
            return;
        }
        if let Some(gpu) = &*self.gpu.borrow() {
            let transfer = Array::of1(&input.buffer());
            gpu.post(&ToGpu::Infer(Infer { id, input }), &transfer);
        }
        let engines = Rc::downgrade(self);
        *self.watchdog.borrow_mut() = Some(Timeout::new(GPU_PATIENCE_MS, move || {
            if let Some(engines) = engines.upgrade() {
                engines.gpu_gone(GpuState::Failed, "it no longer answers");
            }
        }));
    }

    fn answered(&self, answer: Answer) {
        let finished = self.pending.borrow_mut().finish(answer.id);
        let Some((engine, read_ms)) = finished else {
            return;
        };
        if !self.pending.borrow().any_on_gpu() {
            *self.watchdog.borrow_mut() = None;
        }
        let labels = self
            .model
            .with_untracked(|model| model.as_ref().map(|model| model.labels.clone()));
        (self.on_outcome)(
            answer.id,
            Outcome::Answered(Prediction {
                classes: labels
                    .unwrap_or_default()
                    .into_iter()
                    .zip(answer.probabilities)
                    .collect(),
                sure: answer.sure,
                engine,
                read_ms: answer.read_ms + read_ms,
                infer_ms: answer.infer_ms,
            }),
        );
    }

    fn refused(&self, id: u32, problem: Problem) {
        let finished = self.pending.borrow_mut().finish(id);
        if finished.is_some() {
            (self.on_outcome)(id, Outcome::Refused(problem));
        }
    }
}
