//! What the page knows: the poster on show, what became of it, and the visitor's choices.

use crate::engine::{EngineSignals, Engines, GpuState, Outcome, Prediction};
use crate::text::{Text, text};
use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::channel::{self, Preference, Show, Shown, SignText, Snapshot, Wish};
use marquee_app::protocol::{Picture as Pixels, Problem};
use marquee_app::ui::browser::{self, Picture};
use marquee_app::ui::language::Language;
use marquee_app::ui::live::{Live, live};
use marquee_app::ui::site;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Blob, File};

const LANGUAGE: &str = "marquee.language";
const ENGINE: &str = "marquee.engine";
/// The best network, once the browser has its weights: it answers the next visit from the beginning.
/// `www/start.js` reads it.
const BEST: &str = "marquee.best";

/// The poster on show.
#[derive(Clone)]
pub(crate) struct Poster {
    /// What it is called.
    pub(crate) name: Name,
    /// To show it.
    pub(crate) picture: Rc<Picture>,
    /// Whether it is a network's input, which is shown stretched to a poster's shape.
    pub(crate) small: bool,
    file: Blob,
}

/// Where a poster comes from.
#[derive(Clone, PartialEq)]
pub(crate) enum Name {
    /// The visitor's file.
    File(String),
    /// One of the samples, by its place.
    Sample(usize),
}

impl Name {
    /// Its name as text.
    pub(crate) fn words(&self, language: Language) -> String {
        match self {
            Name::File(name) => name.clone(),
            Name::Sample(at) => site::sample(language, *at),
        }
    }
}

/// How far the poster on show has come.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Phase {
    /// There is none yet.
    Empty,
    /// It is being read.
    Reading,
    /// It was classified.
    Answered(Prediction),
    /// There is no answer, for this reason.
    Refused(Complaint),
    /// The lazy app shows something instead, with a text of its own on the sign.
    LazyView(SignText),
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Complaint {
    /// The file, or what reads it, has a problem.
    File(Problem),
    /// What was dropped isn't a file.
    NoFile,
}

/// A handle to all that the page knows.
#[derive(Clone, Copy)]
pub(crate) struct State {
    language: RwSignal<Language>,
    poster: RwSignal<Option<Poster>, LocalStorage>,
    phase: RwSignal<Phase>,
    /// Counts what has been put on show, so that late answers are recognised.
    turn: StoredValue<u32>,
    /// The decoded poster that has the answer on show.
    pixels: StoredValue<Option<Pixels>, LocalStorage>,
    /// Whether what the first answer did not need has begun to load.
    improves: StoredValue<bool>,
    /// Whether another network was chosen on this visit.
    chosen: StoredValue<bool>,
    engines: StoredValue<Rc<Engines>, LocalStorage>,
    signals: EngineSignals,
}

impl State {
    /// Starts the workers, with the choices of an earlier visit.
    pub(crate) fn new() -> State {
        let tag = browser::recall(LANGUAGE)
            .or_else(|| window().navigator().language())
            .unwrap_or_default();
        let engines = Engines::start(
            channel::first_network().unwrap_or_default(),
            browser::recall(ENGINE)
                .and_then(|name| Preference::from_word(&name))
                .unwrap_or_default(),
        );
        let state = State {
            language: RwSignal::new(Language::from_tag(&tag)),
            poster: RwSignal::new_local(None),
            phase: RwSignal::new(Phase::Empty),
            turn: StoredValue::new(0),
            pixels: StoredValue::new_local(None),
            improves: StoredValue::new(false),
            chosen: StoredValue::new(false),
            signals: engines.signals,
            engines: StoredValue::new_local(engines),
        };
        Effect::new(move |_| {
            let language = state.language.get();
            document().set_title(&site::title(language));
            if let Some(html) = document().document_element() {
                // Only an invalid attribute name could fail.
                _ = html.set_attribute("lang", language.tag());
            }
        });
        Effect::new(move |_| state.publish());
        channel::on_wish(move |wish| state.grant(wish));
        state
    }

    /// Tells the lazy app what is on show, as soon as the page can answer or never will.
    fn publish(self) {
        let language = self.language.get();
        let (phase, answer) = match self.phase() {
            Phase::Empty => (channel::Phase::Empty, None),
            Phase::Reading => (channel::Phase::Reading, None),
            Phase::Answered(prediction) => (channel::Phase::Answered, Some(prediction)),
            Phase::Refused(_) => (channel::Phase::Refused, None),
            Phase::LazyView(_) => (channel::Phase::LazyView, None),
        };
        let shown = self.poster.get_untracked().zip(answer);
        let shown = shown.and_then(|(poster, answer)| {
            Some(Shown {
                name: poster.name.words(language),
                file: poster.file,
                picture: self.pixels.get_value(),
                label: answer.winner()?.0.clone(),
                network: answer.network,
                small: poster.small,
            })
        });
        if self.signals.settled() {
            channel::publish(&Snapshot {
                language,
                network: self.signals.network.get(),
                engine: self.signals.preference.get(),
                phase,
                poster: shown,
            });
            if phase != channel::Phase::Reading {
                self.improve();
            }
        }
    }

    /// Loads what the first answer did not need: the best network, unless the visitor has chosen one
    /// or saves data, and then the GPU worker.
    fn improve(self) {
        if self.improves.get_value() {
            return;
        }
        self.improves.set_value(true);
        let engines = self.engines.get_value();
        engines.rest();
        let broken = self.signals.broken.with_untracked(Option::is_some);
        let chosen = self.chosen.get_value() || channel::choice().is_some();
        let free = !broken && !chosen && !browser::saves_data();
        spawn_local(async move {
            if let Some(best) = engines.better().filter(|_| free) {
                // Without it the first one goes on answering.
                if let Ok(again) = engines.overtake(best.clone()).await {
                    browser::keep(BEST, &best);
                    if again {
                        self.read_again(true);
                    }
                }
            }
            engines.allow_gpu();
        });
    }

