//! What of the grid is in sight.

use super::round::Round;
use super::slices::Slices;
use super::text::text;
use crate::state::State;
use leptos::html;
use leptos::prelude::*;
use marquee_app::ui::language::Language;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::ResizeObserver;

/// Rows that are kept ready above and below those in sight.
const MARGIN: usize = 1;

/// What is measured of it, in CSS pixels.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) struct Measures {
    /// Cells in a row.
    pub(super) columns: usize,
    /// From one row to the next.
    pub(super) pitch: f64,
    /// Of what can be seen at once.
    pub(super) height: f64,
}

/// What of the grid is in sight, and in the document.
#[derive(Clone, Copy)]
pub(super) struct Sight {
    /// What is scrolled.
    pub(super) frame: NodeRef<html::Div>,
    /// A row that is only there to be measured.
    pub(super) ruler: NodeRef<html::Div>,
    /// What was measured.
    pub(super) measures: RwSignal<Measures>,
    scrolled: RwSignal<f64>,
    /// Whether the active cell is to take the keyboard as soon as it is there.
    reach: StoredValue<bool>,
    /// The rows in the document.
    pub(super) rows: RwSignal<Vec<usize>>,
    /// Whether more of them are to come with the next frame.
    more: StoredValue<bool>,
    /// The choices of a true class, as HTML.
    classes: Memo<String>,
    slices: Slices,
    /// What it shows.
    pub(super) round: Round,
}

impl Sight {
    /// Of a grid that isn't measured yet.
    pub(super) fn new(state: State, round: Round) -> Sight {
        Sight {
            frame: NodeRef::new(),
            ruler: NodeRef::new(),
            measures: RwSignal::new(Measures::default()),
            scrolled: RwSignal::new(0.0),
            reach: StoredValue::new(false),
            rows: RwSignal::new(Vec::new()),
            more: StoredValue::new(false),
            classes: Memo::new(move |_| classes(&round.labels(), state.language())),
            slices: Slices::new(),
            round,
        }
    }

    /// Cells in a row.
    pub(super) fn columns(self) -> usize {
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
    pub(super) fn rows_to_have(self, rows: usize) -> Vec<usize> {
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
    pub(super) fn follow_rows(self, wanted: Memo<Vec<usize>>) {
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

    /// The visitor has scrolled.
    pub(super) fn follow_scroll(self) {
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

    /// Measures now and whenever the window or the letters change.
    pub(super) fn measure_when_resized(self) {
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
    pub(super) fn begin_where_it_was_left(self) {
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
    pub(super) fn go_to(self, place: usize) {
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

/// The sight that the grid provides.
pub(super) fn use_sight() -> Sight {
    expect_context()
}
