//! The visitor's classes: their names, colours and ticks. Posters can be dropped on them.

use super::teacher::{MOST, use_teacher};
use crate::brought::DRAGGED_POSTER;
use crate::inputs::{dropped, emptied};
use crate::state::use_state;
use crate::text::{Text, say, text};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use marquee_app::ui::live::live;
use marquee_models::text::thousands;
use web_sys::{DragEvent, Event};

/// All classes, and the buttons that add one, and posters.
#[component]
pub(super) fn Classes() -> impl IntoView {
    let teacher = use_teacher();
    let count = Memo::new(move |_| teacher.classes.with(Vec::len));
    let rows = move || {
        let row = |at| view! { <Class at /> };
        (0..count.get()).map(row).collect_view()
    };
    let add = NodeRef::<html::Button>::new();
    Effect::new(move |before: Option<usize>| {
        let count = count.get();
        // The button that took a class away is gone with it, and the focus with that.
        if let Some(add) = add.get_untracked().filter(|_| before > Some(count)) {
            _ = add.focus();
        }
        count
    });
    view! {
        <ol class="own-list">{rows}</ol>
        <p class="doings">
            <button
                type="button"
                class="plain"
                data-testid="teach-add"
                node_ref=add
                disabled=live(move || count.get() >= MOST)
                on:click=move |_| teacher.add_class()
            >
                {say(|text| text.teach.add)}
            </button>
            <MorePosters folder=false words=|text| text.teach.add_posters />
            <MorePosters folder=true words=|text| text.teach.add_folder />
        </p>
    }
}

/// The button that has posters join, or a folder of them.
#[component]
fn MorePosters(folder: bool, words: fn(&'static Text) -> &'static str) -> impl IntoView {
    let run = use_teacher().run;
    let add = move |event: Event| {
        let files = emptied(&event_target(&event));
        if !files.is_empty() {
            run.add(files, None);
        }
    };
    view! {
        <label class="plain">
            <input
                class="unseen"
                type="file"
                multiple
                accept=(!folder).then_some("image/*")
                prop:webkitdirectory=folder
                data-testid=if folder { "teach-folder" } else { "teach-posters" }
                on:change=add
            />
            <span>{say(words)}</span>
        </label>
    }
}

#[component]
fn Class(at: usize) -> impl IntoView {
    let (state, teacher) = (use_state(), use_teacher());
    let teach = move || &text(state.language()).teach;
    let class = move || teacher.classes.with(|all| all.get(at).cloned());
    let name = Memo::new(move |_| class().map(|it| it.name).unwrap_or_default());
    let colour = Memo::new(move |_| class().map(|it| it.colour).unwrap_or_default());
    let ticked = Memo::new(move |_| teacher.run.ticked().get(at).copied().unwrap_or(0));
    let (over, asked) = (RwSignal::new(false), RwSignal::new(false));
    // A poster of the grid, or files from elsewhere.
    let drop = move |event: DragEvent| {
        over.set(false);
        event.prevent_default();
        event.stop_propagation();
        let Some(transfer) = event.data_transfer() else {
            return;
        };
        let class = at.try_into().ok();
        match transfer
            .get_data(DRAGGED_POSTER)
            .unwrap_or_default()
            .parse()
        {
            Ok(number) => teacher.run.tick(number, class),
            Err(_) => {
                let files = dropped(&transfer);
                spawn_local(async move {
                    let files = files.await;
                    if !files.is_empty() {
                        teacher.run.add(files, class);
                    }
                });
            }
        }
    };
    let remove = move |_| {
        // Its ticks can't be had back.
        if ticked.get_untracked() == 0 || asked.get_untracked() {
            teacher.remove_class(at);
        } else {
            asked.set(true);
        }
    };
    view! {
        <li
            class="own-class"
            class:over=live(move || over.get())
            data-testid="own-class"
            data-takes-drops
            data-ticked=live(move || ticked.get().to_string())
            style:--own=live(move || colour.get())
            on:dragover=move |event| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=drop
        >
            <input
                type="color"
                aria-label=live(move || (teach().colour_label)(&name.get()))
                prop:value=move || colour.get()
                on:change=move |event| {
                    let value = event_target_value(&event);
                    teacher.change_class(at, |class| class.colour = value);
                }
            />
            <span class="number" aria-hidden="true">{at + 1}</span>
            <input
                class="own-name"
                maxlength="60"
                aria-label=live(move || (teach().class_label)(at + 1))
                prop:value=move || name.get()
                on:change=move |event| {
                    let value = event_target_value(&event).trim().to_owned();
                    teacher.change_class(at, |class| class.name = value);
                }
            />
            <span class="count">{live(move || (teach().ticked)(&thousands(ticked.get())))}</span>
            <button
                type="button"
                class="quiet"
                data-testid="teach-remove"
                aria-label=live(move || (!asked.get()).then(|| (teach().remove)(&name.get())))
                on:click=remove
                on:blur=move |_| asked.set(false)
            >
                {live(move || if asked.get() { teach().really_remove } else { "×" })}
            </button>
        </li>
    }
}
