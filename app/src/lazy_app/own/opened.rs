//! A classifier that came in a link or a file: the page answers by it, and says what it is.

use super::classifier::Classifier;
use super::put_to_use::{Origin, add, put_to_use};
use crate::share::opened_fragment::{Unopened, follow_fragment};
use crate::state::{State, use_state};
use crate::text::text;
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::channel::Network;
use marquee_app::protocol::Problem;
use marquee_app::protocol::networks_worker::ToNetworksWorker;
use marquee_app::protocol::teaching::{Inspect, Inspected, Score};
use marquee_app::share_link::classifier;
use marquee_app::ui::format::percent;
use marquee_app::ui::live::live;
use web_sys::File;

/// What became of it.
#[derive(Clone, PartialEq)]
enum Outcome {
    /// It is being opened.
    Opening,
    /// It answers.
    Answers {
        network: Network,
        score: Option<Score>,
    },
    /// The link can't be opened.
    Unopened(Unopened),
    /// Its network, of this name, is not on this page in the same version.
    OtherVersion(String),
    /// Its network can't be loaded.
    NotMade,
    /// What reads the file can't be loaded.
    NotLoaded,
    /// The file is none.
    NoClassifier,
}

/// Opens classifiers, and says what became of them.
#[component]
pub(crate) fn OpenedClassifier() -> impl IntoView {
    let state = use_state();
    let outcome = RwSignal::new(None::<Outcome>);
    follow_fragment(state, classifier::open, move |link| match link {
        Ok(link) => {
            outcome.set(Some(Outcome::Opening));
            spawn_local(async move {
                outcome.set(Some(open_link(state, link.into()).await));
            });
        }
        Err(why) => outcome.set(Some(Outcome::Unopened(why))),
    });
    Effect::new(move |_| {
        if let Some(file) = state.weights_file().get() {
            state.bring_weights(None);
            outcome.set(Some(Outcome::Opening));
            spawn_local(async move {
                outcome.set(Some(open_file(state, file).await));
            });
        }
    });
    let name = move || outcome.with(|outcome| outcome.as_ref().map(name));
    view! {
        <div class="notice own" role="status" data-testid="opened-classifier" data-state=live(name)>
            {move || {
                let sentences = sentences(state, outcome.get()?);
                Some(sentences.into_iter().map(|it| view! { <p>{it}</p> }).collect_view())
            }}
        </div>
    }
}

async fn open_link(state: State, classifier: Classifier) -> Outcome {
    if classifier.base(state).is_none() {
        return Outcome::OtherVersion(classifier.network);
    }
    match put_to_use(state, Origin::Brought, &classifier).await {
        Ok(network) => {
            state.choose(&network);
            Outcome::Answers {
                network,
                score: classifier.score,
            }
        }
        Err(Problem::Damaged) => Outcome::Unopened(Unopened::Damaged),
        Err(_) => Outcome::NotMade,
    }
}

async fn open_file(state: State, file: File) -> Outcome {
    let request = ToNetworksWorker::Inspect(Inspect {
        id: 0,
        file: file.clone().into(),
    });
    let found = match state.networks_client().ask::<Inspected>(request).await {
        Ok(found) => found,
        Err(Problem::NotLoaded) => return Outcome::NotLoaded,
        Err(_) => return Outcome::NoClassifier,
    };
    let name = file.name();
    let title = name.strip_suffix(".safetensors").unwrap_or(&name);
    let Some(network) = add(state, Origin::Brought, title, found.labels, &file) else {
        return Outcome::NoClassifier;
    };
    state.choose(&network);
    Outcome::Answers {
        network,
        score: found.score,
    }
}

fn sentences(state: State, outcome: Outcome) -> Vec<String> {
    let language = state.language();
    let teach = &text(language).teach;
    let (network, score) = match outcome {
        Outcome::Opening => return vec![teach.opening.to_owned()],
        Outcome::Unopened(why) => return vec![why.sentence(state).to_owned()],
        Outcome::OtherVersion(network) => return vec![(teach.other_version)(&network)],
        Outcome::NotMade => return vec![teach.not_made.to_owned()],
        Outcome::NotLoaded => return vec![teach.not_loaded.to_owned()],
        Outcome::NoClassifier => return vec![teach.no_classifier.to_owned()],
        Outcome::Answers { network, score } => (network, score),
    };
    let classes = network.labels.iter().flatten();
    let classes: Vec<String> = classes.map(|label| language.class(label)).collect();
    let score = score.and_then(|score| {
        let &[accuracy, low, high] = &score.accuracy[..] else {
            return None;
        };
        let [accuracy, low, high] = [accuracy, low, high].map(|share| percent(share as f32));
        let interval = (teach.interval)(&low, &high);
        Some((teach.opened_score)(
            &accuracy,
            &interval,
            &score.posters.to_string(),
        ))
    });
    vec![
        (teach.opened)(network.title(), &classes.join(", ")),
        score.unwrap_or_else(|| teach.opened_without_score.to_owned()),
        teach.opened_answers.to_owned(),
    ]
}

/// The outcome's name, for style sheets and tests.
fn name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Opening => "opening",
        Outcome::Answers { .. } => "answers",
        Outcome::Unopened(why) => why.name(),
        Outcome::OtherVersion(_) => "other-version",
        Outcome::NotMade => "not-made",
        Outcome::NotLoaded => "not-loaded",
        Outcome::NoClassifier => "no-classifier",
    }
}
