//! Your machine: how fast both engines are here, over one poster and over many.

mod bench;
mod chart;
mod device;
mod gpu;
mod report;
mod text;

use crate::screens::known_name;
use crate::state::{Listed, State, use_state};
use bench::{News, bench, steps, unless};
use chart::Chart;
use device::Device;
use futures_channel::oneshot::{Sender, channel};
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::protocol::Engine;
use marquee_app::ui::live::{Live, live};
use report::{Report, name};
use text::{Text, text};
use wasm_bindgen_futures::JsFuture;

/// How far it is.
#[derive(Clone, Copy, PartialEq)]
enum Phase {
    /// Nobody has asked.
    Idle,
    /// An engine starts.
    Starting(Engine),
    /// An engine is measured over so many posters.
    Measuring(Engine, u32),
    /// All is measured.
    Done,
    /// The visitor had enough.
    Stopped,
    /// The network can't be loaded.
    Broken,
}

impl Phase {
    fn busy(self) -> bool {
        matches!(self, Phase::Starting(_) | Phase::Measuring(..))
    }

    /// In words, for those who wait.
    fn words(self, text: &Text) -> String {
        match self {
            Phase::Idle => String::new(),
            Phase::Starting(engine) => (text.starting)(name(engine)),
            Phase::Measuring(engine, posters) => {
                (text.measuring)(name(engine), &(text.posters)(posters))
            }
            Phase::Done => text.done.to_owned(),
            Phase::Stopped => text.stopped.to_owned(),
            Phase::Broken => text.broken.to_owned(),
        }
    }
}

/// A measurement, and how far it is.
#[derive(Clone, Copy)]
struct Course {
    state: State,
    phase: RwSignal<Phase>,
    report: RwSignal<Report>,
    /// Steps that are done, and how many there are.
    progress: RwSignal<(u32, u32)>,
    /// Dropping it stops the measurement.
    running: StoredValue<Option<Sender<()>>, LocalStorage>,
}

impl Course {
    fn new(state: State) -> Course {
        Course {
            state,
            phase: RwSignal::new(Phase::Idle),
            report: RwSignal::new(Report::default()),
            progress: RwSignal::new((0, 1)),
            running: StoredValue::new_local(None),
        }
    }

    fn start(self, network: &Listed) {
        let (stop, stopped) = channel();
        self.running.set_value(Some(stop));
        self.phase.set(Phase::Starting(Engine::Cpu));
        self.progress.set((0, 1));
        self.report.set(Report {
            network: known_name(&network.name).to_owned(),
            device: Device::here(),
            ..Report::default()
        });
        let work = bench(network.url(), move |news| self.hear(news));
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

    fn stop(self) {
        self.running.set_value(None);
        self.phase.set(Phase::Stopped);
    }

    fn hear(self, news: News) {
        match news {
            News::Adapter(adapter) => {
                self.progress.set((0, steps(adapter.is_some())));
                self.report.update(|report| report.device.adapter = adapter);
            }
            News::Starting(engine) => self.phase.set(Phase::Starting(engine)),
            News::Measuring(engine, posters) => {
                self.progress.update(|(done, _)| {
                    // The engine has started.
                    if posters == report::COUNTS[0] {
                        *done += 1;
                    }
                });
                self.phase.set(Phase::Measuring(engine, posters));
            }
            News::Measured(timing) => {
                self.progress.update(|(done, _)| *done += 1);
                self.report.update(|report| report.timings.push(timing));
            }
            News::Missing(missing) => {
                self.report.update(|report| report.missing = Some(missing));
            }
        }
    }

    fn busy(self) -> bool {
        self.phase.get().busy()
    }

    /// Whether there is anything to show.
    fn measured(self) -> bool {
        self.report.with(|report| !report.timings.is_empty())
    }

    /// One of the words.
    fn say(self, pick: fn(&Text) -> &'static str) -> Live<&'static str> {
        live(move || pick(text(self.state.language())))
    }
}

/// The measurement: a button, how far it is, and the results.
#[component]
pub(crate) fn Machine() -> impl IntoView {
    let state = use_state();
    let course = Course::new(state);
    // The one that answers, or will.
    let network = move || {
        state
            .network()
            .or_else(|| state.networks().into_iter().next())
    };
    let press = move |_| {
        if course.busy() {
            course.stop();
        } else if let Some(network) = network() {
            course.start(&network);
        }
    };
    let words = move || {
        let text = text(state.language());
        match (course.busy(), course.measured()) {
            (true, _) => text.stop,
            (false, true) => text.again,
            (false, false) => text.start,
        }
    };
    let status = move || course.phase.get().words(text(state.language()));
    view! {
        <section class="machine" id="machine" aria-labelledby="machine-heading" data-testid="machine">
            <h2 id="machine-heading">{course.say(|text| text.heading)}</h2>
            <p class="intent">{course.say(|text| text.lead)}</p>
            <div class="course">
                <button
                    type="button"
                    class="button"
                    data-testid="measure"
                    disabled=live(move || network().is_none())
                    on:click=press
                >
                    {live(words)}
                </button>
                <progress
                    aria-labelledby="machine-status"
                    hidden=live(move || !course.busy())
                    max=live(move || course.progress.get().1)
                    value=live(move || course.progress.get().0)
                ></progress>
                <p id="machine-status" role="status" data-testid="machine-status">{live(status)}</p>
            </div>
            <Show when=move || course.measured()>
                <Results course />
            </Show>
        </section>
    }
}

/// What was measured so far.
#[component]
fn Results(course: Course) -> impl IntoView {
    let Course { state, report, .. } = course;
    let facts = move || {
        let facts = report.with(|report| report.facts(text(state.language())));
        let fact = |(what, value)| view! { <div><dt>{what}</dt><dd>{value}</dd></div> };
        facts.into_iter().map(fact).collect_view()
    };
    let missing = move || {
        let missing = report.with(|report| report.missing);
        missing.map(|missing| text(state.language()).missing(missing))
    };
    view! {
        <Chart report=report.read_only() />
        <p class="missing" data-testid="no-gpu" hidden=live(move || missing().is_none())>
            {live(missing)}
        </p>
        <dl class="facts">{facts}</dl>
        <p class="small">{course.say(|text| text.method)}</p>
        <Show when=move || course.phase.get() == Phase::Done>
            <Copy course />
        </Show>
    }
}

/// The button that copies all as text.
#[component]
fn Copy(course: Course) -> impl IntoView {
    let Course { state, report, .. } = course;
    let (copied, set_copied) = signal(None);
    let plain = move || report.with(|report| report.plain(text(state.language())));
    let press = move |_| {
        let plain = plain();
        spawn_local(async move { set_copied.set(Some(copy(&plain).await)) });
    };
    let word = move || (copied.get() == Some(true)).then(|| text(state.language()).copied);
    view! {
        <div class="course">
            <button type="button" class="button plain" data-testid="copy" on:click=press>
                {course.say(|text| text.copy)}
            </button>
            <p class="copied" role="status" data-testid="copied">{live(word)}</p>
        </div>
        <Show when=move || copied.get() == Some(false)>
            <p class="small">{course.say(|text| text.not_copied)}</p>
            <pre tabindex="0">{plain}</pre>
        </Show>
    }
}

/// Puts text into the clipboard; false where the browser forbids it.
async fn copy(text: &str) -> bool {
    let window = window();
    // Elsewhere there is no clipboard.
    window.is_secure_context()
        && JsFuture::from(window.navigator().clipboard().write_text(text))
            .await
            .is_ok()
}
