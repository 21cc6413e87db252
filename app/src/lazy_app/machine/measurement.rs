//! A measurement of this machine, while it runs and afterwards.

use super::benchmark::{Event, benchmark, steps, unless};
use super::device::Device;
use super::report::Report;
use super::timing::{COUNTS, engine_name};
use crate::text::MachineText;
use futures_channel::oneshot::{Sender, channel};
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::channel::Network;
use marquee_app::protocol::Engine;

/// How far a measurement is.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Phase {
    /// Nobody has asked for it.
    Idle,
    /// An engine starts.
    Starting(Engine),
    /// An engine is measured over this many posters.
    Measuring(Engine, u32),
    /// Everything was measured.
    Done,
    /// The visitor has stopped it.
    Stopped,
    /// The network can't be loaded.
    Broken,
}

impl Phase {
    fn busy(self) -> bool {
        matches!(self, Phase::Starting(_) | Phase::Measuring(..))
    }

    /// What the page says about it.
    pub(super) fn sentence(self, text: &MachineText) -> String {
        match self {
            Phase::Idle => String::new(),
            Phase::Starting(engine) => (text.starting)(engine_name(engine)),
            Phase::Measuring(engine, posters) => {
                (text.measuring)(engine_name(engine), &(text.posters)(posters))
            }
            Phase::Done => text.done.to_owned(),
            Phase::Stopped => text.stopped.to_owned(),
            Phase::Broken => text.broken.to_owned(),
        }
    }
}

/// A handle to a measurement.
#[derive(Clone, Copy)]
pub(super) struct Measurement {
    /// How far it is.
    pub(super) phase: RwSignal<Phase>,
    /// What was measured so far.
    pub(super) report: RwSignal<Report>,
    /// Steps that are done, and all steps.
    pub(super) progress: RwSignal<(u32, u32)>,
    /// Dropping it stops the work.
    running: StoredValue<Option<Sender<()>>, LocalStorage>,
}

impl Measurement {
    /// Nothing is measured yet.
    pub(super) fn new() -> Measurement {
        Measurement {
            phase: RwSignal::new(Phase::Idle),
            report: RwSignal::new(Report::default()),
            progress: RwSignal::new((0, 1)),
            running: StoredValue::new_local(None),
        }
    }

    /// Measures both engines with a network.
    pub(super) fn start(self, network: &Network) {
        let (stop, stopped) = channel();
        self.running.set_value(Some(stop));
        self.phase.set(Phase::Starting(Engine::Cpu));
        self.progress.set((0, 1));
        self.report.set(Report {
            network: network.title().to_owned(),
            device: Device::here(),
            ..Report::default()
        });
        let work = benchmark(network.url(), move |event| self.follow(event));
        spawn_local(async move {
            let Some(outcome) = unless(stopped, work).await else {
                return;
            };
            self.running.set_value(None);
            self.phase.set(match outcome {
                Ok(()) => Phase::Done,
                Err(_) => Phase::Broken,
            });
        });
    }

    /// Stops the work.
    pub(super) fn stop(self) {
        self.running.set_value(None);
        self.phase.set(Phase::Stopped);
    }

    fn follow(self, event: Event) {
        match event {
            Event::Adapter(adapter) => {
                self.progress.set((0, steps(adapter.is_some())));
                self.report.update(|report| report.device.adapter = adapter);
            }
            Event::Starting(engine) => self.phase.set(Phase::Starting(engine)),
            Event::Measuring(engine, posters) => {
                self.progress.update(|(done, _)| {
                    // The first one comes after the engine has started.
                    if posters == COUNTS[0] {
                        *done += 1;
                    }
                });
                self.phase.set(Phase::Measuring(engine, posters));
            }
            Event::Measured(timing) => {
                self.progress.update(|(done, _)| *done += 1);
                self.report.update(|report| report.timings.push(timing));
            }
            Event::Missing(missing) => {
                self.report.update(|report| report.missing = Some(missing));
            }
        }
    }

    /// Whether it is running.
    pub(super) fn busy(self) -> bool {
        self.phase.get().busy()
    }

    /// Whether there is a result to show.
    pub(super) fn measured(self) -> bool {
        self.report.with(|report| !report.timings.is_empty())
    }
}
