//! The classifiers that this browser keeps: they are opened, put to use and deleted here.

use super::classifier::{Classifier, OwnClass, hash_of, same_version};
use super::database::Database;
use super::kept::KeptClassifier;
use super::put_to_use::{Origin, put_to_use};
use super::save::SaveAsFile;
use crate::share::address;
use crate::state::{State, use_state};
use crate::text::{say, text};
use js_sys::Date;
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::channel;
use marquee_app::share_link::classifier as link;
use marquee_app::ui::format::percent;
use marquee_app::ui::live::live;
use marquee_models::text::thousands;
use std::rc::Rc;
use web_sys::HtmlInputElement;

/// A handle to the classifiers.
#[derive(Clone, Copy)]
struct Kept {
    state: State,
    database: StoredValue<Option<Rc<Database>>, LocalStorage>,
    classifiers: RwSignal<Vec<KeptClassifier>, LocalStorage>,
}

/// The list, and the button that takes a file.
#[component]
pub(crate) fn Shelf() -> impl IntoView {
    let state = use_state();
    let kept = Kept {
        state,
        database: StoredValue::new_local(None),
        classifiers: RwSignal::new_local(Vec::new()),
    };
    Effect::new(move |before: Option<()>| {
        state.follow_own();
        spawn_local(async move {
            kept.load().await;
            if before.is_none() {
                kept.answer_as_before().await;
            }
        });
    });
    let on_file = move |event| {
        let input: HtmlInputElement = event_target(&event);
        state.bring_weights(input.files().and_then(|files| files.get(0)));
        input.set_value("");
        window().scroll_to_with_x_and_y(0.0, 0.0);
    };
    let card = move |classifier| view! { <Card classifier kept /> };
    view! {
        <section class="shelf" data-testid="own-shelf" aria-labelledby="own-shelf-heading">
            <header>
                <h2 id="own-shelf-heading">{say(|text| text.teach.shelf)}</h2>
                <label class="quiet button-like">
                    <input
                        class="unseen"
                        type="file"
                        accept=".safetensors"
                        data-testid="own-file"
                        on:change=on_file
                    />
                    {say(|text| text.teach.open_file)}
                </label>
            </header>
            <p class="hint">{say(|text| text.teach.invitation)}</p>
            <ul>{move || kept.classifiers.get().into_iter().map(card).collect_view()}</ul>
            <Show when=move || kept.classifiers.with(|it| it.iter().any(|it| it.classifier.is_some()))>
                <p class="hint">{say(|text| text.teach.files)}</p>
            </Show>
        </section>
    }
}

impl Kept {
    async fn load(self) {
        if self.database.with_value(Option::is_none) {
            match Database::open().await {
                Ok(database) => self.database.set_value(Some(Rc::new(database))),
                // Some browsers forbid it in private windows; there, nothing is kept.
                Err(error) => return web_sys::console::info_1(&error.to_string().into()),
            }
        }
        let Some(database) = self.database.get_value() else {
            return;
        };
        match database.classifiers().await {
            Ok(classifiers) => self.classifiers.set(classifiers),
            Err(error) => web_sys::console::warn_1(&error.to_string().into()),
        }
    }

    /// Has the classifier answer that the visitor chose on an earlier visit, unless the page was opened by the
    /// link of another one.
    async fn answer_as_before(self) {
        let chosen = channel::choice().unwrap_or_default();
        let Some(origin) = Origin::of(&chosen) else {
            return;
        };
        let link = link::open(&address::fragment());
        if link.is_ok_and(|link| Classifier::from(link).base(self.state).is_some()) {
            return;
        }
        let all = self.classifiers.get_untracked();
        let chosen = all
            .iter()
            .find(|it| it.id.map(Origin::Kept) == Some(origin));
        match chosen {
            Some(chosen) => self.answer_with(chosen).await,
            // It was deleted.
            None => channel::forget_choice(),
        }
    }

