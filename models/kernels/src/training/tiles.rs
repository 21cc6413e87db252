use std::ops::Range;

use crate::Convolution;

/// Output pixels that are worked on at once: enough for a product to be worth its preparation, few
/// enough to stay in a core's cache.
const PIXELS: usize = 384;

/// Rows of output pixels: some of one sample's, or all of several samples'.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tile {
    samples: Range<usize>,
    rows: Range<usize>,
    /// Pixels in a row, and rows of a whole sample.
    size: (usize, usize),
}

impl Tile {
    /// All tiles of so many samples, in order; only whole pairs of rows are parted.
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

    pub(super) fn pixels(&self) -> usize {
        self.samples.len() * self.rows.len() * self.size.0
    }

    /// Where the tile lies among the group's output.
    pub(super) fn range(&self, channels: usize) -> Range<usize> {
        let (width, height) = self.size;
        let start = (self.samples.start * height + self.rows.start) * width;
        start * channels..(start + self.pixels()) * channels
    }

    /// Where the tile lies among the group's output after a 2×2 max-pool; an odd row at the end is
    /// none.
    pub(super) fn pooled_rows(&self) -> impl Iterator<Item = (usize, usize)> {
        let (height, rows) = (self.size.1, self.rows.clone());
        self.samples.clone().flat_map(move |sample| {
            let pairs = rows.start / 2..rows.end / 2;
            pairs.map(move |pair| (sample, sample * (height / 2) + pair))
        })
    }

    /// Rows of the tile, all samples' together.
    pub(super) fn row_of(&self, sample: usize, row: usize) -> usize {
        (sample - self.samples.start) * self.rows.len() + row - self.rows.start
    }

    /// What each output pixel sees: a row of `[kernel, kernel, in_channels]` per pixel, with zeros beyond
    /// the border. It is laid out in `columns`, unless it stands in the input as it is.
    pub(super) fn seen<'a>(
        &self,
        conv: &Convolution,
        input: &'a [f32],
        columns: &'a mut Vec<f32>,
    ) -> &'a [f32] {
        if conv.pointwise() {
            return &input[self.range(conv.in_channels)];
        }
        columns.clear();
        columns.resize(self.pixels() * conv.taps(), 0.0);
        let seen = columns.chunks_exact_mut(conv.taps());
        for (seen, windows) in seen.zip(self.windows(conv)) {
            for window in windows {
                seen[window.seen].copy_from_slice(&input[window.input]);
            }
        }
        columns
    }

    /// Adds to each input what the pixels that see it have for it: the reverse of
    /// [`seen`](Self::seen).
    pub(super) fn add_columns(&self, conv: &Convolution, columns: &[f32], input: &mut [f32]) {
        let seen = columns.chunks_exact(conv.taps());
        for (seen, windows) in seen.zip(self.windows(conv)) {
            for window in windows {
                for (input, value) in input[window.input].iter_mut().zip(&seen[window.seen]) {
                    *input += value;
                }
            }
        }
    }

    /// The rows of the kernel for each output pixel.
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

/// A row of the kernel: which of the numbers an output pixel sees it gives, and where they stand in
/// the input.
pub(super) struct Window {
    pub(super) seen: Range<usize>,
    pub(super) input: Range<usize>,
}

/// The rows of the kernel that lie, at least in part, within the picture.
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
