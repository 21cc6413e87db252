//! The grid. Of thousands of posters, only those in sight are in the document.

use super::cell::Cell;
use super::round::Round;
use super::slices::Slices;
use super::text::text;
use super::{say, use_round};
use crate::hall::{Hall, use_hall};
use leptos::html;
use leptos::prelude::*;
use marquee_app::ui::language::Language;
use marquee_app::ui::live::live;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, HtmlElement, HtmlSelectElement, KeyboardEvent, ResizeObserver};

/// Rows that are kept ready above and below those in sight.
const MARGIN: usize = 1;

/// What is measured of it, in CSS pixels.
#[derive(Clone, Copy, Default, PartialEq)]
struct Measures {
    /// Cells in a row.
    columns: usize,
    /// From one row to the next.
    pitch: f64,
    /// Of what can be seen at once.
    height: f64,
}

/// A grid's state.
#[derive(Clone, Copy)]
pub(super) struct Sight {
    frame: NodeRef<html::Div>,
    ruler: NodeRef<html::Div>,
    measures: RwSignal<Measures>,
    scrolled: RwSignal<f64>,
    /// Whether the active cell is to take the keyboard as soon as it is there.
    reach: StoredValue<bool>,
    /// The rows in the document.
    rows: RwSignal<Vec<usize>>,
    /// Whether more of them are to come with the next frame.
    more: StoredValue<bool>,
    /// The choices of a true class, as HTML.
    classes: Memo<String>,
    slices: Slices,
    round: Round,
}

