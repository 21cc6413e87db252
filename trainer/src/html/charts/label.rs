//! Text within a chart, and how much space it needs.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Height of a chart's text in pixels.
const TEXT: i32 = 14;

/// Text of this colour; `anchor` says which side of it is at the point where it is drawn.
pub(crate) fn label_style(colour: RGBColor, anchor: HPos) -> TextStyle<'static> {
    TextStyle {
        // plotters divides an SVG's sizes by this; the page's own font replaces the family.
        font: ("sans-serif", f64::from(TEXT) * 1.24).into_font(),
        color: colour.to_backend_color(),
        pos: Pos::new(anchor, VPos::Center),
    }
}

/// About how many pixels wide a text is. Fonts differ: this is an upper estimate.
pub(crate) fn text_width(text: &str) -> i32 {
    let ems: f64 = text.chars().map(ems).sum();
    (ems * f64::from(TEXT)).ceil() as i32
}

/// About how wide a character is, as a share of the text's height.
fn ems(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | ' ' | '.' | ',' | '\'' | '|' | '-' => 0.4,
        'm' | 'w' | 'M' | 'W' | '@' | '&' | '%' | '…' => 0.95,
        other if !other.is_ascii() => 1.0,
        other if other.is_ascii_uppercase() => 0.72,
        _ => 0.6,
    }
}

/// The text, cut off with an ellipsis where it is wider than `room` pixels.
pub(crate) fn shortened(text: &str, room: i32) -> String {
    if text_width(text) <= room {
        return text.to_owned();
    }
    let room = f64::from(room) - ems('…') * f64::from(TEXT);
    let mut used = 0.0;
    let start = text.chars().take_while(|character| {
        used += ems(*character) * f64::from(TEXT);
        used <= room
    });
    let start: String = start.collect();
    format!("{}…", start.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_cut_only_where_it_is_too_long() {
        assert_eq!(shortened("Comedy&Drama", 120), "Comedy&Drama");
        let cut = shortened("A class with a name that is longer than its chart", 150);
        assert!(
            cut.starts_with("A class with a") && cut.ends_with('…'),
            "{cut}"
        );
        assert!(text_width(&cut) <= 150);
        assert_eq!(shortened("코미디와 드라마와 액션", 40), "코…");
    }
}
