//! What can be done with a classifier: answer by it, save it as a file, and pass on its link.

use super::teacher::use_teacher;
use crate::own::SaveAsFile;
use crate::share::{ShareButtons, address};
use crate::text::{say, text};
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::channel;
use marquee_app::ui::live::live;

/// What came of asking a classifier to answer.
#[derive(Clone, Copy)]
enum Answers {
    /// It answers, also on later visits.
    Always,
    /// It answers on this visit.
    Now,
    /// It could not be made.
    NotMade,
}

/// The buttons, once something was learned and every class has a name of its own.
#[component]
pub(in crate::festival) fn PassOn() -> impl IntoView {
    let teacher = use_teacher();
    let ready =
        Memo::new(move |_| teacher.taught.with(Option::is_some) && teacher.names_are_sound());
    // What came of it, once somebody has asked it to answer.
    let answers = RwSignal::new(None::<Answers>);
    Effect::new(move |_| teacher.taught.with(|_| answers.set(None)));
    let answer = move |_| {
        spawn_local(async move {
            let Some(network) = teacher.as_network().await else {
                return answers.set(Some(Answers::NotMade));
            };
            teacher.state.choose(&network);
            // Where the browser stores nothing, the next visit does not know of it.
            let lasts = channel::choice().is_some_and(|choice| choice == network.file);
            answers.set(Some(if lasts { Answers::Always } else { Answers::Now }));
        });
    };
    let classifier = Callback::new(move |()| teacher.classifier());
    let link = Memo::new(move |_| {
        let fragment = teacher.classifier().and_then(|it| it.fragment());
        fragment.map_or_else(String::new, |it| format!("{}#{it}", address::page()))
    });
    let news = move || {
        let text = &text(teacher.state.language()).teach;
        match answers.get() {
            None => "",
            Some(Answers::Always) => text.answers,
            Some(Answers::Now) => text.answers_now,
            Some(Answers::NotMade) => text.not_made,
        }
    };
    view! {
        <Show when=move || ready.get()>
            <div class="teach">
                <p class="doings">
                    <button type="button" class="button" data-testid="teach-answer" on:click=answer>
                        {say(|text| text.teach.answer_with)}
                    </button>
                </p>
                <p class="quiet-words" role="status" data-testid="teach-answers">{live(news)}</p>
                <SaveAsFile name="teach" classifier />
                <p class="quiet-words">{say(|text| text.teach.files)}</p>
                <Show
                    when=move || !link.with(String::is_empty)
                    fallback=|| view! {
                        <p class="quiet-words" data-testid="teach-no-link">{say(|text| text.teach.no_link)}</p>
                    }
                >
                    <ShareButtons url=link name="teach" />
                    <p class="quiet-words">{say(|text| text.teach.link)}</p>
                </Show>
            </div>
        </Show>
    }
}
