//! Which posters are shown, and in which order.

use super::batch_run::use_run;
use super::selection::{Show as Which, Sort};
use crate::state::use_state;
use crate::text::{say, text};
use leptos::prelude::*;
use marquee_app::ui::format::percent;
use marquee_app::ui::live::live;
use marquee_models::text::thousands;

/// The choices: a kind of posters, a least confidence, and an order.
#[component]
pub(super) fn Controls() -> impl IntoView {
    let run = use_run();
    let classes = Memo::new(move |_| run.labels.with(|labels| labels.len()));
    let chips = move || {
        let classes = (0..classes.get()).filter_map(|class| class.try_into().ok());
        let classes = classes.map(Which::Class);
        let rest = [
            Which::Unsure,
            Which::Ticked,
            Which::Mistaken,
            Which::Unreadable,
        ];
        let all = [Which::All].into_iter().chain(classes).chain(rest);
        all.map(|which| view! { <Chip which /> }).collect_view()
    };
    let confused = Memo::new(move |_| match run.selection.get().show {
        which @ Which::Confused { .. } => Some(which),
        _ => None,
    });
    let least = Memo::new(move |_| run.selection.get().at_least);
    let on_least = move |event| {
        let percent: f32 = event_target_value(&event).parse().unwrap_or(0.0);
        run.select(|selection| selection.at_least = percent / 100.0);
    };
    let on_sort = move |event| {
        let value = event_target_value(&event);
        let sort = Sort::ALL.into_iter().find(|it| it.1 == value);
        run.select(|selection| selection.sort = sort.map_or(Sort::Brought, |it| it.0));
    };
    view! {
        <div class="festival-controls">
            <fieldset class="chips">
                <legend>{say(|text| text.festival.show)}</legend>
                {chips}
                {move || confused.get().map(|which| view! { <Chip which /> })}
            </fieldset>
            <label class="least">
                <span>{say(|text| text.festival.at_least)}</span>
                <input
                    type="range"
                    min="0"
                    max="95"
                    step="5"
                    data-testid="festival-least"
                    prop:value=move || (least.get() * 100.0).round().to_string()
                    aria-valuetext=move || percent(least.get())
                    on:input=on_least
                />
                <output>{live(move || percent(least.get()))}</output>
            </label>
            <label class="sort">
                <span>{say(|text| text.festival.sort)}</span>
                <select data-testid="festival-sort" on:change=on_sort>
                    {Sort::ALL.map(|(sort, name)| view! { <Order sort name /> }).collect_view()}
                </select>
            </label>
            // With each tick the answers change, but posters stay where they are until they are to move.
            <Show when=move || run.own.get()>
                <button type="button" class="plain" data-testid="sort-again" on:click=move |_| run.put_in_order()>
                    {say(|text| text.teach.sort_again)}
                </button>
            </Show>
        </div>
    }
}

#[component]
fn Order(sort: Sort, name: &'static str) -> impl IntoView {
    let run = use_run();
    let words = say(match sort {
        Sort::Brought => |text| text.festival.sort_brought,
        Sort::Surest => |text| text.festival.sort_surest,
        Sort::Doubtful => |text| text.festival.sort_doubtful,
        Sort::Contradicted => |text| text.festival.sort_contradicted,
        Sort::Class => |text| text.festival.sort_class,
    });
    view! {
        <option value=name prop:selected=move || run.selection.get().sort == sort>
            {words}
        </option>
    }
}

/// A kind of posters, and how many there are. Kinds that most visitors never have appear with their
/// first poster.
#[component]
fn Chip(which: Which) -> impl IntoView {
    let (state, run) = (use_state(), use_run());
    let counts = run.counts;
    let count = Memo::new(move |_| {
        counts.with(|counts| match which {
            Which::All => counts.posters,
            Which::Class(class) => counts
                .by_class
                .get(usize::from(class))
                .copied()
                .unwrap_or(0),
            Which::Unsure => counts.unsure,
            Which::Ticked => counts.ticked,
            Which::Mistaken => counts.mistaken,
            Which::Confused { truth, predicted } => {
                let confusion = run.confusion;
                confusion.with(|it| it.count(truth.into(), predicted.into()))
            }
            Which::Unreadable => counts.unreadable(),
        })
    });
    let optional = matches!(which, Which::Ticked | Which::Mistaken | Which::Unreadable);
    let chosen = Memo::new(move |_| run.selection.get().show == which);
    let words = move || {
        let text = &text(state.language()).festival;
        let words = match which {
            Which::All => text.show_all,
            Which::Class(class) => {
                let label = run.label(class).unwrap_or_default();
                return state.language().class(&label);
            }
            Which::Confused { truth, predicted } => {
                let name = |class| {
                    let label = run.label(class).unwrap_or_default();
                    state.language().class(&label)
                };
                return (text.show_confused)(&name(truth), &name(predicted));
            }
            Which::Unsure => text.show_unsure,
            Which::Ticked => text.show_ticked,
            Which::Mistaken => text.show_mistaken,
            Which::Unreadable => text.show_unreadable,
        };
        words.to_owned()
    };
    let name = move || {
        let name = match which {
            Which::All => "all",
            Which::Class(class) => return run.label(class).unwrap_or_default(),
            Which::Unsure => "unsure",
            Which::Ticked => "ticked",
            Which::Mistaken => "mistaken",
            Which::Confused { .. } => "confused",
            Which::Unreadable => "unreadable",
        };
        name.to_owned()
    };
    view! {
        <label
            class="chip"
            data-testid="festival-show"
            data-show=live(name)
            data-count=live(move || count.get().to_string())
            hidden=live(move || optional && count.get() == 0 && !chosen.get())
        >
            <input
                type="radio"
                name="festival-show"
                prop:checked=move || chosen.get()
                on:change=move |_| run.select(|selection| selection.show = which)
            />
            <span>
                {live(words)} " " <small>{live(move || thousands(count.get()))}</small>
            </span>
        </label>
    }
}
