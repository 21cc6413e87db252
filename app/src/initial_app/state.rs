//! What the page knows: the poster on show, what became of it, and the visitor's choices.

use crate::engine::{Engines, GpuState, Outcome, Prediction, Preference};
use crate::text::{Text, text};
use leptos::prelude::*;
use marquee_app::protocol::Problem;
use marquee_app::protocol::channel::{Cleared, OnShow, SignText, ToInitialApp, ToLazyApp};
use marquee_app::ui::browser::{self, Picture};
use marquee_app::ui::exchange;
use marquee_app::ui::language::Language;
use marquee_app::ui::live::{Live, live};
use std::rc::Rc;
use web_sys::{Blob, File};

const LANGUAGE: &str = "marquee.language";
const ENGINE: &str = "marquee.engine";
const NETWORK: &str = "marquee.network";

/// The poster on show.
#[derive(Clone)]
pub(crate) struct Poster {
    /// What it is called.
    pub(crate) name: Name,
    /// To show it.
    pub(crate) picture: Rc<Picture>,
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
    /// In words.
    pub(crate) fn words(&self, language: Language) -> String {
        match self {
            Name::File(name) => name.clone(),
            Name::Sample(at) => text(language).sample[*at].to_owned(),
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
    /// It can't be classified.
    Refused(Complaint),
    /// The lobby has something to say instead.
    SignText {
        /// The upper line.
        above: String,
        /// The lower line.
        below: String,
    },
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Complaint {
    /// Something about the file.
    File(Problem),
    /// What was dropped isn't a file.
    NoFile,
    /// The network isn't there.
    Broken,
}

/// A handle to all that the page knows.
#[derive(Clone, Copy)]
pub(crate) struct State {
    language: RwSignal<Language>,
    poster: RwSignal<Option<Poster>, LocalStorage>,
    phase: RwSignal<Phase>,
    /// The request whose answer is to be shown.
    awaited: StoredValue<u32>,
    engines: StoredValue<Rc<Engines>, LocalStorage>,
}

impl State {
    /// Starts the workers, with the choices of an earlier visit.
    pub(crate) fn new() -> State {
        let tag = browser::recall(LANGUAGE)
            .or_else(|| window().navigator().language())
            .unwrap_or_default();
        let phase = RwSignal::new(Phase::Empty);
        let awaited = StoredValue::new(0);
        let engines = Engines::start(
            browser::recall(NETWORK),
            browser::recall(ENGINE)
                .and_then(|name| Preference::from_name(&name))
                .unwrap_or_default(),
            move |id, outcome| {
                if id == awaited.get_value() {
                    phase.set(match outcome {
                        Outcome::Answered(prediction) => Phase::Answered(prediction),
                        Outcome::Refused(problem) => Phase::Refused(Complaint::File(problem)),
                    });
                }
            },
        );
        let state = State {
            language: RwSignal::new(Language::from_tag(&tag)),
            poster: RwSignal::new_local(None),
            phase,
            awaited,
            engines: StoredValue::new_local(engines),
        };
        Effect::new(move |_| {
            let language = state.language.get();
            document().set_title(text(language).title);
            if let Some(html) = document().document_element() {
                // Only an invalid attribute name could fail.
                _ = html.set_attribute("lang", language.tag());
            }
        });
        state.hear_lobby();
        state
    }

    /// Tells the lobby what is on show, and does what it asks for.
    fn hear_lobby(self) {
        let greeted = RwSignal::new(());
        Effect::new(move |_| {
            greeted.track();
            if !self.engines.with_value(|engines| engines.settled()) {
                return;
            }
            let network = self.engines.with_value(|engines| engines.network()).get();
            let poster = self.poster.get_untracked();
            exchange::tell(
                exchange::LAZY_APP,
                &match (self.phase(), poster) {
                    (Phase::Answered(prediction), Some(poster)) => ToLazyApp::Answered(OnShow {
                        name: poster.name.words(self.language.get_untracked()),
                        file: poster.file,
                        network,
                        label: prediction
                            .winner()
                            .map(|it| it.0.clone())
                            .unwrap_or_default(),
                    }),
                    (phase, _) => ToLazyApp::Cleared(Cleared {
                        reading: phase == Phase::Reading,
                        network,
                    }),
                },
            );
        });
        exchange::hear(exchange::INITIAL_APP, move |message| match message {
            ToInitialApp::Hello(_) => greeted.set(()),
            ToInitialApp::Bring(poster) => self.show(Name::File(poster.name), poster.file),
            ToInitialApp::SignText(SignText { above, below }) => {
                self.awaited.set_value(0);
                self.poster.set(None);
                self.phase.set(if below.is_empty() {
                    Phase::Empty
                } else {
                    Phase::SignText { above, below }
                });
            }
            ToInitialApp::Network(network) => {
                browser::keep(NETWORK, &network.file);
                self.engines
                    .with_value(|engines| engines.load(network.file));
                self.read_again();
            }
        });
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
        match self.phase.get() {
            Phase::Answered(prediction) => Phase::Answered(prediction),
            _ if self.engines.with_value(|e| e.broken()).get() => Phase::Refused(Complaint::Broken),
            phase => phase,
        }
    }

    /// Whether an answer is on its way.
    pub(crate) fn reading(self) -> bool {
        self.phase() == Phase::Reading
    }

    /// What the visitor asked for.
    pub(crate) fn preference(self) -> Preference {
        self.engines.with_value(|e| e.preference()).get()
    }

    /// How far WebGPU is.
    pub(crate) fn gpu_state(self) -> GpuState {
        self.engines.with_value(|e| e.gpu_state()).get()
    }

    /// The visitor chooses an engine, which then reads the poster on show once more.
    pub(crate) fn prefer(self, preference: Preference) {
        browser::keep(ENGINE, preference.name());
        self.engines
            .with_value(|engines| engines.prefer(preference));
        self.read_again();
    }

    fn read_again(self) {
        let answered = matches!(self.phase.get_untracked(), Phase::Answered(_));
        if let Some(poster) = self.poster.get_untracked().filter(|_| answered) {
            self.classify(poster.file);
        }
    }

    /// The visitor brings files. The first is read; several at once are the lobby's, once it is there.
    pub(crate) fn bring(self, files: Vec<File>) {
        match files.into_iter().next() {
            Some(file) => self.show(Name::File(file.name()), file.into()),
            None => {
                self.awaited.set_value(0);
                self.phase.set(Phase::Refused(Complaint::NoFile));
            }
        }
    }

    /// The visitor picks a sample.
    pub(crate) fn take_sample(self, at: usize, file: Blob) {
        self.show(Name::Sample(at), file);
    }

    fn show(self, name: Name, file: Blob) {
        let Some(picture) = Picture::of(&file) else {
            return self
                .phase
                .set(Phase::Refused(Complaint::File(Problem::Damaged)));
        };
        self.phase.set(Phase::Reading);
        self.poster.set(Some(Poster {
            name,
            picture: Rc::new(picture),
            file: file.clone(),
        }));
        self.classify(file);
    }

    fn classify(self, file: Blob) {
        let id = self.engines.with_value(|engines| engines.classify(file));
        self.awaited.set_value(id);
    }
}

/// The state that [`crate::app::App`] provides.
pub(crate) fn use_state() -> State {
    expect_context()
}
