//! What teaches: the classes, and what was learned of them.

use super::keeper::Keeper;
use crate::festival::batch_run::{BatchRun, Lessons};
use crate::festival::clock::now;
use crate::networks_client::NetworksClient;
use crate::own::classifier::{COLOURS, Classifier, OwnClass, hash_of};
use crate::own::classifiers::Edit;
use crate::own::kept::KeptClassifier;
use crate::own::put_to_use::{Origin, put_to_use};
use crate::state::State;
use crate::text::text;
use js_sys::{Float32Array, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::channel::Network;
use marquee_app::protocol::networks_worker::ToNetworksWorker;
use marquee_app::protocol::teaching::{Taught, Teach};
use std::rc::Rc;

/// The most classes: more would make the list of each poster too long to choose from.
pub(super) const MOST: usize = 20;

/// How far the learning is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Learning {
    /// Two classes do not have a poster each yet.
    TooFew,
    /// From so many posters, in so many milliseconds.
    Learned {
        /// The ticked posters.
        posters: u32,
        /// From the tick to the answers.
        ms: f64,
    },
    /// The worker can't.
    Failed,
}

/// What the folders that the posters came in can be.
#[derive(Debug, PartialEq)]
pub(super) enum Folders {
    /// There are none, or one.
    Few,
    /// Classes of these names.
    Classes(Vec<String>),
    /// So many: more than there can be classes.
    TooMany(usize),
}

/// A handle to what teaches.
#[derive(Clone, Copy)]
pub(in crate::festival) struct Teacher {
    pub(super) state: State,
    pub(super) run: BatchRun,
    /// What the visitor calls the classifier.
    pub(super) name: RwSignal<String>,
    /// The classes.
    pub(super) classes: RwSignal<Vec<OwnClass>>,
    /// How far the learning is.
    pub(super) learning: RwSignal<Learning>,
    /// What was learned last.
    pub(super) taught: RwSignal<Option<Rc<Taught>>, LocalStorage>,
    /// The classifier as it was kept, until it has learned here.
    before: StoredValue<Option<Classifier>, LocalStorage>,
    pub(super) keeper: Keeper,
    /// Whether the worker is learning, and whether there is something new to learn already.
    busy: StoredValue<(bool, bool)>,
    client: StoredValue<Rc<NetworksClient>, LocalStorage>,
    /// The network that was made of the newest classifier.
    network: StoredValue<Option<Network>>,
    /// Counts the festivals that were taught, so that late replies are recognised.
    turn: StoredValue<u32>,
}

impl Teacher {
    /// Nothing is taught yet.
    pub(in crate::festival) fn new(state: State, run: BatchRun) -> Teacher {
        let teacher = Teacher {
            state,
            run,
            name: RwSignal::new(String::new()),
            classes: RwSignal::new(Vec::new()),
            learning: RwSignal::new(Learning::TooFew),
            taught: RwSignal::new_local(None),
            before: StoredValue::new_local(None),
            keeper: Keeper::new(state, run),
            busy: StoredValue::new((false, false)),
            client: StoredValue::new_local(Rc::default()),
            network: StoredValue::new(None),
            turn: StoredValue::new(0),
        };
        Effect::new(move |_| {
            run.to_learn.track();
            if run.own.get() {
                teacher.learn();
            }
        });
        Effect::new(move |_| {
            if let Some(id) = state.to_reopen().get() {
                state.reopen(None);
                spawn_local(teacher.reopen(id));
            }
        });
        Effect::new(move |_| {
            if let Some(edit) = state.classifiers().edit().get() {
                untrack(|| teacher.follow(edit));
            }
        });
        teacher
    }

    /// Begins with the folders of the posters as classes, or with two classes that have no posters.
    pub(super) fn begin(self) {
        let Some(base) = self.state.base() else {
            return;
        };
        let text = &text(self.state.language()).teach;
        let names = match self.folders() {
            Folders::Classes(names) => names,
            Folders::Few | Folders::TooMany(_) => vec![(text.class)(1), (text.class)(2)],
        };
        let named = names.iter().zip(COLOURS.iter().cycle());
        let classes: Vec<OwnClass> = named.map(|(name, colour)| class(name, colour)).collect();
        self.start(text.name.to_owned(), classes);
        self.keeper.begin(None, &[]);
        self.run.begin_own(base, names);
        self.run.tick_by_folder(0);
    }

    /// What the folders that the posters came in can be.
    pub(super) fn folders(self) -> Folders {
        let folders = self.run.folders();
        match folders.len() {
            0 | 1 => Folders::Few,
            2..=MOST => Folders::Classes(folders),
            count => Folders::TooMany(count),
        }
    }

