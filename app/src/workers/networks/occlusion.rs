//! What mattered in a poster: how much less likely its class is with each place covered
//! (occlusion: Zeiler & Fergus 2014, "Visualizing and Understanding Convolutional Networks").

use marquee_app::protocol::networks_worker::OcclusionMap;
use marquee_models::file::Metadata;
use marquee_models::math::argmax;
use marquee_models::preprocess::{Rgb8, normalise};
use marquee_models::simd::Executor;

/// The most places in a row, whatever the network's input.
const COLUMNS: usize = 10;

/// Covers each place in turn with a square twice as wide, and runs the network on a row of places at a
/// time: all of them at once would take 100 MB. The square has the mean colour by which the network's inputs are normalised. `poster` has
/// the size of the network's input, and `id` is the request's.
pub(crate) fn map(
    id: u32,
    metadata: &Metadata,
    executor: &Executor,
    poster: &Rgb8,
) -> OcclusionMap {
    let step = metadata.input.width.div_ceil(COLUMNS);
    let columns = poster.width.div_ceil(step);
    let rows = poster.height.div_ceil(step);
    let first = executor.run(&normalise(poster, &metadata.mean, &metadata.std));
    let each = first.len();
    let first = metadata.probabilities(&first);
    let winner = argmax(&first);
    let mut drops = Vec::with_capacity(rows * columns);
    for row in 0..rows {
        let mut inputs = Vec::new();
        for column in 0..columns {
            let covered = cover(metadata, poster, column * step, row * step, step);
            inputs.extend(normalise(&covered, &metadata.mean, &metadata.std));
        }
        let outputs = executor.run(&inputs);
        let answers = outputs.chunks_exact(each);
        drops
            .extend(answers.map(|outputs| first[winner] - metadata.probabilities(outputs)[winner]));
    }
    OcclusionMap {
        id,
        columns: columns as u32,
        rows: rows as u32,
        drops,
    }
}

/// The poster with a square over a place, and over half a place on each side of it.
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