/// All posters that are to be shown.
#[component]
pub(super) fn Grid() -> impl IntoView {
    let (hall, round) = (use_hall(), use_round());
    let sight = Sight {
        frame: NodeRef::new(),
        ruler: NodeRef::new(),
        measures: RwSignal::new(Measures::default()),
        scrolled: RwSignal::new(0.0),
        reach: StoredValue::new(false),
        rows: RwSignal::new(Vec::new()),
        more: StoredValue::new(false),
        classes: Memo::new(move |_| classes(&round.labels(), hall.language())),
        slices: Slices::new(),
        round,
    };
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
        (text(hall.language()).keys)(classes)
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
                on:click=move |event| sight.click(hall, &event)
                on:change=move |event| sight.change(&event)
                on:focusin=move |event| sight.focus_came(&event)
                on:keydown=move |event| sight.key(hall, &event)
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

impl Sight {
    fn columns(self) -> usize {
        self.measures.get().columns.max(1)
    }

    /// Whether the active cell is to take the keyboard now.
    pub(super) fn take_reach(self) -> bool {
        let reach = self.reach.get_value();
        self.reach.set_value(false);
        reach
    }

    /// The rows to have in the document, of so many: those in sight, and the one that the keyboard
    /// is in, which would lose its place.
    fn rows_to_have(self, rows: usize) -> Vec<usize> {
        let Measures { pitch, height, .. } = self.measures.get();
        if pitch <= 0.0 {
            return Vec::new();
        }
        let top = self.scrolled.get();
        let first = ((top / pitch) as usize).saturating_sub(MARGIN);
        let behind = ((top + height) / pitch).ceil() as usize + MARGIN;
        let mut wanted: Vec<usize> = (first.min(rows)..behind.min(rows)).collect();
        let active = self.round.active().get() / self.columns();
        if active < rows && !wanted.contains(&active) {
            wanted.push(active);
            wanted.sort_unstable();
        }
        wanted
    }

    /// Rows that are out of sight go at once. Those that come into sight come one with each frame:
    /// a whole screen of them would hold the page up.
    fn follow_rows(self, wanted: Memo<Vec<usize>>) {
        // A frame may be the first after the grid was closed.
        let (Some(wanted_now), Some(mut rows)) =
            (wanted.try_get_untracked(), self.rows.try_get_untracked())
        else {
            return;
        };
        let before = rows.len();
        rows.retain(|row| wanted_now.contains(row));
        let gone = before - rows.len();
        let next = wanted_now.iter().copied().find(|row| !rows.contains(row));
        if let Some(row) = next {
            rows.push(row);
            rows.sort_unstable();
        }
        let more = rows.len() < wanted_now.len();
        if gone > 0 || next.is_some() {
            self.rows.set(rows);
        }
        if more && !self.more.get_value() {
            self.more.set_value(true);
            request_animation_frame(move || {
                if self.more.try_set_value(false).is_none() {
                    self.follow_rows(wanted);
                }
            });
        }
    }

    /// Does something that takes a moment when there is one.
    pub(super) fn later(self, job: impl FnOnce() + 'static) {
        self.slices.later(job);
    }

    /// The choices of a true class, as HTML.
    pub(super) fn classes(self) -> Memo<String> {
        self.classes
    }

    fn follow_scroll(self) {
        if let Some(frame) = self.frame.get_untracked() {
            self.scrolled.set(frame.scroll_top().into());
        }
    }

    /// The style sheet says how large a cell is, and how many fit in a row.
    fn measure(self) {
        let (Some(frame), Some(ruler)) = (self.frame.get_untracked(), self.ruler.get_untracked())
        else {
            return;
        };
        let Some(cell) = ruler.first_element_child() else {
            return;
        };
        let (row, cell) = (
            ruler.get_bounding_client_rect(),
            cell.get_bounding_client_rect(),
        );
        if cell.width() > 0.0 {
            self.measures.set(Measures {
                columns: (row.width() / cell.width()).round() as usize,
                pitch: cell.height(),
                height: frame.client_height().into(),
            });
        }
    }

    fn measure_when_resized(self) {
        let on_resize = Closure::<dyn Fn()>::new(move || self.measure());
        let Ok(observer) = ResizeObserver::new(on_resize.as_ref().unchecked_ref()) else {
            return;
        };
        let observer = StoredValue::new_local((observer, on_resize));
        Effect::new(move |_| {
            for element in [self.frame.get(), self.ruler.get()].into_iter().flatten() {
                observer.with_value(|(observer, _)| observer.observe(&element));
            }
        });
        on_cleanup(move || {
            observer.with_value(|(observer, _)| observer.disconnect());
            observer.dispose();
        });
    }

    /// At the poster that was opened, or at the top of what is newly chosen.
    fn begin_where_it_was_left(self) {
        let opened = self.round.active().get_untracked();
        Effect::new(move |before: Option<bool>| {
            let measured = self.measures.with(|measures| measures.pitch > 0.0);
            if measured && before != Some(true) && opened > 0 {
                self.go_to(opened);
            }
            measured
        });
        Effect::new(move |before: Option<()>| {
            self.round.selection();
            if let (Some(()), Some(frame)) = (before, self.frame.get_untracked()) {
                frame.set_scroll_top(0);
            }
        });
    }

    /// Brings a cell into sight, and the keyboard to it.
    fn go_to(self, place: usize) {
        let Measures {
            columns,
            pitch,
            height,
        } = self.measures.get_untracked();
        if let Some(frame) = self.frame.get_untracked() {
            let row = (place / columns.max(1)) as f64;
            let scrolled = f64::from(frame.scroll_top());
            let lowest = (row + 1.0) * pitch - height;
            let scroll = scrolled.max(lowest).min(row * pitch);
            frame.set_scroll_top(scroll.ceil() as i32);
            self.follow_scroll();
        }
        self.reach.set_value(true);
        let active = self.round.active();
        if active.get_untracked() == place {
            active.notify();
        } else {
            active.set(place);
        }
    }

    fn number_at(self, place: usize) -> Option<u32> {
        let order = self.round.order();
        order.with_untracked(|order| order.get(place).copied())
    }

    fn open(self, hall: Hall, place: usize) {
        let file = self.number_at(place).and_then(|it| self.round.file(it));
        if let Some(file) = file {
            self.round.active().set(place);
            self.round.step_aside();
            hall.bring(file.name(), file.into());
        }
    }

    fn click(self, hall: Hall, event: &Event) {
        if let (Some(place), Some(_)) = (place_of(event), closest(event, ".picture")) {
            self.open(hall, place);
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

    fn key(self, hall: Hall, event: &KeyboardEvent) {
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
                return self.open(hall, place);
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

/// Numbered classes. They are written once for all cells, since a browser reads HTML in a fraction
/// of the time that it takes to make each element of it.
fn classes(labels: &[String], language: Language) -> String {
    let select = document().create_element("select");
    let option = |value: &str, words: &str| {
        if let (Ok(select), Ok(option)) = (&select, document().create_element("option")) {
            option.set_text_content(Some(words));
            // An element that was just made takes any attribute and any child.
            _ = option.set_attribute("value", value);
            _ = select.append_child(&option);
        }
    };
    option("", text(language).truth);
    for (class, label) in labels.iter().enumerate() {
        let words = format!("{} {}", class + 1, language.class(label));
        option(&class.to_string(), &words);
    }
    select.map(|it| it.inner_html()).unwrap_or_default()
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

/// The sight that [`Grid`] provides.
pub(super) fn use_sight() -> Sight {
    expect_context()
}