    /// Opens the classifier of this key, or comes back to it.
    async fn reopen(self, id: u32) {
        let classifiers = self.state.classifiers();
        if self.run.own.get_untracked() && self.keeper.id() == Some(id) {
            self.run.come_back();
            return window().scroll_to_with_x_and_y(0.0, 0.0);
        }
        // It may have been closed before all of it was stored.
        if self.keeper.is_storing(id) {
            classifiers.say(Some(|text| text.keeping));
            self.keeper.finish(id).await;
        }
        classifiers.load().await;
        let opened = async {
            let kept = classifiers.of(id)?;
            let posters = self.keeper.posters(&kept).await.ok()?;
            Some((self.state.base()?, kept, posters))
        };
        let Some((base, kept, posters)) = opened.await else {
            return classifiers.say(Some(|text| text.not_reopened));
        };
        classifiers.say(None);
        let labels = kept.classes.iter().map(|it| it.name.clone()).collect();
        self.start(kept.name.clone(), kept.classes.clone());
        self.before.set_value(kept.classifier.clone());
        let numbers: Vec<u32> = posters.iter().map(|it| it.number).collect();
        self.keeper.begin(kept.id, &numbers);
        let posters = posters.into_iter();
        let posters = posters.map(|it| (it.file, it.truth, it.lesson)).collect();
        self.run.reopen(base, labels, posters);
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }

    /// Follows what the visitor changes in the list of those that are kept.
    fn follow(self, edit: Edit) {
        self.keeper.follow(&edit);
        if let Edit::Renamed(id, name) = edit
            && self.keeper.id() == Some(id)
            && self.run.own.get()
        {
            self.rename(name);
        }
    }

    fn start(self, name: String, classes: Vec<OwnClass>) {
        self.turn.update_value(|turn| *turn += 1);
        self.name.set(name);
        self.classes.set(classes);
        self.taught.set(None);
        self.before.set_value(None);
        self.learning.set(Learning::TooFew);
        self.network.set_value(None);
    }

    /// Shows the network's own answers again.
    pub(super) fn end(self) {
        self.turn.update_value(|turn| *turn += 1);
        self.run.end_own();
    }

    /// Adds a class without posters, with a name and a colour that no other one has.
    pub(super) fn add_class(self) {
        let named = text(self.state.language()).teach.class;
        self.classes.update(|all| {
            let names = (all.len() + 1..).map(named);
            let mut names = names.filter(|name| all.iter().all(|it| it.name != *name));
            let free = |colour: &&str| all.iter().all(|it| it.colour != **colour);
            let colour = COLOURS.iter().copied().find(free);
            let colour = colour.unwrap_or(COLOURS[all.len() % COLOURS.len()]);
            all.extend(names.next().map(|name| class(&name, colour)));
        });
        self.names_changed();
    }

    /// Takes a class away.
    pub(super) fn remove_class(self, at: usize) {
        // What was learned, or is being learned, counts the classes as they were.
        self.turn.update_value(|turn| *turn += 1);
        self.taught.set(None);
        self.before.set_value(None);
        self.classes.update(|all| _ = all.remove(at));
        self.run.remove_class(at as u8);
        self.names_changed();
    }

    /// Changes a class's name or colour.
    pub(super) fn change_class(self, at: usize, change: impl FnOnce(&mut OwnClass)) {
        self.classes
            .update(|all| all.get_mut(at).map_or((), change));
        self.names_changed();
    }

    /// Gives the classifier another name.
    pub(super) fn rename(self, name: String) {
        self.name.set(name);
        self.network.set_value(None);
        self.keep();
    }

    fn names_changed(self) {
        let names = self.classes.with_untracked(|all| {
            let names = all.iter().map(|it| it.name.clone());
            names.collect()
        });
        self.run.name_classes(names);
        self.network.set_value(None);
        self.keep();
    }

    /// Whether every class has a name of its own.
    pub(super) fn names_are_sound(self) -> bool {
        self.classes.with(|all| {
            let mut names: Vec<&str> = all.iter().map(|it| it.name.trim()).collect();
            names.sort_unstable();
            let count = names.len();
            names.dedup();
            names.len() == count && names.first().is_none_or(|it| !it.is_empty())
        })
    }

