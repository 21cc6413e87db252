//! Pages that are one file and need nothing else: `dataset.html` and `report.html`.
//!
//! There is no script in them and nothing is loaded, so they can be opened from any disk, in any
//! year.

pub(crate) mod charts;
pub(crate) mod text;

use text::escape;

const STYLE: &str = include_str!("html/page.css");

/// The whole HTML document; title and parts are HTML, not text. `style` is CSS that this page alone
/// needs.
pub(crate) fn document(title: &str, style: &str, head: &str, main: &str) -> String {
    format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<style>
{STYLE}{style}</style>
</head>
<body>
{head}<main>
{main}</main>
</body>
</html>
"#
    )
}

/// The sign above a page with its small and its large line, facts by their names, and the content
/// hash of the dataset.
pub(crate) fn head(above: &str, below: &str, facts: &[(String, String)], hash: &str) -> String {
    let facts: String = facts
        .iter()
        .map(|(name, value)| {
            format!(
                "<div><dt>{}</dt><dd>{}</dd></div>\n",
                escape(name),
                escape(value)
            )
        })
        .collect();
    format!(
        r#"<header>
<h1><span class="above">{above}</span> <span class="below">{below}</span></h1>
<dl class="facts">
{facts}</dl>
<p class="hash">Content hash <code>{hash}</code></p>
</header>
"#,
        above = escape(above),
        below = escape(below),
        hash = escape(hash),
    )
}

/// A part of the page under its headline.
pub(crate) fn section(headline: &str, content: &str) -> String {
    format!("<section>\n<h2>{headline}</h2>\n{content}</section>\n")
}

/// What stands where there is nothing to show.
pub(crate) fn nothing(sentence: &str) -> String {
    format!("<p class=\"nothing\">{sentence}</p>\n")
}
