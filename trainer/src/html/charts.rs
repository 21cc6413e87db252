//! Charts, as SVG within a page's HTML.
//!
//! Every chart is drawn for a few widths, and `page.css` shows the one that fits: scaling a single
//! one would leave its text unreadable on a phone. They are drawn in the light scheme's colours,
//! which `page.css` replaces in the dark one.

use std::fmt::Write as _;
use std::ops::Range;

use anyhow::Result;
use plotters::chart::MeshStyle;
use plotters::coord::Shift;
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::text::escape;

pub(crate) const INK: RGBColor = RGBColor(0x2b, 0x20, 0x19);
pub(crate) const QUIET: RGBColor = RGBColor(0x6a, 0x57, 0x4a);
pub(crate) const LINE: RGBColor = RGBColor(0xdd, 0xcd, 0xb4);

/// One series after the other. Their lightness differs, for those who cannot tell the colours apart.
pub(crate) const SERIES: [RGBColor; 5] = [
    RGBColor(0xc8, 0xb2, 0x92),
    RGBColor(0xbf, 0x87, 0x36),
    RGBColor(0x8f, 0x1f, 0x17),
    RGBColor(0x3c, 0x59, 0x66),
    RGBColor(0x7b, 0x86, 0x5a),
];

/// What is not one of several series.
pub(crate) const ACCENT: RGBColor = SERIES[2];

/// Height of a chart's text in pixels.
pub(crate) const TEXT: i32 = 14;

/// The looks of a chart's axes.
pub(crate) fn quiet<'b, X: Ranged, Y: Ranged, DB: DrawingBackend>(
    mesh: &mut MeshStyle<'_, 'b, X, Y, DB>,
) {
    mesh.set_all_tick_mark_size(4)
        .axis_style(LINE)
        .bold_line_style(LINE)
        .light_line_style(TRANSPARENT)
        .x_label_style(text(QUIET, HPos::Center))
        .y_label_style(text(QUIET, HPos::Right));
}

/// The colour of a series, as the number of a class in `page.css`.
pub(crate) fn series(index: usize) -> usize {
    index % SERIES.len()
}

/// Widths in pixels that a chart is drawn in.
#[derive(Clone, Copy)]
pub(crate) struct Views([(&'static str, u32); 3]);

impl Views {
    /// As wide as the page.
    pub(crate) const FULL: Views = Views([("wide", 1000), ("medium", 660), ("narrow", 320)]);
    /// One of two beside each other, where the page is wide.
    pub(crate) const PAIR: Views = Views([("wide", 450), ("medium", 660), ("narrow", 320)]);
    /// Beside a table, where the page is wide.
    pub(crate) const HALF: Views = Views([("wide", 560), ("medium", 660), ("narrow", 320)]);
}

/// A chart in each of its widths; `description` is for those who do not see it.
pub(crate) fn figure(
    description: &str,
    views: Views,
    draw: impl Fn(u32) -> Result<String>,
) -> Result<String> {
    let mut html = format!(
        "<div class=\"chart\" role=\"img\" aria-label=\"{}\">\n",
        escape(description)
    );
    for (view, width) in views.0 {
        let svg = draw(width)?;
        write!(html, "<div class=\"{view}\">\n{svg}</div>\n")?;
    }
    html += "</div>\n";
    Ok(html)
}

pub(crate) type Canvas<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Draws an SVG of this size.
pub(crate) fn svg(size: (u32, u32), draw: impl FnOnce(&Canvas) -> Result<()>) -> Result<String> {
    let mut svg = String::new();
    {
        let canvas = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        draw(&canvas)?;
        canvas.present()?;
    }
    Ok(svg)
}

/// Text of this colour that is to the given side of its point, or around it.
pub(crate) fn text(colour: RGBColor, side: HPos) -> TextStyle<'static> {
    TextStyle {
        // plotters divides an SVG's sizes by this; the page's own font replaces the family.
        font: ("sans-serif", f64::from(TEXT) * 1.24).into_font(),
        color: colour.to_backend_color(),
        pos: Pos::new(side, VPos::Center),
    }
}

/// An axis whose numbers are where its chart wants them: plotters would place them by a guess at
/// how large they are.
pub(crate) struct Ticked {
    pub(crate) range: Range<f64>,
    pub(crate) ticks: Vec<f64>,
}

impl Ranged for Ticked {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (start, end): (i32, i32)) -> i32 {
        let share = (value - self.range.start) / (self.range.end - self.range.start);
        start + (share * f64::from(end - start)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks.clone()
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

/// About how many pixels wide a text is. Fonts differ; this is rather too much than too little.
pub(crate) fn text_width(text: &str) -> i32 {
    let ems: f64 = text.chars().map(ems).sum();
    (ems * f64::from(TEXT)).ceil() as i32
}

fn ems(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | ' ' | '.' | ',' | '\'' | '|' | '-' => 0.4,
        'm' | 'w' | 'M' | 'W' | '@' | '&' | '%' | '…' => 0.95,
        other if !other.is_ascii() => 1.0,
        other if other.is_ascii_uppercase() => 0.72,
        _ => 0.6,
    }
}

/// The text, or as much of its start as there is room for.
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

/// The smallest of 1, 2, 5, 10, 20, 50, … that is no less.
pub(crate) fn round_step(least: f64) -> f64 {
    let mut power = 1.0;
    loop {
        for factor in [1.0, 2.0, 5.0] {
            if factor * power >= least {
                return factor * power;
            }
        }
        power *= 10.0;
    }
}

/// From, and every step up to and with the last.
pub(crate) fn ticks(from: f64, last: f64, step: f64) -> Vec<f64> {
    let several = ((last - from) / step).floor();
    if several < 0.0 {
        return Vec::new();
    }
    (0..=several as usize)
        .map(|index| from + index as f64 * step)
        .collect()
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

    #[test]
    fn steps_are_round() {
        let steps = [0.0, 1.0, 1.5, 3.0, 7.0, 11.0, 23.0, 5_001.0].map(round_step);
        assert_eq!(steps, [1.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 10_000.0]);
    }

    #[test]
    fn the_page_has_a_dark_colour_for_every_light_one() {
        let style = include_str!("page.css");
        for RGBColor(red, green, blue) in [INK, QUIET, LINE].iter().chain(&SERIES) {
            let colour = format!("=\"#{red:02X}{green:02X}{blue:02X}\"]");
            assert!(style.contains(&colour), "{colour}");
        }
    }
}
