//! Which posters are shown, and in which order.

use super::order::{Show as Which, Sort};
use super::text::{grouped, text};
use super::{say, use_round};
use crate::state::use_state;
use leptos::prelude::*;
use marquee_app::ui::format::percent;
use marquee_app::ui::live::live;

/// The choices.
#[component]
pub(super) fn Controls() -> impl IntoView {
    let round = use_round();
    let classes = Memo::new(move |_| round.labels().len());
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
    let least = Memo::new(move |_| round.selection().at_least);
    let on_least = move |event| {
        let percent: f32 = event_target_value(&event).parse().unwrap_or(0.0);
        round.select(|selection| selection.at_least = percent / 100.0);
    };
    let on_sort = move |event| {
        let value = event_target_value(&event);
        let sort = Sort::ALL.into_iter().find(|it| it.1 == value);
        round.select(|selection| selection.sort = sort.map_or(Sort::Brought, |it| it.0));
    };
    view! {
        <div class="festival-controls">
            <fieldset class="chips">
                <legend>{say(|text| text.show)}</legend>
                {chips}
            </fieldset>
            <label class="least">
                <span>{say(|text| text.at_least)}</span>
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
                <span>{say(|text| text.sort)}</span>
                <select data-testid="festival-sort" on:change=on_sort>
                    {Sort::ALL.map(|(sort, name)| view! { <Order sort name /> }).collect_view()}
                </select>
            </label>
        </div>
    }
}

#[component]
fn Order(sort: Sort, name: &'static str) -> impl IntoView {
    let round = use_round();
    let words = say(match sort {
        Sort::Brought => |text| text.sort_brought,
        Sort::Surest => |text| text.sort_surest,
        Sort::Doubtful => |text| text.sort_doubtful,
        Sort::Class => |text| text.sort_class,
    });
    view! {
        <option value=name prop:selected=move || round.selection().sort == sort>
            {words}
        </option>
    }
}

/// A kind of posters, and how many there are. Those of which there may never be any appear when
/// there are some.
#[component]
fn Chip(which: Which) -> impl IntoView {
    let (state, round) = (use_state(), use_round());
    let counts = round.counts();
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
            Which::Unreadable => counts.unreadable(),
        })
    });
    let optional = matches!(which, Which::Ticked | Which::Mistaken | Which::Unreadable);
    let chosen = Memo::new(move |_| round.selection().show == which);
    let words = move || {
        let text = text(state.language());
        match which {
            Which::All => text.show_all.to_owned(),
            Which::Class(class) => {
                let labels = round.labels();
                let label = labels.get(usize::from(class));
                label.map_or(String::new(), |label| state.language().class(label))
            }
            Which::Unsure => text.show_unsure.to_owned(),
            Which::Ticked => text.show_ticked.to_owned(),
            Which::Mistaken => text.show_mistaken.to_owned(),
            Which::Unreadable => text.show_unreadable.to_owned(),
        }
    };
    let name = move || match which {
        Which::All => "all".to_owned(),
        Which::Class(class) => round
            .labels()
            .get(usize::from(class))
            .cloned()
            .unwrap_or_default(),
        Which::Unsure => "unsure".to_owned(),
        Which::Ticked => "ticked".to_owned(),
        Which::Mistaken => "mistaken".to_owned(),
        Which::Unreadable => "unreadable".to_owned(),
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
                on:change=move |_| round.select(|selection| selection.show = which)
            />
            <span>
                {live(words)} " " <small>{live(move || grouped(count.get()))}</small>
            </span>
        </label>
    }
}
