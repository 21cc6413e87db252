//! Charts, as SVG within a page's HTML.
//!
//! Every chart is drawn in a few widths, and `page.css` shows the one that fits: a single one, scaled
//! down, would be unreadable on a phone. Charts are drawn in the light scheme's colours, which
//! `page.css` replaces in the dark scheme.

mod axis;
mod label;

pub(crate) use axis::{Axis, round_step, ticks};
pub(crate) use label::{label_style, shortened, text_width};

use anyhow::Result;
use maud::{Markup, PreEscaped, html};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

/// Colour of the text that matters.
pub(crate) const INK: RGBColor = RGBColor(0x2b, 0x20, 0x19);
/// Colour of other text.
pub(crate) const QUIET: RGBColor = RGBColor(0x6a, 0x57, 0x4a);
/// Colour of axes and grids.
pub(crate) const LINE: RGBColor = RGBColor(0xdd, 0xcd, 0xb4);

/// Colours of the series of a chart. They differ in lightness, too, for readers who cannot tell the
/// hues apart. `page.css` has a class `series-N` for each.
pub(crate) const SERIES: [RGBColor; 5] = [
    RGBColor(0xc8, 0xb2, 0x92),
    RGBColor(0xbf, 0x87, 0x36),
    RGBColor(0x8f, 0x1f, 0x17),
    RGBColor(0x3c, 0x59, 0x66),
    RGBColor(0x7b, 0x86, 0x5a),
];

/// Colour of a chart's only series.
pub(crate) const ACCENT: RGBColor = SERIES[2];

/// The widths in pixels that a chart is drawn in, each with the class that `page.css` shows it by.
#[derive(Clone, Copy)]
pub(crate) struct Widths([(&'static str, u32); 3]);

impl Widths {
    /// As wide as the page.
    pub(crate) const FULL: Widths = Widths([("wide", 1000), ("medium", 660), ("narrow", 320)]);
    /// Next to a table, where the page is wide.
    pub(crate) const HALF: Widths = Widths([("wide", 560), ("medium", 660), ("narrow", 320)]);
    /// Next to another chart, where the page is wide.
    pub(crate) const PAIR: Widths = Widths([("wide", 450), ("medium", 660), ("narrow", 320)]);
}

/// A chart in each of its widths. `draw` returns the SVG of a width in pixels; `description` is for
/// readers who do not see it.
pub(crate) fn figure(
    description: &str,
    widths: Widths,
    draw: impl Fn(u32) -> Result<String>,
) -> Result<Markup> {
    Ok(html! {
        div.chart role="img" aria-label=(description) {
            @for (class, width) in widths.0 {
                div class=(class) { (PreEscaped(draw(width)?)) }
            }
        }
    })
}

/// What a chart is drawn on; its coordinates are pixels.
pub(crate) type Canvas<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Draws an SVG of this size in pixels.
pub(crate) fn svg(size: (u32, u32), draw: impl FnOnce(&Canvas) -> Result<()>) -> Result<String> {
    let mut svg = String::new();
    {
        let canvas = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        draw(&canvas)?;
        canvas.present()?;
    }
    Ok(svg)
}

/// A canvas with two axes; its coordinates are their values.
pub(crate) type Plot<'a, 'b> = ChartContext<'b, SVGBackend<'a>, Cartesian2d<Axis, Axis>>;

/// How much space is left around a plot, and what is written there.
pub(crate) struct Frame {
    /// Pixels to the right of it.
    pub(crate) right: i32,
    /// The titles of the horizontal and the vertical axis. With titles there are grid lines in both
    /// directions, without only for the vertical axis.
    pub(crate) titles: Option<[&'static str; 2]>,
}

impl Frame {
    /// Pixels above the plot.
    pub(crate) fn top(&self) -> i32 {
        if self.titles.is_some() { 30 } else { 10 }
    }

    /// Pixels below the plot.
    pub(crate) fn bottom(&self) -> i32 {
        if self.titles.is_some() { 52 } else { 28 }
    }

    /// Draws the axes `x` and `y`, with labels and titles, over the whole canvas.
    pub(crate) fn draw<'a, 'b>(
        &self,
        canvas: &Canvas<'a>,
        x: Axis,
        y: Axis,
    ) -> Result<Plot<'a, 'b>> {
        let (x_labels, y_labels) = (x.ticks.clone(), y.ticks.clone());
        let mut plot = ChartBuilder::on(canvas)
            .margin_top(self.top())
            .margin_right(self.right)
            .set_label_area_size(LabelAreaPosition::Left, y.label_width())
            .set_label_area_size(LabelAreaPosition::Bottom, self.bottom())
            .build_cartesian_2d(x, y)?;
        let [x_label, y_label] = [x_labels, y_labels].map(|labels| {
            move |at: &f64| {
                let label = labels.iter().find(|(tick, _)| tick == at);
                label.map_or_else(String::new, |(_, label)| label.clone())
            }
        });
        let mut mesh = plot.configure_mesh();
        mesh.set_all_tick_mark_size(4)
            .axis_style(LINE)
            .bold_line_style(LINE)
            .light_line_style(TRANSPARENT)
            .x_label_style(label_style(QUIET, HPos::Center))
            .y_label_style(label_style(QUIET, HPos::Right))
            .x_label_formatter(&x_label)
            .y_label_formatter(&y_label);
        if self.titles.is_none() {
            mesh.disable_x_mesh();
        }
        mesh.draw()?;
        if let Some([horizontal, vertical]) = self.titles {
            let (width, height) = canvas.dim_in_pixel();
            let corner = (
                i32::try_from(width)? - self.right,
                i32::try_from(height)? - 10,
            );
            canvas.draw_text(vertical, &label_style(QUIET, HPos::Left), (0, 8))?;
            canvas.draw_text(horizontal, &label_style(QUIET, HPos::Right), corner)?;
        }
        Ok(plot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_a_dark_colour_for_every_light_one() {
        let style = include_str!("page.css");
        for RGBColor(red, green, blue) in [INK, QUIET, LINE].iter().chain(&SERIES) {
            let colour = format!("=\"#{red:02X}{green:02X}{blue:02X}\"]");
            assert!(style.contains(&colour), "{colour}");
        }
    }
}
