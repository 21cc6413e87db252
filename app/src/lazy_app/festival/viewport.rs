//! The visible part of the grid. Only its rows are in the document.

use super::batch_run::BatchRun;
use super::task_queue::TaskQueue;
use crate::state::State;
use crate::text::text;
use leptos::html;
use leptos::prelude::*;
use marquee_app::ui::language::Language;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::ResizeObserver;

/// Rows that are kept ready above and below the visible ones.
const MARGIN: usize = 1;

/// The measured layout of the grid, in CSS pixels.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) struct Layout {
    /// Cells in a row.
    pub(super) columns: usize,
    /// From one row's top to the next one's; 0 before it is measured.
    pub(super) pitch: f64,
    /// The height of the visible part.
    pub(super) height: f64,
}

/// A handle to the visible part of the grid.
#[derive(Clone, Copy)]
pub(super) struct Viewport {
    /// The element that scrolls.
    pub(super) frame: NodeRef<html::Div>,
    /// An invisible row, which is measured.
    pub(super) ruler: NodeRef<html::Div>,
    /// The measured layout.
    pub(super) layout: RwSignal<Layout>,
    scrolled: RwSignal<f64>,
    /// Whether the active cell takes the focus as soon as it is in the document.
    focus_active: StoredValue<bool>,
    /// The rows in the document.
    pub(super) rows: RwSignal<Vec<usize>>,
    /// Whether the next frame adds a row.
    adding: StoredValue<bool>,
    /// The choices of a true class, as HTML.
    pub(super) class_options: Memo<String>,
    /// Tasks of cells that take a moment.
    pub(super) tasks: TaskQueue,
    run: BatchRun,
}

impl Viewport {
    /// The viewport of a grid that isn't measured yet.
    pub(super) fn new(state: State, run: BatchRun) -> Viewport {
        Viewport {
            frame: NodeRef::new(),
            ruler: NodeRef::new(),
            layout: RwSignal::new(Layout::default()),
            scrolled: RwSignal::new(0.0),
            focus_active: StoredValue::new(false),
            rows: RwSignal::new(Vec::new()),
            adding: StoredValue::new(false),
            class_options: Memo::new(move |_| {
                let language = state.language();
                run.labels.with(|labels| class_options(labels, language))
            }),
            tasks: TaskQueue::new(),
            run,
        }
    }

    /// Cells in a row.
    pub(super) fn columns(self) -> usize {
        self.layout.get().columns.max(1)
    }

    /// Whether the active cell has to take the focus now; once after each [`Viewport::go_to`].
    pub(super) fn take_focus(self) -> bool {
        let wanted = self.focus_active.get_value();
        self.focus_active.set_value(false);
        wanted
    }

    /// Which of `rows` rows belong in the document: the visible ones and the active one, whose focus
    /// would be lost.
    pub(super) fn wanted_rows(self, rows: usize) -> Vec<usize> {
        let Layout { pitch, height, .. } = self.layout.get();
        if pitch <= 0.0 {
            return Vec::new();
        }
        let top = self.scrolled.get();
        let first = ((top / pitch) as usize).saturating_sub(MARGIN);
        let end = ((top + height) / pitch).ceil() as usize + MARGIN;
        let mut wanted: Vec<usize> = (first.min(rows)..end.min(rows)).collect();
        let active = self.run.active.get() / self.columns();
        if active < rows && !wanted.contains(&active) {
            wanted.push(active);
            wanted.sort_unstable();
        }
        wanted
    }

    /// Removes rows from the document at once, and adds one with each frame: a screenful of them
    /// would block the page.
    pub(super) fn update_rows(self, wanted: Memo<Vec<usize>>) {
        // The grid may have been closed before this frame.
        let (Some(wanted_now), Some(mut rows)) =
            (wanted.try_get_untracked(), self.rows.try_get_untracked())
        else {
            return;
        };
        let before = rows.len();
        rows.retain(|row| wanted_now.contains(row));
        let removed = before - rows.len();
        let next = wanted_now.iter().copied().find(|row| !rows.contains(row));
        if let Some(row) = next {
            rows.push(row);
            rows.sort_unstable();
        }
        let more = rows.len() < wanted_now.len();
        if removed > 0 || next.is_some() {
            self.rows.set(rows);
        }
        if more && !self.adding.get_value() {
            self.adding.set_value(true);
            request_animation_frame(move || {
                if self.adding.try_set_value(false).is_none() {
                    self.update_rows(wanted);
                }
            });
        }
    }

    /// The visitor has scrolled.
    pub(super) fn follow_scroll(self) {
        if let Some(frame) = self.frame.get_untracked() {
            self.scrolled.set(frame.scroll_top().into());
        }
    }

    /// Measures the size of a cell and of a row, which the style sheet decides.
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
            self.layout.set(Layout {
                columns: (row.width() / cell.width()).round() as usize,
                pitch: cell.height(),
                height: frame.client_height().into(),
            });
        }
    }

    /// Measures now, and again whenever the window or the letters change their size.
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

    /// Begins at the poster that was opened last, and at the top after each new selection.
    pub(super) fn restore_position(self) {
        let opened = self.run.active.get_untracked();
        Effect::new(move |before: Option<bool>| {
            let measured = self.layout.with(|layout| layout.pitch > 0.0);
            if measured && before != Some(true) && opened > 0 {
                self.go_to(opened);
            }
            measured
        });
        Effect::new(move |before: Option<()>| {
            self.run.selection.get();
            if let (Some(()), Some(frame)) = (before, self.frame.get_untracked()) {
                frame.set_scroll_top(0);
            }
        });
    }

    /// Scrolls to a position in the order, and gives its cell the focus.
    pub(super) fn go_to(self, position: usize) {
        let Layout {
            columns,
            pitch,
            height,
        } = self.layout.get_untracked();
        if let Some(frame) = self.frame.get_untracked() {
            let row = (position / columns.max(1)) as f64;
            let scrolled = f64::from(frame.scroll_top());
            let lowest = (row + 1.0) * pitch - height;
            let scroll = scrolled.max(lowest).min(row * pitch);
            frame.set_scroll_top(scroll.ceil() as i32);
            self.follow_scroll();
        }
        self.focus_active.set_value(true);
        let active = self.run.active;
        if active.get_untracked() == position {
            active.notify();
        } else {
            active.set(position);
        }
    }
}

/// A `select`'s options: no class, and each class with its number. All cells share this HTML, because
/// a browser parses it in a fraction of the time that it takes to create the elements one by one.
fn class_options(labels: &[String], language: Language) -> String {
    let select = document().create_element("select");
    let option = |value: &str, words: &str| {
        if let (Ok(select), Ok(option)) = (&select, document().create_element("option")) {
            option.set_text_content(Some(words));
            // A new element accepts any attribute and any child.
            _ = option.set_attribute("value", value);
            _ = select.append_child(&option);
        }
    };
    option("", text(language).festival.truth);
    for (class, label) in labels.iter().enumerate() {
        let words = format!("{} {}", class + 1, language.class(label));
        option(&class.to_string(), &words);
    }
    select.map(|it| it.inner_html()).unwrap_or_default()
}

/// The viewport that the grid provides.
pub(super) fn use_viewport() -> Viewport {
    expect_context()
}
