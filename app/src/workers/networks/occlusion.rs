//! What mattered in a poster: how much less likely its class is with each place covered
//! (occlusion: Zeiler & Fergus 2014, "Visualizing and Understanding Convolutional Networks").

use marquee_models::file::Metadata;
use marquee_models::math::argmax;
use marquee_models::preprocess::{Rgb8, normalise};
use marquee_models::simd::Executor;

/// The most places in a row, whatever the network's input.
const COLUMNS: usize = 12;

/// How much less likely the class is with each place covered.
pub(crate) struct Map {
    /// Places in a row.
    pub(crate) columns: usize,
    /// Rows.
    pub(crate) rows: usize,
    /// The class's probability less the one with the place covered, row by row.
    pub(crate) drops: Vec<f32>,
}

/// Covers each place in turn by a square twice as wide, in the colour around which the network's
/// inputs are normalised, and runs the network on all of them in one batch.
pub(crate) fn occlusion(metadata: &Metadata, executor: &Executor, poster: &Rgb8) -> Map {
    let step = metadata.input.width.div_ceil(COLUMNS);
    let columns = poster.width.div_ceil(step);
    let rows = poster.height.div_ceil(step);
    let mut inputs = normalise(poster, &metadata.mean, &metadata.std);
    let whole = inputs.len();
    for row in 0..rows {
        for column in 0..columns {
            let covered = cover(metadata, poster, column * step, row * step, step);
            inputs.extend(normalise(&covered, &metadata.mean, &metadata.std));
        }
    }
    let outputs = executor.run(&inputs);
    let each = outputs.len() / (inputs.len() / whole);
    let mut answers = outputs.chunks_exact(each);
    let first = answers
        .next()
        .map(|outputs| metadata.probabilities(outputs));
    let first = first.unwrap_or_default();
    let winner = argmax(&first);
    Map {
        columns,
        rows,
        drops: answers
            .map(|outputs| first[winner] - metadata.probabilities(outputs)[winner])
            .collect(),
    }
}

/// The poster with a square over a place and half a place around it.
fn cover(metadata: &Metadata, poster: &Rgb8, left: usize, top: usize, step: usize) -> Rgb8 {
    let grey = metadata.mean.map(|mean| (mean * 255.0).round() as u8);
    let mut covered = poster.clone();
    let half = step / 2;
    let across = left.saturating_sub(half)..(left + step + half).min(poster.width);
    for y in top.saturating_sub(half)..(top + step + half).min(poster.height) {
        for x in across.clone() {
            let at = (y * poster.width + x) * grey.len();
            covered.pixels[at..at + grey.len()].copy_from_slice(&grey);
        }
    }
    covered
}
