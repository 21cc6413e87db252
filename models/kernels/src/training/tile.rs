//! The pieces that a group's output is computed in.

use std::ops::Range;

use crate::Convolution;

/// Output pixels that are computed at once: enough for a matrix product to be worth its preparation,
/// few enough to stay in a core's cache.
const PIXELS: usize = 384;

/// Rows of output pixels (before a max-pool): some of one sample, or all of several samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tile {
    samples: Range<usize>,
    rows: Range<usize>,
    /// Pixels in a row, and rows of a whole sample.
    size: (usize, usize),
}

impl Tile {
    /// All tiles of a group of `samples`, in order. They end between pairs of rows, so that a 2×2
    /// max-pool never needs two tiles.
    pub(super) fn all(conv: &Convolution, samples: usize) -> impl Iterator<Item = Tile> {
        let (width, height) = (conv.output_width(), conv.output_height());
        let at_once = (PIXELS / (width * height)).max(1);
        let rows = match at_once {
            1 => (PIXELS / width / 2 * 2).clamp(2, height.max(2)),
            _ => height,
        };
        (0..samples).step_by(at_once).flat_map(move |sample| {
            (0..height).step_by(rows).map(move |row| Tile {
                samples: sample..samples.min(sample + at_once),
                rows: row..height.min(row + rows),
                size: (width, height),
            })
        })
    }

    /// All rows of one sample.
    pub(super) fn sample(conv: &Convolution, sample: usize) -> Tile {
        Tile {
            samples: sample..sample + 1,
            rows: 0..conv.output_height(),
            size: (conv.output_width(), conv.output_height()),
        }
    }

    /// Output pixels of the tile.
    pub(super) fn pixels(&self) -> usize {
        self.samples.len() * self.rows.len() * self.size.0
    }

    /// Where the tile is in the group's output of `channels` channels.
    pub(super) fn range(&self, channels: usize) -> Range<usize> {
        let (width, height) = self.size;
        let start = (self.samples.start * height + self.rows.start) * width;
        start * channels..(start + self.pixels()) * channels
    }

    /// Where the inputs of the tile's samples are in the group's input.
    pub(super) fn input_range(&self, conv: &Convolution) -> Range<usize> {
        let sample = conv.width * conv.height * conv.in_channels;
        self.samples.start * sample..self.samples.end * sample
    }

    /// The tile's rows after a 2×2 max-pool: for each, its sample, and its index among the pooled rows
    /// of the whole group. A last odd row is left out.
    pub(super) fn pooled_rows(&self) -> impl Iterator<Item = (usize, usize)> {
        let (height, rows) = (self.size.1, self.rows.clone());
        self.samples.clone().flat_map(move |sample| {
            let pairs = rows.start / 2..rows.end / 2;
            pairs.map(move |pair| (sample, sample * (height / 2) + pair))
        })
    }

    /// For each output pixel, the rows of the kernel that lie, at least in part, within the picture.
    pub(super) fn windows(
        &self,
        conv: &Convolution,
    ) -> impl Iterator<Item = impl Iterator<Item = Window>> {
        let (rows, width) = (self.rows.clone(), self.size.0);
        self.samples.clone().flat_map(move |sample| {
            rows.clone()
                .flat_map(move |row| (0..width).map(move |x| windows(conv, sample, row, x)))
        })
    }
}

/// The part of a row of the kernel that lies within the picture: which of an output pixel's
/// `[kernel, kernel, in_channels]` inputs it covers, and where these are in the group's input.
pub(super) struct Window {
    pub(super) seen: Range<usize>,
    pub(super) input: Range<usize>,
}

fn windows(conv: &Convolution, sample: usize, y: usize, x: usize) -> impl Iterator<Item = Window> {
    let Convolution {
        width,
        height,
        in_channels,
        kernel,
        stride,
        ..
    } = *conv;
    let pad = conv.pad();
    // the part of a kernel's row that lies within the picture
    let first = pad.saturating_sub(x * stride);
    let last = kernel.min((width + pad).saturating_sub(x * stride));
    (0..kernel).filter_map(move |ky| {
        let row = (y * stride + ky).checked_sub(pad)?;
        if row >= height || first >= last {
            return None;
        }
        let start = ((sample * height + row) * width + x * stride + first - pad) * in_channels;
        Some(Window {
            seen: (ky * kernel + first) * in_channels..(ky * kernel + last) * in_channels,
            input: start..start + (last - first) * in_channels,
        })
    })
}
