//! The grid. Of thousands of posters, only those in sight are in the document.

use super::cell::Cell;
use super::sight::{Measures, Sight, use_sight};
use super::text::text;
use super::{say, use_round};
use crate::state::{State, use_state};
use leptos::prelude::*;
use marquee_app::ui::live::live;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlSelectElement, KeyboardEvent};

/// All posters that are to be shown.
#[component]
pub(super) fn Grid() -> impl IntoView {
    let (state, round) = (use_state(), use_round());
    let sight = Sight::new(state, round);
    provide_context(sight);
    sight.measure_when_resized();
    sight.begin_where_it_was_left();
    let order = round.order();
    let count = Memo::new(move |_| order.with(|order| order.len()));
    let rows = Memo::new(move |_| count.get().div_ceil(sight.columns()));
    let wanted = Memo::new(move |_| sight.rows_to_have(rows.get()));
    Effect::new(move |_| {
        wanted.track();
        sight.follow_rows(wanted);
    });
    let keys = move || {
        let classes = round.labels().len();
        // Before the first answer it is not known, and the shipped networks have six.
        let classes = if classes == 0 { 6 } else { classes.min(9) };
        (text(state.language()).keys)(classes)
    };
    view! {
        <p class="keys" id="festival-keys">{live(keys)}</p>
        <div
            class="festival-frame"
            node_ref=sight.frame
            on:scroll=move |_| sight.follow_scroll()
            style:--pitch=live(move || format!("{}px", sight.measures.get().pitch))
            style:--columns=live(move || sight.columns().to_string())
        >
            <div class="row ruler" node_ref=sight.ruler aria-hidden="true">
                <div class="cell"><div class="picture"></div><div class="caption"></div></div>
            </div>
            <div
                class="runway"
                role="grid"
                aria-label=say(|text| text.grid)
                aria-describedby="festival-keys"
                aria-rowcount=live(move || rows.get().to_string())
                aria-colcount=live(move || sight.columns().to_string())
                data-testid="festival-grid"
                data-count=live(move || count.get().to_string())
                style:--rows=live(move || rows.get().to_string())
                on:click=move |event| sight.click(state, &event)
                on:change=move |event| sight.change(&event)
                on:focusin=move |event| sight.focus_came(&event)
                on:keydown=move |event| sight.key(state, &event)
            >
                <For each=move || sight.rows.get() key=|row| *row children=|row| view! { <Row row /> } />
            </div>
            <p class="none" hidden=live(move || count.get() > 0)>{say(|text| text.none)}</p>
        </div>
    }
}

#[component]
fn Row(row: usize) -> impl IntoView {
    let sight = use_sight();
    let order = sight.round.order();
    let cells = Memo::new(move |_| {
        let columns = sight.columns();
        order.with(|order| {
            let cells = order.iter().copied().enumerate();
            let cells = cells.skip(row * columns).take(columns);
            cells.collect::<Vec<(usize, u32)>>()
        })
    });
    view! {
        <div class="row" role="row" aria-rowindex=row + 1 style:--row=row.to_string()>
            <For
                each=move || cells.get()
                key=|cell| *cell
                children=move |(place, number)| view! { <Cell place number /> }
            />
        </div>
    }
}

/// What the visitor does in the grid. One listener hears it for all cells.
impl Sight {
    fn number_at(self, place: usize) -> Option<u32> {
        let order = self.round.order();
        order.with_untracked(|order| order.get(place).copied())
    }

    fn open(self, state: State, place: usize) {
        let file = self.number_at(place).and_then(|it| self.round.file(it));
        if let Some(file) = file {
            self.round.active().set(place);
            self.round.step_aside();
            state.bring(file.name(), file.into());
        }
    }

    fn click(self, state: State, event: &Event) {
        if let (Some(place), Some(_)) = (place_of(event), closest(event, ".picture")) {
            self.open(state, place);
        }
    }

    fn change(self, event: &Event) {
        let select = event
            .target()
            .and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
        let number = place_of(event).and_then(|place| self.number_at(place));
        if let (Some(select), Some(number)) = (select, number) {
            self.round.tick(number, select.value().parse().ok());
        }
    }

    fn focus_came(self, event: &Event) {
        if let Some(place) = place_of(event) {
            self.round.active().set(place);
        }
    }

    fn key(self, state: State, event: &KeyboardEvent) {
        let held = event.ctrl_key() || event.meta_key() || event.alt_key();
        let on_cell = closest(event, "select").is_none();
        let (Some(place), true, false) = (place_of(event), on_cell, held) else {
            return;
        };
        let count = self.round.order().with_untracked(|order| order.len());
        let Measures {
            columns,
            pitch,
            height,
        } = self.measures.get_untracked();
        let page = columns * ((height / pitch.max(1.0)) as usize).max(1);
        let last = count.saturating_sub(1);
        let key = event.key();
        let to = match key.as_str() {
            "ArrowLeft" => place.saturating_sub(1),
            "ArrowRight" => place + 1,
            "ArrowUp" => place.checked_sub(columns).unwrap_or(place),
            "ArrowDown" => Some(place + columns)
                .filter(|it| *it <= last)
                .unwrap_or(place),
            "PageUp" => place.saturating_sub(page),
            "PageDown" => place + page,
            "Home" => 0,
            "End" => last,
            "Enter" => {
                event.prevent_default();
                return self.open(state, place);
            }
            digit => {
                let class = digit.parse::<u8>().ok();
                let classes = self.round.labels_now().len();
                let class = class.filter(|class| usize::from(*class) <= classes);
                if let (Some(class), Some(number)) = (class, self.number_at(place)) {
                    event.prevent_default();
                    self.round.tick(number, class.checked_sub(1));
                }
                return;
            }
        };
        event.prevent_default();
        self.go_to(to.min(last));
    }
}

/// The element around what an event is about.
fn closest(event: &Event, selector: &str) -> Option<HtmlElement> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest(selector).ok()??.dyn_into().ok()
}

/// The place in the order of the cell that an event is about.
fn place_of(event: &Event) -> Option<usize> {
    let cell = closest(event, "[data-place]")?;
    cell.get_attribute("data-place")?.parse().ok()
}