    /// Does what the lazy app asks for.
    fn grant(self, wish: Wish) {
        match wish {
            Wish::Show(Show {
                name,
                file,
                small,
                network,
            }) => self.show(Name::File(name), file, small, network),
            Wish::LazyView(text) => {
                self.next_turn();
                self.poster.set(None);
                self.phase.set(if text.below.is_empty() {
                    Phase::Empty
                } else {
                    Phase::LazyView(text)
                });
            }
            Wish::Network(network) => {
                channel::keep_choice(&network);
                self.answer_by(network);
            }
            Wish::Guest(network) => self.answer_by(network),
        }
    }

    /// Has another network answer, also the poster on show.
    fn answer_by(self, network: String) {
        self.chosen.set_value(true);
        self.engines.with_value(|engines| engines.load(network));
        self.read_again(false);
    }

    /// The language.
    pub(crate) fn language(self) -> Language {
        self.language.get()
    }

    /// What the page says, in the language.
    pub(crate) fn text(self) -> &'static Text {
        text(self.language.get())
    }

    /// One of the page's sentences, for a view.
    pub(crate) fn say(self, pick: fn(&'static Text) -> &'static str) -> Live<&'static str> {
        live(move || pick(self.text()))
    }

    /// The visitor chooses a language.
    pub(crate) fn speak(self, language: Language) {
        self.language.set(language);
        browser::keep(LANGUAGE, language.tag());
    }

    /// The poster on show.
    pub(crate) fn poster(self) -> Option<Poster> {
        // What can't be read can't be shown either.
        match self.phase() {
            Phase::Refused(_) => None,
            _ => self.poster.get(),
        }
    }

    /// How far it has come.
    pub(crate) fn phase(self) -> Phase {
        match (self.phase.get(), self.signals.broken.get()) {
            (Phase::Answered(prediction), _) => Phase::Answered(prediction),
            (_, Some(problem)) => Phase::Refused(Complaint::File(problem)),
            (phase, None) => phase,
        }
    }

    /// The classes that the network tells apart.
    pub(crate) fn labels(self) -> Vec<String> {
        self.engines.with_value(|engines| engines.labels())
    }

    /// Whether an answer is on its way.
    pub(crate) fn reading(self) -> bool {
        self.phase() == Phase::Reading
    }

    /// Whether posters can be answered, or never will be, and none is being read.
    pub(crate) fn at_rest(self) -> bool {
        self.signals.settled() && !self.reading()
    }

    /// What the visitor asked for.
    pub(crate) fn preference(self) -> Preference {
        self.signals.preference.get()
    }

    /// How far WebGPU is.
    pub(crate) fn gpu_state(self) -> GpuState {
        self.signals.gpu_state.get()
    }

    /// The visitor chooses an engine, which then reads the poster on show once more.
    pub(crate) fn prefer(self, preference: Preference) {
        browser::keep(ENGINE, preference.word());
        self.engines
            .with_value(|engines| engines.prefer(preference));
        self.read_again(false);
    }

    /// Reads the poster on show once more. A `better` network that can't read it leaves the answer as it is.
    fn read_again(self, better: bool) {
        let lost = Phase::Refused(Complaint::File(Problem::NoNetwork));
        let phase = self.phase.get_untracked();
        let again = matches!(phase, Phase::Answered(_)) || phase == lost;
        if let Some(poster) = self.poster.get_untracked().filter(|_| again) {
            self.classify(poster.file, better);
        }
    }

    /// The visitor brings files. The first is read; several are for the lazy app, if it is there.
    pub(crate) fn bring(self, files: &Array) {
        if files.length() > 1 && channel::offer(files) {
            return;
        }
        match files.get(0).dyn_into::<File>() {
            Ok(file) => self.show(Name::File(file.name()), file.into(), false, None),
            Err(_) => {
                self.next_turn();
                self.phase.set(Phase::Refused(Complaint::NoFile));
            }
        }
    }

    /// The visitor picks a sample.
    pub(crate) fn take_sample(self, at: usize, file: Blob) {
        self.show(Name::Sample(at), file, false, None);
    }

    fn show(self, name: Name, file: Blob, small: bool, network: Option<String>) {
        let Some(picture) = Picture::of(&file) else {
            return self
                .phase
                .set(Phase::Refused(Complaint::File(Problem::Damaged)));
        };
        self.phase.set(Phase::Reading);
        self.engines
            .with_value(|engines| engines.select(network.as_ref()));
        self.poster.set(Some(Poster {
            name,
            picture: Rc::new(picture),
            small,
            file: file.clone(),
        }));
        self.classify(file, false);
    }

    fn classify(self, file: Blob, better: bool) {
        let turn = self.next_turn();
        let engines = self.engines.get_value();
        spawn_local(async move {
            let outcome = engines.classify(file).await;
            if self.turn.get_value() != turn {
                return;
            }
            match outcome {
                Outcome::Answered(prediction, picture) => {
                    self.pixels.set_value(picture);
                    self.phase.set(Phase::Answered(prediction));
                }
                Outcome::Refused(_) if better => {}
                Outcome::Refused(problem) => {
                    self.phase.set(Phase::Refused(Complaint::File(problem)));
                }
            }
        });
    }

    /// From now on, what becomes of earlier posters is not shown any more.
    fn next_turn(self) -> u32 {
        self.turn.update_value(|turn| *turn += 1);
        self.turn.get_value()
    }
}

/// The state that [`crate::app::App`] provides.
pub(crate) fn use_state() -> State {
    expect_context()
}