    /// Learns from the ticks as they are. While it does, further ticks wait.
    fn learn(self) {
        // The festival may be closed before it has learned.
        self.keep();
        let (busy, _) = self.busy.get_value();
        self.busy.set_value((true, true));
        if busy {
            return;
        }
        spawn_local(async move {
            while self.busy.get_value().1 {
                self.busy.set_value((true, false));
                self.learn_once().await;
            }
            self.busy.set_value((false, false));
        });
    }

    async fn learn_once(self) {
        let turn = self.turn.get_value();
        let begin = now();
        let lessons = self.run.lessons();
        self.network.set_value(None);
        if !lessons.are_enough() {
            self.run.answer(&lessons.numbers, &[], &[], 0.0);
            self.taught.set(None);
            self.before.set_value(None);
            self.learning.set(Learning::TooFew);
            return self.keep();
        }
        // Others may be ticked, too, but wait to be read.
        let posters = lessons.count();
        let Lessons {
            numbers,
            features,
            looks,
            truths,
        } = lessons;
        let request = ToNetworksWorker::Teach(Teach {
            id: 0,
            features: Float32Array::from(features.as_slice()),
            looks: Uint8Array::from(looks.as_slice()),
            truths: Uint8Array::from(truths.as_slice()),
        });
        let taught = self.client.get_value().ask::<Taught>(request).await;
        if self.turn.get_value() != turn {
            return;
        }
        let Ok(taught) = taught else {
            // What was learned before is of other ticks.
            self.taught.set(None);
            self.before.set_value(None);
            return self.learning.set(Learning::Failed);
        };
        let threshold = taught.head.as_ref().map_or(0.0, |head| head.threshold);
        let probabilities = taught.probabilities.to_vec();
        self.run
            .answer(&numbers, &taught.classes, &probabilities, threshold);
        self.taught.set(Some(Rc::new(taught)));
        self.learning.set(Learning::Learned {
            posters,
            ms: now() - begin,
        });
        self.keep();
    }

    /// The classifier that was learned last.
    pub(super) fn classifier(self) -> Option<Classifier> {
        let base = self.state.base()?;
        self.taught.with(|taught| {
            let taught = taught.as_ref()?;
            self.classes.with(|classes| {
                let known = taught.classes.iter();
                let known = known.map(|class| classes.get(*class as usize).cloned());
                Some(Classifier {
                    name: self.name.get(),
                    network: base.name.clone(),
                    hash: hash_of(&base),
                    classes: known.collect::<Option<_>>()?,
                    head: taught.head.clone()?,
                    score: taught.score.clone(),
                })
            })
        })
    }

    /// Keeps all of it in this browser.
    fn keep(self) {
        untrack(|| {
            let Some(base) = self.state.base().filter(|_| self.run.own.get()) else {
                return;
            };
            self.keeper.keep(KeptClassifier {
                id: None,
                name: self.name.get(),
                when: js_sys::Date::now(),
                network: base.name.clone(),
                hash: hash_of(&base),
                classes: self.classes.get(),
                posters: Vec::new(),
                truths: Uint8Array::new_with_length(0),
                classifier: self.classifier().or_else(|| self.before.get_value()),
            });
        });
    }

    /// The newest classifier as a network of this page; `None` if there is none yet.
    pub(super) async fn as_network(self) -> Option<Network> {
        if let Some(network) = self.network.get_value() {
            return Some(network);
        }
        let classifier = untrack(|| self.classifier())?;
        let origin = self.keeper.id().map_or(Origin::Unkept, Origin::Kept);
        let network = put_to_use(self.state, origin, &classifier).await.ok()?;
        self.network.set_value(Some(network.clone()));
        Some(network)
    }

    /// Shows one poster, answered by the newest classifier.
    pub(in crate::festival) fn show(self, number: u32) {
        spawn_local(async move {
            let Some(file) = self.run.file(number) else {
                return;
            };
            let network = self.as_network().await;
            self.run.step_aside();
            match network {
                Some(network) => self.state.bring_to(file.name(), file.into(), &network),
                None => self.state.bring(file.name(), file.into()),
            }
        });
    }

    /// The colour of a class, if it is one of the visitor's own.
    pub(in crate::festival) fn colour(self, class: u8) -> Option<String> {
        if !self.run.own.get() {
            return None;
        }
        self.classes
            .with(|all| Some(all.get(usize::from(class))?.colour.clone()))
    }
}

fn class(name: &str, colour: &str) -> OwnClass {
    OwnClass {
        name: name.to_owned(),
        colour: colour.to_owned(),
    }
}

/// The teacher that the festival provides.
pub(in crate::festival) fn use_teacher() -> Teacher {
    expect_context()
}
