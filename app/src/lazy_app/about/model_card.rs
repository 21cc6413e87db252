//! A model card: Markdown as HTML.

use pulldown_cmark::{Alignment, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// A model card's Markdown as HTML, with its headings below the page's own. Metadata and raw HTML are
/// left out.
pub(super) fn to_html(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let events = Parser::new_ext(markdown, options).filter_map(|event| match event {
        Event::Html(_) | Event::InlineHtml(_) => None,
        Event::Start(Tag::Heading {
            level,
            id,
            classes,
            attrs,
        }) => Some(Event::Start(Tag::Heading {
            level: below(level),
            id,
            classes,
            attrs,
        })),
        Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(below(level)))),
        // Aligned columns would need inline styles, which the content security policy forbids.
        Event::Start(Tag::Table(columns)) => {
            let columns = vec![Alignment::None; columns.len()];
            Some(Event::Start(Tag::Table(columns)))
        }
        event => Some(event),
    });
    let mut html = String::new();
    html::push_html(&mut html, events);
    // A table's empty corner is not a heading.
    html.replace("<th></th>", "<td></td>")
}

/// Two levels down, because the card is inside a section and a subsection of the page.
fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_keeps_its_tables_and_loses_what_is_not_for_readers() {
        let html = to_html(
            "---\nlicense: other\n---\n# mine\n\n<script>alert(1)</script>\n\nA <b onclick=x>word</b>.\n\n\
             ## Data\n\n| | b |\n|---|---:|\n| 1 | 2 |\n",
        );
        assert!(!html.contains("license"), "{html}");
        assert!(
            !html.contains("<script") && !html.contains("onclick"),
            "{html}"
        );
        assert!(html.contains("<h3>mine</h3>"), "{html}");
        assert!(html.contains("<h4>Data</h4>"), "{html}");
        assert!(html.contains("<td></td><th>b</th>"), "{html}");
        assert!(html.contains("<td>1</td><td>2</td>"), "{html}");
        assert!(html.contains("A word."), "{html}");
    }
}
