//! The classifiers that this browser keeps: they are opened, put to use and deleted here.

use super::classifier::{Classifier, OwnClass, hash_of, same_version};
use super::classifiers::Sentence;
use super::kept::KeptClassifier;
use super::put_to_use::{Origin, put_to_use};
use super::save::SaveAsFile;
use crate::share::address;
use crate::state::{State, use_state};
use crate::text::{say, text};
use js_sys::Date;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::channel;
use marquee_app::share_link::classifier as link;
use marquee_app::ui::format::percent;
use marquee_app::ui::live::live;
use marquee_models::text::thousands;
use web_sys::HtmlInputElement;

/// The list, and the button that takes a file.
#[component]
pub(crate) fn Shelf() -> impl IntoView {
    let state = use_state();
    let classifiers = state.classifiers();
    let list = classifiers.list();
    spawn_local(async move {
        if classifiers.load().await {
            answer_as_before(state).await;
        }
    });
    let on_file = move |event| {
        let input: HtmlInputElement = event_target(&event);
        state.bring_weights(input.files().and_then(|files| files.get(0)));
        input.set_value("");
        window().scroll_to_with_x_and_y(0.0, 0.0);
    };
    // Those that are stored again while another one is renamed must leave its card as it is.
    let key = |it: &KeptClassifier| (it.id, it.when.to_bits());
    let trouble = move || {
        let text = &text(state.language()).teach;
        classifiers.trouble().map_or("", |sentence| sentence(text))
    };
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
            <p class="quiet-words" role="status" data-testid="own-trouble">{live(trouble)}</p>
            <ul>
                <For each=move || list.get() key let:classifier>
                    <Card classifier />
                </For>
            </ul>
            <Show when=move || list.with(|it| it.iter().any(|it| it.classifier.is_some()))>
                <p class="hint">{say(|text| text.teach.files)}</p>
            </Show>
        </section>
    }
}

/// Has the classifier answer that the visitor chose on an earlier visit, unless the page was opened by the link of
/// another one.
async fn answer_as_before(state: State) {
    let chosen = channel::choice().unwrap_or_default();
    let Some(origin) = Origin::of(&chosen) else {
        return;
    };
    let link = link::open(&address::fragment());
    if link.is_ok_and(|link| Classifier::from(link).base(state).is_some()) {
        return;
    }
    let all = state.classifiers().list().get_untracked();
    let mut all = all.into_iter();
    match all.find(|it| it.id.map(Origin::Kept) == Some(origin)) {
        Some(chosen) => _ = answer_with(state, &chosen).await,
        // It was deleted.
        None => channel::forget_choice(),
    }
}

/// Has a classifier answer. False if that can't be.
async fn answer_with(state: State, chosen: &KeptClassifier) -> bool {
    let (Some(classifier), Some(id)) = (&chosen.classifier, chosen.id) else {
        return false;
    };
    let network = put_to_use(state, Origin::Kept(id), classifier).await;
    let trouble: Option<Sentence> = match network {
        Ok(network) => {
            state.choose(&network);
            None
        }
        Err(_) => Some(|text| text.not_made),
    };
    state.classifiers().say(trouble);
    trouble.is_none()
}

/// One classifier.
#[component]
fn Card(classifier: KeptClassifier) -> impl IntoView {
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
        let field: HtmlInputElement = event_target(&event);
        let (name, before) = (field.value().trim().to_owned(), classifier.get_value().name);
        let Some(id) = id.filter(|_| !name.is_empty() && name != before) else {
            return field.set_value(&before);
        };
        spawn_local(async move {
            match state.classifiers().rename(id, name.clone()).await {
                true => classifier.update_value(|it| it.rename(&name)),
                false => field.set_value(&before),
            }
        });
    };
    let saved = Callback::new(move |()| classifier.get_value().classifier);
    let asked = RwSignal::new(false);
    let delete_button = NodeRef::<html::Button>::new();
    let delete = move |_| match id.filter(|_| asked.get_untracked()) {
        Some(id) => spawn_local(state.classifiers().delete(id)),
        None => asked.set(true),
    };
    let spare = move |_| {
        asked.set(false);
        // The button that had the focus is gone.
        if let Some(button) = delete_button.get_untracked() {
            // Only an element that is gone refuses it.
            _ = button.focus();
        }
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
        spawn_local(async move {
            if answer_with(state, &classifier.get_value()).await {
                window().scroll_to_with_x_and_y(0.0, 0.0);
            }
        });
    };
    let open = move |_| state.reopen(id);
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
                maxlength="60"
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
                <button
                    type="button"
                    class="quiet"
                    data-testid="own-delete"
                    node_ref=delete_button
                    on:click=delete
                >
                    {live(delete_words)}
                </button>
                <Show when=move || asked.get()>
                    <button type="button" class="quiet" data-testid="own-spare" on:click=spare>
                        {say(|text| text.teach.spare)}
                    </button>
                </Show>
            </p>
            {usable.then(|| view! { <SaveAsFile name="own" classifier=saved /> })}
        </li>
    }
}