    async fn answer_with(self, chosen: &KeptClassifier) {
        let (Some(classifier), Some(id)) = (&chosen.classifier, chosen.id) else {
            return;
        };
        if let Ok(network) = put_to_use(self.state, Origin::Kept(id), classifier).await {
            self.state.choose(&network);
        }
    }

    async fn change(self, classifier: KeptClassifier) {
        if let Some(database) = self.database.get_value()
            && let Err(error) = database.put_classifier(&classifier).await
        {
            web_sys::console::warn_1(&error.to_string().into());
        }
        self.load().await;
    }

    async fn delete(self, id: u32) {
        if let Some(database) = self.database.get_value()
            && let Err(error) = database.delete(id).await
        {
            web_sys::console::warn_1(&error.to_string().into());
        }
        self.load().await;
    }
}

/// One classifier.
#[component]
fn Card(classifier: KeptClassifier, kept: Kept) -> impl IntoView {
    let state = use_state();
    let classifier = StoredValue::new_local(classifier);
    let KeptClassifier {
        id,
        name,
        when,
        network,
        hash,
        classes,
        posters,
        classifier: learned,
        ..
    } = classifier.get_value();
    let known = state.networks().into_iter().find(|it| it.name == network);
    let current = known.is_some_and(|it| same_version(&hash_of(&it), &hash));
    let usable = current && learned.is_some();
    let accuracy = learned.and_then(|it| it.score?.accuracy.first().copied());
    let summary = move || {
        let accuracy = accuracy.map(|share| percent(share as f32));
        let posters = thousands(posters.len() as u32);
        (text(state.language()).teach.summary)(&posters, accuracy.as_deref())
    };
    let date = move || {
        let date = Date::new(&when.into());
        String::from(date.to_locale_date_string(state.language().tag(), &js_sys::Object::new()))
    };
    let rename = move |event| {
        let mut renamed = classifier.get_value();
        renamed.name = event_target_value(&event);
        if let Some(learned) = &mut renamed.classifier {
            learned.name.clone_from(&renamed.name);
        }
        spawn_local(kept.change(renamed));
    };
    let saved = Callback::new(move |()| classifier.get_value().classifier);
    let asked = RwSignal::new(false);
    let delete = move |_| match id.filter(|_| asked.get_untracked()) {
        Some(id) => spawn_local(kept.delete(id)),
        None => asked.set(true),
    };
    let delete_words = move || {
        let text = &text(state.language()).teach;
        if asked.get() {
            text.really_delete
        } else {
            text.delete
        }
    };
    let answer = move |_| {
        spawn_local(async move { kept.answer_with(&classifier.get_value()).await });
        window().scroll_to_with_x_and_y(0.0, 0.0);
    };
    let open = move |_| {
        state.reopen(Some(classifier.get_value()));
        window().scroll_to_with_x_and_y(0.0, 0.0);
    };
    let class = |class: OwnClass| {
        view! {
            <li>
                <span class="dot" style:--own=class.colour></span>
                {class.name}
            </li>
        }
    };
    view! {
        <li class="own-card" data-testid="own-classifier">
            <input
                class="own-name"
                aria-label=say(|text| text.teach.name_label)
                data-testid="own-classifier-name"
                prop:value=name
                on:change=rename
            />
            <ul class="own-classes">{classes.into_iter().map(class).collect_view()}</ul>
            <p class="quiet-words">{live(summary)} " · " {live(date)}</p>
            {(!current).then(|| view! { <p class="quiet-words">{say(|text| text.teach.outdated)}</p> })}
            <p class="doings">
                <button type="button" class="quiet" data-testid="own-open" disabled=!current on:click=open>
                    {say(|text| text.teach.open)}
                </button>
                <button type="button" class="quiet" data-testid="own-answer" disabled=!usable on:click=answer>
                    {say(|text| text.teach.answer_with)}
                </button>
                <button type="button" class="quiet" data-testid="own-delete" on:click=delete>
                    {live(delete_words)}
                </button>
            </p>
            {usable.then(|| view! { <SaveAsFile name="own" classifier=saved /> })}
        </li>
    }
}
