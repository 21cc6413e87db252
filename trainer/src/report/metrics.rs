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
use crate::evaluation::{Evaluation, GenreAnswers, GenreScore, ScoreAnswers, evaluate};

/// How good a network is on the films of a split. Intervals are the bootstrap's, see
/// [`estimate`](crate::evaluation::bootstrap::estimate).
#[derive(Clone, Debug, Serialize)]
pub struct Metrics {
    /// Which films.
    pub split: Split,
    /// How many.
    pub films: usize,
    /// Whether the network was trained on this dataset, and thus on none of these films unless the
    /// split is the one that is trained on.
    pub trained_on_this_dataset: bool,
    /// Macro-F1, 0 to 1.
    pub macro_f1: f64,
    /// Its interval.
    pub macro_f1_interval: Interval,
    /// The mean over batches of films of the batches' macro-F1, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_mean_macro_f1: Option<f64>,
    /// Accuracy, 0 to 1.
    pub accuracy: f64,
    /// Its interval.
    pub accuracy_interval: Interval,
    /// Mean cross-entropy in nats, with the temperature.
    pub loss: f64,
    /// What the logits are divided by.
    pub temperature: f64,
    /// Expected calibration error with it, 0 to 1.
    pub calibration_error: f64,
    /// The same without it.
    pub calibration_error_at_1: f64,
    /// What "not sure" leaves unanswered, for a network that has a threshold.
    pub not_sure: Option<Abstention>,
    /// The classes' names, in the order of the rows and columns of `confusion`.
    pub labels: Vec<String>,
    /// How good it is at each class.
    pub classes: BTreeMap<String, ClassScore>,
    /// Films by `[true class, predicted class]`.
    pub confusion: Vec<Vec<usize>>,
    /// How good it is at genres, where it answers them and a film here has one.
    pub genres: Option<GenreMetrics>,
    /// How good it is at scores, where it answers them and a film here has one.
    pub score: Option<ScoreMetrics>,
}

/// How good a network is at genres, of which a film may have several.
#[derive(Clone, Debug, Serialize)]
pub struct GenreMetrics {
    /// Mean average precision, 0 to 1.
    pub mean_average_precision: f64,
    /// Its interval.
    pub mean_average_precision_interval: Interval,
    /// That of guessing.
    pub base_rate: f64,
    /// How many times as good as guessing that is.
    pub times_base_rate: f64,
    /// Mean of the genres' F1, 0 to 1; `None` where the dataset has no validation split to fit their
    /// thresholds on.
    pub macro_f1: Option<f64>,
    /// Each genre that a film has.
    pub genres: Vec<GenreScore>,
}

/// How good a network is at members' scores.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ScoreMetrics {
    /// Films whose score is known.
    pub films: usize,
    /// Mean absolute error in points of 0 to 10.
    pub mean_absolute_error: f64,
    /// Its interval.
    pub mean_absolute_error_interval: Interval,
    /// The least that one and the same answer for all could have.
    pub constants_error: f64,
    /// Share of the variance that is explained (R²).
    pub explained: f64,
    /// Share of the films within the interval that is to hold four of five.
    pub coverage: f64,
}

/// Runs a network over a split and says how good it is.
///
/// # Errors
///
/// Where the split has no films, or the GPU's answer cannot be read.
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
    let metrics = Metrics::new(model, dataset, split, &evaluation, validation.as_ref());
    Ok((evaluation, metrics))
}

impl Metrics {
    /// Counts what a network answered; on what it answered for the `validation` split the genres'
    /// thresholds are fitted.
    pub fn new(
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

impl GenreMetrics {
    fn new(answers: &GenreAnswers, validation: Option<&GenreAnswers>) -> GenreMetrics {
        let thresholds = validation.map(GenreAnswers::calibrate_thresholds);
        let genres = answers.scores(thresholds.as_deref());
        let (estimate, base_rate) = (
            answers.estimate_mean_average_precision(),
            answers.base_rate(),
        );
        // a genre for which no threshold could be fitted is never told
        let sum: f64 = genres.iter().filter_map(|genre| genre.f1).sum();
        GenreMetrics {
            mean_average_precision: estimate.value,
            mean_average_precision_interval: estimate.interval,
            base_rate,
            times_base_rate: estimate.value / base_rate,
            macro_f1: thresholds.map(|_| sum / genres.len() as f64),
            genres,
        }
    }
}

impl ScoreMetrics {
    fn new(answers: &ScoreAnswers) -> ScoreMetrics {
        let estimate = answers.estimate_mean_absolute_error();
        ScoreMetrics {
            films: answers.films.len(),
            mean_absolute_error: estimate.value,
            mean_absolute_error_interval: estimate.interval,
            constants_error: answers.constants_error(),
            explained: answers.explained(),
            coverage: answers.coverage(),
        }
    }
}
