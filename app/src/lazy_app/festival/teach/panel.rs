//! Where the visitor makes classes, and sees how far the learning is.

use super::classes::Classes;
use super::keeper::Keeping;
use super::teacher::{Folders, Learning, MOST, Teacher, use_teacher};
use crate::state::use_state;
use crate::text::{say, text};
use leptos::html;
use leptos::prelude::*;
use marquee_app::ui::format::milliseconds;
use marquee_app::ui::live::live;
use marquee_models::text::thousands;

/// From so many posters a class on a classifier is of use.
const USEFUL: u32 = 10;

/// The button that begins; then the classes, and what can be done with the classifier.
#[component]
pub(in crate::festival) fn Panel() -> impl IntoView {
    let own = use_teacher().run.own;
    view! {
        <Show when=move || own.get() fallback=|| view! { <Begin /> }>
            <Lesson />
        </Show>
    }
}

#[component]
fn Begin() -> impl IntoView {
    let (state, teacher) = (use_state(), use_teacher());
    // Files that can't be read are told while the posters are read.
    let folders = Memo::new(move |_| {
        teacher.run.progress.track();
        teacher.folders()
    });
    let words = move || {
        let text = &text(state.language()).teach;
        folders.with(|folders| match folders {
            Folders::Classes(names) => (text.begin_folders)(&names.join(", ")),
            Folders::Few | Folders::TooMany(_) => text.begin.to_owned(),
        })
    };
    let invitation = move || {
        let text = &text(state.language()).teach;
        folders.with(|folders| match folders {
            Folders::TooMany(count) => (text.too_many_folders)(*count, MOST),
            Folders::Few | Folders::Classes(_) => text.invitation.to_owned(),
        })
    };
    view! {
        <div class="teach-begin">
            <button type="button" class="plain" data-testid="teach" on:click=move |_| teacher.begin()>
                {live(words)}
            </button>
            <p data-testid="teach-invitation">{live(invitation)}</p>
        </div>
    }
}

#[component]
fn Lesson() -> impl IntoView {
    let (state, teacher) = (use_state(), use_teacher());
    let heading = NodeRef::<html::H3>::new();
    Effect::new(move |_| {
        // The button that had the focus is gone.
        if let Some(heading) = heading.get() {
            request_animation_frame(move || _ = heading.focus());
        }
    });
    let status = move || status(teacher).unwrap_or_default();
    let keeping = move || {
        let text = &text(state.language()).teach;
        match teacher.keeper.keeping.get() {
            Keeping::NotYet => "",
            Keeping::Storing => text.keeping,
            Keeping::Kept => text.kept,
            Keeping::Refused => text.not_kept,
            Keeping::Partly => text.partly_kept,
        }
    };
    let kept = move || (teacher.keeper.keeping.get() == Keeping::Kept).to_string();
    let rename = move |event| {
        let field: web_sys::HtmlInputElement = event_target(&event);
        // A classifier without a name could not be told from others.
        match field.value().trim() {
            "" => field.set_value(&teacher.name.get_untracked()),
            name => teacher.rename(name.to_owned()),
        }
    };
    let posters = move || match teacher.learning.get() {
        Learning::Learned { posters, .. } => posters,
        _ => 0,
    };
    view! {
        <section class="teach" data-testid="teach-panel" aria-labelledby="teach-heading">
            <header>
                <h3 id="teach-heading" tabindex="-1" node_ref=heading>{say(|text| text.teach.heading)}</h3>
                <input
                    class="own-name"
                    data-testid="teach-name"
                    maxlength="60"
                    aria-label=say(|text| text.teach.name_label)
                    prop:value=move || teacher.name.get()
                    on:change=rename
                />
                <button type="button" class="plain" data-testid="teach-end" on:click=move |_| teacher.end()>
                    {say(|text| text.teach.end)}
                </button>
            </header>
            <p class="hint">{say(|text| text.teach.hint)}</p>
            <Classes />
            <p
                class="learning"
                role="status"
                data-testid="teach-status"
                data-posters=live(move || posters().to_string())
            >
                {live(status)}
            </p>
            <p class="quiet-words" data-testid="teach-kept" data-kept=live(kept)>{live(keeping)}</p>
        </section>
    }
}

/// How far the learning is, and what would help.
fn status(teacher: Teacher) -> Option<String> {
    let text = &text(teacher.state.language()).teach;
    if !teacher.names_are_sound() {
        return Some(text.same_names.to_owned());
    }
    match teacher.learning.get() {
        Learning::TooFew => Some(text.too_few.to_owned()),
        Learning::Failed => Some(text.failed.to_owned()),
        Learning::Learned { posters, ms } => {
            let learned = (text.learned)(&thousands(posters), &milliseconds(ms));
            let ticked = teacher.run.ticked();
            let (class, posters) = ticked.into_iter().enumerate().min_by_key(|it| it.1)?;
            if posters >= USEFUL {
                return Some(learned);
            }
            let name = teacher
                .classes
                .with(|all| Some(all.get(class)?.name.clone()))?;
            Some(format!("{learned} {}", (text.more)(&name, posters)))
        }
    }
}
