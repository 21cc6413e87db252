use std::path::Path;

use anyhow::{Context, Result, ensure};
use marquee_models::file::Model;

use super::evaluate;
use crate::dataset::{Dataset, Split};
use crate::device::TrainingDevice;
use crate::progress;

/// What a teacher's logits are divided by: its doubts are what is to be learned (Hinton et al.
/// 2015).
const TEMPERATURE: f32 = 2.0;

/// Rows that are answered between two steps of the progress bar.
const CHUNK: usize = 1024;

/// A teacher's probabilities for every row that is trained on, `[row, class]`; zeros for the others.
///
/// # Errors
///
/// Where the file cannot be read, or the teacher was trained on another dataset: it may know the
/// films that the pupil is to be judged by.
pub(super) fn probabilities(
    path: &Path,
    dataset: &mut Dataset,
    device: &TrainingDevice,
) -> Result<Vec<f32>> {
    let shown = path.display();
    let bytes = std::fs::read(path).with_context(|| format!("cannot read the teacher {shown}"))?;
    let teacher = Model::from_bytes(&bytes).with_context(|| format!("the teacher {shown}"))?;
    ensure!(
        teacher.card().dataset == dataset.summary().hash,
        "the teacher {shown} was trained on another dataset, and may know the films that its pupil \
         is to be judged by; train it on this one"
    );
    let pixels = dataset.pixels(teacher.network().input)?;
    let classes = teacher.network().classes();
    let mut card = teacher.card().clone();
    card.temperature = TEMPERATURE;

    let rows = dataset.rows(Split::Train);
    let mut probabilities = vec![0.0; dataset.entries().len() * classes];
    let bar = progress::bar("asking the teacher", rows.len(), "posters");
    for rows in rows.chunks(CHUNK) {
        let answers = evaluate(&teacher, dataset, &pixels, rows, device)?.classes;
        for (&row, (_, logits)) in rows.iter().zip(answers.iter()) {
            let answer = card.probabilities(logits);
            probabilities[row * classes..][..classes].copy_from_slice(&answer);
        }
        bar.inc(rows.len() as u64);
    }
    bar.finish_and_clear();
    Ok(probabilities)
}
