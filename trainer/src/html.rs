//! What `dataset.html` and `report.html` share: the page, its sections and tables, charts, numbers.
//!
//! A page is a single file without scripts that loads nothing, so it opens from any disk, in any
//! year. [`maud`] escapes every text in it, such as the titles of films, unless it is `PreEscaped`.

pub(crate) mod charts;
pub(crate) mod numbers;

use maud::{DOCTYPE, Markup, PreEscaped, Render, html};

const STYLE: &str = include_str!("html/page.css");

/// The whole HTML document. `style` is CSS that only this page needs.
pub(crate) fn document(title: &str, style: &str, header: &Markup, sections: &[Markup]) -> String {
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { (title) }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                style { (PreEscaped(STYLE)) (PreEscaped(style)) }
            }
            body {
                (header)
                main { @for section in sections { (section) } }
            }
        }
    };
    document.into_string()
}

/// The sign above a page with a small and a large line, then facts as (name, value), and the content
/// hash of the dataset.
pub(crate) fn header(
    small: &str,
    large: &str,
    facts: &[(impl Render, String)],
    hash: &str,
) -> Markup {
    html! {
        header {
            h1 { span.above { (small) } " " span.below { (large) } }
            dl.facts {
                @for (name, value) in facts {
                    div { dt { (name) } dd { (value) } }
                }
            }
            p.hash { "Content hash " code { (hash) } }
        }
    }
}

/// A part of the page under its headline.
pub(crate) fn section(headline: &str, content: &Markup) -> Markup {
    html! { section { h2 { (headline) } (content) } }
}

/// A section that has nothing to show, and says why.
pub(crate) fn empty_section(headline: &str, reason: impl Render) -> Markup {
    section(headline, &nothing(reason))
}

/// A sentence in place of something that is not there.
pub(crate) fn nothing(sentence: impl Render) -> Markup {
    html! { p.nothing { (sentence) } }
}

/// A table, which scrolls sideways where the page is too narrow. The first cell of each row is the
/// row's name. `columns` may be empty; `totals` are rows at the foot. `class` is for the style.
pub(crate) fn table(
    class: Option<&str>,
    columns: &[&str],
    rows: &[Vec<Markup>],
    totals: &[Vec<Markup>],
) -> Markup {
    let row = |cells: &[Markup]| {
        html! {
            tr {
                @for (index, cell) in cells.iter().enumerate() {
                    @if index == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
                }
            }
        }
    };
    html! {
        div.scroll tabindex="0" {
            table class=[class] {
                @if !columns.is_empty() {
                    thead { tr { @for name in columns { th scope="col" { (name) } } } }
                }
                tbody { @for cells in rows { (row(cells)) } }
                @if !totals.is_empty() {
                    tfoot { @for cells in totals { (row(cells)) } }
                }
            }
        }
    }
}

/// A table of names and values.
pub(crate) fn pairs<const N: usize>(rows: [(&str, Markup); N]) -> Markup {
    let rows = rows.map(|(name, value)| vec![name.render(), value]);
    table(Some("pairs"), &[], &rows, &[])
}

/// The legend of a chart: each series, as an index into [`charts::SERIES`], and its name.
pub(crate) fn legend(entries: impl IntoIterator<Item = (usize, Markup)>) -> Markup {
    html! {
        ul.legend {
            @for (series, name) in entries {
                li { i class={ "series-" (series) } {} (name) }
            }
        }
    }
}
