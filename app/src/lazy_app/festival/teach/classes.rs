//! The visitor's classes: their names, colours and ticks. Posters can be dropped on them.

use super::teacher::{MOST, use_teacher};
use crate::brought::DRAGGED_POSTER;
use crate::state::use_state;
use crate::text::{say, text};
use leptos::prelude::*;
use marquee_app::ui::live::live;
use marquee_models::text::thousands;

/// All classes, and the button that adds one.
#[component]
pub(super) fn Classes() -> impl IntoView {
    let teacher = use_teacher();
    let count = Memo::new(move |_| teacher.classes.with(Vec::len));
    let rows = move || {
        let row = |at| view! { <Class at /> };
        (0..count.get()).map(row).collect_view()
    };
    view! {
        <ol class="own-list">{rows}</ol>
        <button
            type="button"
            class="plain"
            data-testid="teach-add"
            disabled=live(move || count.get() >= MOST)
            on:click=move |_| teacher.add_class()
        >
            {say(|text| text.teach.add)}
        </button>
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
    let over = RwSignal::new(false);
    let drop = move |event: web_sys::DragEvent| {
        over.set(false);
        let number = event
            .data_transfer()
            .and_then(|it| it.get_data(DRAGGED_POSTER).ok());
        if let Some(number) = number.and_then(|number| number.parse().ok()) {
            event.prevent_default();
            teacher.run.tick(number, at.try_into().ok());
        }
    };
    view! {
        <li
            class="own-class"
            class:over=live(move || over.get())
            data-testid="own-class"
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
                aria-label=live(move || (teach().remove)(&name.get()))
                on:click=move |_| teacher.remove_class(at)
            >
                "×"
            </button>
        </li>
    }
}
