use std::path::Path;

use anyhow::{Context, Result, ensure};
use marquee_models::file::{Model, Weights};
use marquee_models::math::{sigmoid, softmax};
use safetensors::SafeTensors;

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

/// What a teacher answers for every row that is trained on; of the others, anything.
pub(super) struct Lessons {
    /// Who the teacher is, in a few words.
    pub(super) teacher: String,
    /// The command that made the file of its answers, where it says so.
    pub(super) command: Option<String>,
    /// Probabilities, `[row, class]`.
    pub(super) classes: Vec<f32>,
    /// Probabilities, `[row, genre]`, where the teacher knows the genres.
    pub(super) genres: Option<Vec<f32>>,
    /// Points, `[row]`, where it knows those.
    pub(super) scores: Option<Vec<f32>>,
}

/// Asks a teacher: a network of Marquee's, or a file of answers that another has given, such as
/// `trainer/python/teacher.py` writes.
///
/// # Errors
///
/// Where the file cannot be read, or the teacher was trained on another dataset: it may know the
/// films that the pupil is to be judged by.
pub(super) fn lessons(
    path: &Path,
    dataset: &mut Dataset,
    genres: &[String],
    device: &ComputeDevice,
) -> Result<Lessons> {
    let shown = path.display();
    let bytes = std::fs::read(path).with_context(|| format!("cannot read the teacher {shown}"))?;
    let answers = SafeTensors::deserialize(&bytes).is_ok_and(|file| file.tensor(CLASSES).is_ok());
    let lessons = match answers {
        true => Lessons::read(&bytes, dataset, genres),
        false => Lessons::ask(&bytes, dataset, genres, device),
    };
    lessons.with_context(|| format!("the teacher {shown}"))
}

impl Lessons {
    /// From a file of answers: its rows are the manifest's, its metadata names the `teacher`, the
    /// `command` that made it, the `dataset`'s hash, and the `genres`, of which there may be more than the pupil is to learn, as a
    /// JSON list.
    fn read(bytes: &[u8], dataset: &Dataset, genres: &[String]) -> Result<Lessons> {
        let (_, metadata) = SafeTensors::read_metadata(bytes)?;
        let metadata = metadata.metadata().clone().unwrap_or_default();
        let hash = metadata.get("dataset").map_or("", String::as_str);
        check_dataset(hash, dataset)?;
        let theirs: Vec<String> = match metadata.get(GENRES) {
            Some(names) => serde_json::from_str(names).context("its genres are no JSON list")?,
            None => Vec::new(),
        };
        let file = SafeTensors::deserialize(bytes)?;
        let has = |name| file.tensor(name).is_ok();
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
        let column = |genre: &String| theirs.iter().position(|theirs| theirs == genre);
        let columns: Option<Vec<usize>> = genres.iter().map(column).collect();
        let teacher = metadata.get("teacher");
        Ok(Lessons {
            teacher: teacher.map_or("another network", String::as_str).to_owned(),
            command: metadata.get("command").cloned(),
            classes: each_softmax(tensor(CLASSES, labels)?, labels),
            genres: match columns.filter(|columns| !columns.is_empty() && has(GENRES)) {
                Some(columns) => {
                    let logits = tensor(GENRES, theirs.len())?.chunks_exact(theirs.len());
                    let chosen = logits.flat_map(|row| columns.iter().map(|&column| row[column]));
                    Some(each_sigmoid(chosen))
                }
                None => None,
            },
            scores: match has(SCORES) {
                true => Some(tensor(SCORES, 1)?.to_vec()),
                false => None,
            },
        })
    }

    /// From a network, which is run on every row.
    fn ask(
        bytes: &[u8],
        dataset: &mut Dataset,
        genres: &[String],
        device: &ComputeDevice,
    ) -> Result<Lessons> {
        let teacher = Model::from_bytes(bytes)?;
        check_dataset(&teacher.metadata().dataset, dataset)?;
        let pixels = dataset.pixels(teacher.network().input)?;
        let labels = teacher.network().classes();
        let rows = dataset.entries().len();
        let mut classes = vec![0.0; rows * labels];
        let knows = !genres.is_empty() && teacher.metadata().genres == genres;
        let mut known = knows.then(|| vec![0.0; rows * genres.len()]);

        let trained = dataset.rows(Split::Train);
        let bar = progress::bar("asking the teacher", trained.len(), "posters");
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
        Ok(Lessons {
            teacher: teacher.network().name.to_string(),
            command: None,
            classes: each_softmax(&classes, labels),
            genres: known.map(|logits| each_sigmoid(logits.into_iter())),
            scores: None,
        })
    }
}

fn check_dataset(hash: &str, dataset: &Dataset) -> Result<()> {
    ensure!(
        hash == dataset.summary().hash,
        "it was trained on another dataset, and may know the films that its pupil is to be judged by; \
         train it on this one"
    );
    Ok(())
}

fn each_softmax(logits: &[f32], classes: usize) -> Vec<f32> {
    let rows = logits.chunks_exact(classes);
    rows.flat_map(|logits| softmax(logits, 1.0)).collect()
}

fn each_sigmoid(logits: impl Iterator<Item = f32>) -> Vec<f32> {
    logits.map(sigmoid).collect()
}
