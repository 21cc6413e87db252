//! The grid of posters. Of thousands, only the visible ones are in the document.

use super::batch_run::{BatchRun, use_run};
use super::cell::Cell;
use super::teach::{Teacher, use_teacher};
use super::viewport::{Layout, Viewport, use_viewport};
use crate::brought::DRAGGED_POSTER;
use crate::state::{State, use_state};
use crate::text::{say, text};
use leptos::prelude::*;
use marquee_app::ui::live::live;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Element, Event, HtmlElement, HtmlSelectElement, KeyboardEvent};

/// The most classes that can be ticked with one key.
const MOST_KEYS: usize = 9;

/// All selected posters.
#[component]
pub(super) fn Grid() -> impl IntoView {
    let (state, run) = (use_state(), use_run());
    let viewport = Viewport::new(state, run);
    provide_context(viewport);
    viewport.measure_when_resized();
    viewport.restore_position();
    let order = run.order;
    let count = Memo::new(move |_| order.with(|order| order.len()));
    let rows = Memo::new(move |_| count.get().div_ceil(viewport.columns()));
    let wanted = Memo::new(move |_| viewport.wanted_rows(rows.get()));
    Effect::new(move |_| {
        wanted.track();
        viewport.update_rows(wanted);
    });
    let keys = move || {
        let classes = run.labels.with(|labels| labels.len());
        // They are not known before the first answer.
        let keys = if classes == 0 {
            MOST_KEYS
        } else {
            classes.min(MOST_KEYS)
        };
        (text(state.language()).festival.keys)(keys)
    };
    let events = GridEvents {
        state,
        run,
        viewport,
        teacher: use_teacher(),
    };
    view! {
        <p class="keys" id="festival-keys">{live(keys)}</p>
        <div
            class="festival-frame"
            node_ref=viewport.frame
            on:scroll=move |_| viewport.follow_scroll()
            style:--pitch=live(move || format!("{}px", viewport.layout.get().pitch))
            style:--columns=live(move || viewport.columns().to_string())
        >
            <div class="row ruler" node_ref=viewport.ruler aria-hidden="true">
                <div class="cell"><div class="picture"></div><div class="caption"></div></div>
            </div>
            <div
                class="runway"
                role="grid"
                aria-label=say(|text| text.festival.grid)
                aria-describedby="festival-keys"
                aria-rowcount=live(move || rows.get().to_string())
                aria-colcount=live(move || viewport.columns().to_string())
                data-testid="festival-grid"
                data-count=live(move || count.get().to_string())
                style:--rows=live(move || rows.get().to_string())
                on:click=move |event| events.click(&event)
                on:change=move |event| events.change(&event)
                on:focusin=move |event| events.focus(&event)
                on:keydown=move |event| events.key(&event)
                on:dragstart=move |event| events.drag(&event)
            >
                <For each=move || viewport.rows.get() key=|row| *row children=|row| view! { <Row row /> } />
            </div>
            <p class="none" hidden=live(move || count.get() > 0)>{say(|text| text.festival.none)}</p>
        </div>
    }
}

