//! What is measured about a network.

mod genres;
mod part;
mod score;
mod such_genre;

pub use genres::GenreMetrics;
pub use part::Part;
pub use score::ScoreMetrics;
pub use such_genre::SuchGenre;

use std::collections::BTreeMap;

use anyhow::Result;
use marquee_models::file::Model;
use marquee_models::network::Task;
use serde::Serialize;

use crate::dataset::{Dataset, Pixels, Split};
use crate::device::ComputeDevice;
use crate::evaluation::abstention::Abstention;
use crate::evaluation::bootstrap::Interval;
use crate::evaluation::metrics::{ClassScore, macro_f1_and_accuracy};
use crate::evaluation::{Evaluation, evaluate};

/// How good a network is on the films of a split. The intervals hold 95 % of bootstrap resamples of
/// the films, see [`estimate`](crate::evaluation::bootstrap::estimate).
#[derive(Clone, Debug, Serialize)]
pub struct Metrics {
    /// The split.
    pub split: Split,
    /// Films in it.
    pub films: usize,
    /// Whether the network was trained on this dataset. If it was, it has not seen the films of the
    /// test split.
    pub trained_on_this_dataset: bool,
    /// Macro-F1, 0 to 1.
    pub macro_f1: f64,
    /// Its interval.
    pub macro_f1_interval: Interval,
    /// The mean of the macro-F1 of batches of films, 0 to 1, if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_mean_macro_f1: Option<f64>,
    /// Accuracy, 0 to 1.
    pub accuracy: f64,
    /// Its interval.
    pub accuracy_interval: Interval,
    /// Mean cross-entropy in nats, with the network's temperature.
    pub loss: f64,
    /// The temperature: what the logits are divided by.
    pub temperature: f64,
    /// Expected calibration error with the temperature, 0 to 1.
    pub calibration_error: f64,
    /// Expected calibration error with temperature 1.
    pub calibration_error_at_1: f64,
    /// What the answer "not sure" costs and gains, for a network that has a threshold for it.
    pub not_sure: Option<Abstention>,
    /// The classes' names, in the order of the rows and columns of `confusion`.
    pub labels: Vec<String>,
    /// Precision, recall and F1 of each class.
    pub classes: BTreeMap<String, ClassScore>,
    /// The confusion matrix: films by `[true class][predicted class]`.
    pub confusion: Vec<Vec<usize>>,
    /// How often a film that is called so has such a genre, for each class; empty where classes do not follow
    /// from genres.
    pub such_genres: Vec<SuchGenre>,
    /// The figures for recent films, and for large and small pictures.
    pub parts: Vec<Part>,
    /// Metrics of the genres, if the network predicts them and a film of the split has one.
    pub genres: Option<GenreMetrics>,
    /// Metrics of the score, if the network predicts it and a film of the split has one.
    pub score: Option<ScoreMetrics>,
}

/// Runs a network over a split, and computes its metrics.
///
/// # Errors
///
/// Where the split has no films, or the results cannot be read back from the GPU.
pub fn measure(
    model: &Model,
    dataset: &Dataset,
    pixels: &Pixels,
    split: Split,
    device: &ComputeDevice,
) -> Result<(Evaluation, Metrics)> {
    let run = |films: &[usize]| evaluate(model, dataset, pixels, films, device);
    let evaluation = run(&dataset.films_of(split)?)?;
    let validation = dataset.films(Split::Validation);
    let wanted = model.network().output_range(Task::Genres).is_some() && !validation.is_empty();
    let validation = match wanted {
        true => Some(run(&validation)?),
        false => None,
    };
    let mut metrics = Metrics::new(model, dataset, split, &evaluation, validation.as_ref());
    let (films, answers) = (&evaluation.films, &evaluation.classes);
    let truths: Vec<usize> = answers.iter().map(|(truth, _)| truth).collect();
    let predicted = answers.predicted();
    metrics.such_genres = SuchGenre::count(dataset, films, &predicted);
    metrics.parts = Part::all(dataset, model.network().input, films, &truths, &predicted)?;
    Ok((evaluation, metrics))
}

impl Metrics {
    /// Computes the metrics of a network's answers for a split. The genres' thresholds are chosen on
    /// its answers for the `validation` split.
    fn new(
        model: &Model,
        dataset: &Dataset,
        split: Split,
        evaluation: &Evaluation,
        validation: Option<&Evaluation>,
    ) -> Metrics {
        let (metadata, answers) = (model.metadata(), &evaluation.classes);
        let confusion = answers.confusion();
        let temperature = f64::from(metadata.temperature);
        let threshold = f64::from(metadata.threshold);
        let labels = metadata.labels.clone();
        let truths: Vec<usize> = answers.iter().map(|(truth, _)| truth).collect();
        let [macro_f1, accuracy] =
            macro_f1_and_accuracy(labels.len(), &truths, &answers.predicted());
        let classes = 0..labels.len();
        let row = |truth| {
            let predicted = classes.clone();
            predicted
                .map(|class| confusion.count(truth, class))
                .collect()
        };
        let named = labels.iter().enumerate();
        Metrics {
            split,
            films: confusion.films(),
            trained_on_this_dataset: metadata.dataset == dataset.summary().hash,
            macro_f1: macro_f1.value,
            macro_f1_interval: macro_f1.interval,
            batch_mean_macro_f1: None,
            accuracy: accuracy.value,
            accuracy_interval: accuracy.interval,
            loss: answers.loss(temperature),
            temperature,
            calibration_error: answers.calibration_error(temperature),
            calibration_error_at_1: answers.calibration_error(1.0),
            not_sure: (threshold > 0.0).then(|| Abstention::of(answers, temperature, threshold)),
            classes: named
                .map(|(class, label)| (label.clone(), confusion.class(class)))
                .collect(),
            confusion: classes.clone().map(row).collect(),
            such_genres: Vec::new(),
            parts: Vec::new(),
            labels,
            genres: (evaluation.genres.as_ref())
                .filter(|genres| genres.truths.contains(&true))
                .map(|genres| {
                    let validation = validation.and_then(|split| split.genres.as_ref());
                    GenreMetrics::new(genres, validation)
                }),
            score: (evaluation.score.as_ref())
                .filter(|score| !score.films.is_empty())
                .map(ScoreMetrics::new),
        }
    }
}
