use std::path::Path;

use anyhow::{Context, Result, ensure};
use marquee_models::file::{Model, Weights};
use marquee_models::math::{sigmoid, softmax};
use marquee_models::shipped;
use safetensors::SafeTensors;

use super::provenance::Provenance;
use crate::dataset::{Dataset, Split};
use crate::device::ComputeDevice;
use crate::evaluation::evaluate;
use crate::progress;

/// Rows that are answered between two steps of the progress bar.
const CHUNK: usize = 1024;

/// The tensors of a file of answers: logits `[row, class]` and `[row, genre]`, points `[row]`.
const CLASSES: &str = "classes";
const GENRES: &str = "genres";
const SCORES: &str = "scores";

/// A teacher's answers about the rows of the training split, for distillation: the student learns
/// them besides the labels. The values of other rows mean nothing.
pub(super) struct TeacherAnswers {
    /// The teacher, in a few words.
    pub(super) name: String,
    /// The command that made the file of answers, if the file says so.
    pub(super) command: Option<String>,
    /// Probabilities, `[row, class]`: the softmax at temperature 1.
    pub(super) classes: Vec<f32>,
    /// Probabilities, `[row, genre]`, if the teacher knows all of the student's genres.
    pub(super) genres: Option<Vec<f32>>,
    /// Points from 0 to 10, `[row]`, if the teacher knows scores.
    pub(super) scores: Option<Vec<f32>>,
}

impl TeacherAnswers {
    /// Runs a network of Marquee's over the training split, or reads a file of answers such as
    /// `trainer/python/teacher.py` writes. `genres` are those that the student learns.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or the teacher was trained on another dataset.
    pub(super) fn load(
        path: &Path,
        dataset: &mut Dataset,
        genres: &[String],
        device: &ComputeDevice,
    ) -> Result<TeacherAnswers> {
        let shown = path.display();
        let bytes =
            shipped::read(path).with_context(|| format!("cannot read the teacher {shown}"))?;
        let is_answers =
            SafeTensors::deserialize(&bytes).is_ok_and(|file| file.tensor(CLASSES).is_ok());
        let answers = match is_answers {
            true => TeacherAnswers::read(&bytes, dataset, genres),
            false => TeacherAnswers::ask(&bytes, dataset, genres, device),
        };
        answers.with_context(|| format!("the teacher {shown}"))
    }

    /// Reads a file of answers, which has a row for each of the manifest's.
    ///
    /// Its metadata names the `teacher`, the `command` that made it, the `dataset`'s hash, and as a
    /// JSON list the `genres`, which may be more than the student learns.
    fn read(bytes: &[u8], dataset: &Dataset, genres: &[String]) -> Result<TeacherAnswers> {
        let provenance = Provenance::read(bytes)?;
        provenance.check_dataset(dataset)?;
        let known: Vec<String> = match provenance.get(GENRES) {
            Some(names) => serde_json::from_str(names).context("its genres are no JSON list")?,
            None => Vec::new(),
        };
        let tensors = Weights::from_bytes(bytes)?;
        let rows = dataset.entries().len();
        let tensor = |name: &str, columns: usize| {
            let values = tensors.values(name);
            ensure!(
                values.len() == rows * columns && values.iter().all(|value| value.is_finite()),
                "its {name} are not {columns} finite numbers for each of {rows} rows"
            );
            Ok(values)
        };
        let labels = dataset.summary().labels.len();
        let column = |genre: &String| known.iter().position(|known| known == genre);
        let columns: Option<Vec<usize>> = genres.iter().map(column).collect();
        let columns = columns.filter(|columns| !columns.is_empty() && tensors.has(GENRES));
        Ok(TeacherAnswers {
            name: provenance
                .get("teacher")
                .unwrap_or("another network")
                .to_owned(),
            command: provenance.get("command").map(str::to_owned),
            classes: softmax_rows(tensor(CLASSES, labels)?, labels),
            genres: match columns {
                Some(columns) => {
                    let logits = tensor(GENRES, known.len())?.chunks_exact(known.len());
                    let chosen = logits.flat_map(|row| columns.iter().map(|&column| row[column]));
                    Some(sigmoids(chosen))
                }
                None => None,
            },
            scores: match tensors.has(SCORES) {
                true => Some(tensor(SCORES, 1)?.to_vec()),
                false => None,
            },
        })
    }

    /// Runs a network over the rows of the training split.
    fn ask(
        bytes: &[u8],
        dataset: &mut Dataset,
        genres: &[String],
        device: &ComputeDevice,
    ) -> Result<TeacherAnswers> {
        let teacher = Model::from_bytes(bytes)?;
        Provenance::read(bytes)?.check_dataset(dataset)?;
        let pixels = dataset.pixels(teacher.network().input)?;
        let labels = teacher.network().classes();
        let rows = dataset.entries().len();
        let mut classes = vec![0.0; rows * labels];
        let knows = !genres.is_empty() && teacher.metadata().genres == genres;
        let mut known = knows.then(|| vec![0.0; rows * genres.len()]);

        let trained = dataset.rows(Split::Train);
        let bar = progress::bar("asking the teacher", trained.len() as u64, "posters");
        for rows in trained.chunks(CHUNK) {
            let answers = evaluate(&teacher, dataset, &pixels, rows, device)?;
            for (&row, (_, logits)) in rows.iter().zip(answers.classes.iter()) {
                classes[row * labels..][..labels].copy_from_slice(logits);
            }
            if let (Some(known), Some(answers)) = (&mut known, &answers.genres) {
                for (&row, logits) in rows.iter().zip(answers.logits.chunks(genres.len())) {
                    known[row * genres.len()..][..genres.len()].copy_from_slice(logits);
                }
            }
            bar.inc(rows.len() as u64);
        }
        bar.finish_and_clear();
        Ok(TeacherAnswers {
            name: teacher.network().name.to_string(),
            command: None,
            classes: softmax_rows(&classes, labels),
            genres: known.map(|logits| sigmoids(logits.into_iter())),
            scores: None,
        })
    }
}

fn softmax_rows(logits: &[f32], classes: usize) -> Vec<f32> {
    let rows = logits.chunks_exact(classes);
    rows.flat_map(|logits| softmax(logits, 1.0)).collect()
}

fn sigmoids(logits: impl Iterator<Item = f32>) -> Vec<f32> {
    logits.map(sigmoid).collect()
}