#[component]
fn Row(row: usize) -> impl IntoView {
    let (run, viewport) = (use_run(), use_viewport());
    let cells = Memo::new(move |_| {
        let columns = viewport.columns();
        run.order.with(|order| {
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
                children=move |(position, number)| view! { <Cell position number /> }
            />
        </div>
    }
}

/// The events of all cells: one listener of the grid hears each kind.
#[derive(Clone, Copy)]
struct GridEvents {
    state: State,
    run: BatchRun,
    viewport: Viewport,
    teacher: Teacher,
}

impl GridEvents {
    fn number_at(self, position: usize) -> Option<u32> {
        let order = self.run.order;
        order.with_untracked(|order| order.get(position).copied())
    }

    fn open(self, position: usize) {
        let number = self.number_at(position);
        if let Some(file) = number.and_then(|number| self.run.file(number)) {
            self.run.active.set(position);
            if let Some(number) = number.filter(|_| self.run.own.get_untracked()) {
                return self.teacher.show(number);
            }
            self.run.step_aside();
            self.state.bring(file.name(), file.into());
        }
    }

    fn click(self, event: &Event) {
        let Some(position) = position_of(event) else {
            return;
        };
        if closest(event, ".agree").is_some() {
            self.agree(position);
        } else if closest(event, ".picture").is_some() {
            self.open(position);
        }
    }

    /// Ticks the class that a poster is taken for.
    fn agree(self, position: usize) {
        if let Some(number) = self.number_at(position) {
            let class = self
                .run
                .entry(number, |entry| Some(entry.prediction()?.class));
            if let Some(class) = class.flatten() {
                self.run.tick(number, Some(class));
            }
        }
    }

    /// A poster is being dragged to a class of the visitor's own.
    fn drag(self, event: &DragEvent) {
        let number = position_of(event).and_then(|position| self.number_at(position));
        match (number, event.data_transfer()) {
            (Some(number), Some(transfer)) if self.run.own.get_untracked() => {
                transfer.set_effect_allowed("copy");
                // Only an event that is over refuses its data.
                _ = transfer.set_data(DRAGGED_POSTER, &number.to_string());
            }
            // It would be taken for a file that is brought.
            _ => event.prevent_default(),
        }
    }

    fn change(self, event: &Event) {
        let select = event
            .target()
            .and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
        let number = position_of(event).and_then(|position| self.number_at(position));
        if let (Some(select), Some(number)) = (select, number) {
            self.run.tick(number, select.value().parse().ok());
        }
    }

    fn focus(self, event: &Event) {
        if let Some(position) = position_of(event) {
            self.run.active.set(position);
        }
    }

    fn key(self, event: &KeyboardEvent) {
        let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
        let on_cell = closest(event, "select").is_none();
        let (Some(position), true, false) = (position_of(event), on_cell, modified) else {
            return;
        };
        let count = self.run.order.with_untracked(|order| order.len());
        let Layout {
            columns,
            pitch,
            height,
        } = self.viewport.layout.get_untracked();
        let page = columns * ((height / pitch.max(1.0)) as usize).max(1);
        let last = count.saturating_sub(1);
        let key = event.key();
        let to = match key.as_str() {
            "ArrowLeft" => position.saturating_sub(1),
            "ArrowRight" => position + 1,
            "ArrowUp" => position.checked_sub(columns).unwrap_or(position),
            "ArrowDown" => Some(position + columns)
                .filter(|it| *it <= last)
                .unwrap_or(position),
            "PageUp" => position.saturating_sub(page),
            "PageDown" => position + page,
            "Home" => 0,
            "End" => last,
            "Enter" => {
                event.prevent_default();
                return self.open(position);
            }
            "y" | "Y" if self.run.own.get_untracked() => {
                event.prevent_default();
                return self.agree(position);
            }
            key => {
                let classes = self.run.labels.with_untracked(|labels| labels.len());
                let digit = key.parse::<u8>().ok();
                let digit = digit.filter(|digit| usize::from(*digit) <= classes);
                if let (Some(digit), Some(number)) = (digit, self.number_at(position)) {
                    event.prevent_default();
                    self.run.tick(number, digit.checked_sub(1));
                }
                return;
            }
        };
        event.prevent_default();
        self.viewport.go_to(to.min(last));
    }
}

/// The nearest element around an event's target that matches a selector.
fn closest(event: &Event, selector: &str) -> Option<HtmlElement> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest(selector).ok()??.dyn_into().ok()
}

/// The position, in the order, of the cell that an event happened in.
fn position_of(event: &Event) -> Option<usize> {
    let cell = closest(event, "[data-place]")?;
    cell.get_attribute("data-place")?.parse().ok()
}
