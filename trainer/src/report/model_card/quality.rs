//! The sections that say how good the network is.

use std::fmt::Write as _;

use super::content::ModelCard;
use super::markdown::table;
use crate::dataset::{ClassWeighting, Split};
use crate::evaluation::bootstrap::Estimate;
use crate::html::numbers::{counted, decimal, thousands};

/// Metrics of the class next to those of the baselines, and metrics of genres and score.
pub(super) fn metrics(card: &ModelCard) -> String {
    let metrics = card.metrics;
    let row = |name: String, macro_f1: Estimate, accuracy: Estimate, loss| {
        let [macro_f1, accuracy] =
            [macro_f1, accuracy].map(|of| format!("{:.3} ({})", of.value, of.interval));
        vec![name, macro_f1, accuracy, decimal(loss)]
    };
    let estimate = |value, interval| Estimate { value, interval };
    let network = row(
        format!("**{}**", card.model.metadata().network),
        estimate(metrics.macro_f1, metrics.macro_f1_interval),
        estimate(metrics.accuracy, metrics.accuracy_interval),
        Some(metrics.loss),
    );
    let baselines = card.baselines.iter();
    let baselines = baselines.map(|other| {
        row(
            other.name.into(),
            other.macro_f1,
            other.accuracy,
            other.loss,
        )
    });
    let classes = metrics.labels.iter().map(|label| {
        let score = metrics.classes[label];
        let [precision, recall, f1] = [score.precision, score.recall, score.f1].map(decimal);
        vec![label.clone(), precision, recall, f1, thousands(score.films)]
    });
    let confusion = metrics.labels.iter().zip(&metrics.confusion);
    let confusion = confusion.map(|(label, counts)| {
        let name = std::iter::once(format!("**{label}**"));
        name.chain(counts.iter().map(|&films| thousands(films)))
            .collect()
    });
    let labels = metrics.labels.iter().map(String::as_str);
    let mut text = format!(
        "On {} of the test split:\n\n{}\n{}\nFilms by true class (rows) and predicted class \
         (columns):\n\n{}",
        counted(metrics.films, "film", "films"),
        table(
            ["", "macro-F1", "accuracy", "cross-entropy"],
            std::iter::once(network).chain(baselines)
        ),
        table(["class", "precision", "recall", "F1", "films"], classes),
        table(std::iter::once("").chain(labels), confusion)
    );
    if !metrics.parts.is_empty() {
        let rows = metrics.parts.iter().map(|part| {
            vec![
                part.which.to_string(),
                thousands(part.films),
                format!("{:.3} ({})", part.macro_f1, part.macro_f1_interval),
                decimal(part.accuracy),
            ]
        });
        let columns = ["on", "films", "macro-F1", "accuracy"];
        let _ = write!(text, "\n{}", table(columns, rows));
    }
    if !metrics.such_genres.is_empty() {
        let rows = metrics.such_genres.iter().map(|figure| {
            vec![
                figure.class.clone(),
                thousands(figure.called),
                decimal(figure.of_called),
                decimal(figure.of_all),
                format!("{:.1}", figure.times()),
            ]
        });
        let columns = [
            "when it says",
            "films",
            "such a genre has",
            "of all films",
            "times as often",
        ];
        let _ = write!(
            text,
            "\nA film has several genres and gets one class, so an answer that is wrong by that class may still \
             name one of its genres. How often a film that is called so has such a genre:\n\n{}",
            table(columns, rows)
        );
    }
    if let Some(genres) = &metrics.genres {
        let f1 = genres.macro_f1.map_or(String::new(), |f1| {
            format!("; mean F1 {f1:.3}, with thresholds calibrated on the validation split")
        });
        let rows = genres.genres.iter().map(|genre| {
            vec![
                genre.name.clone(),
                decimal(genre.average_precision),
                decimal(genre.base_rate),
                decimal(genre.f1),
                thousands(genre.films),
            ]
        });
        let columns = ["genre", "average precision", "base rate", "F1", "films"];
        let _ = write!(
            text,
            "\nGenres: mean average precision {:.3} ({}), {:.1} times the {:.3} of guessing{f1}.\n\n{}",
            genres.mean_average_precision,
            genres.mean_average_precision_interval,
            genres.times_base_rate,
            genres.base_rate,
            table(columns, rows)
        );
    }
    if let Some(score) = &metrics.score {
        let _ = writeln!(
            text,
            "\nMembers' score, 0 to 10: mean absolute error {:.3} points ({}) over {}; the best \
             constant has {:.3}. R² {:.3}.",
            score.mean_absolute_error,
            score.mean_absolute_error_interval,
            counted(score.films, "film", "films"),
            score.constants_error,
            score.explained
        );
    }
    text
}

/// How much of what training did to the classes' frequencies was undone.
fn prior(card: &ModelCard) -> String {
    let favours = card.training.run().is_some_and(|run| {
        run.recipe.sampler != ClassWeighting::None
            || run.recipe.class_weights != ClassWeighting::None
    });
    if card.prior_correction == 0.0 || !favours {
        return String::new();
    }
    format!(
        "Training shows rare classes more often than they occur, or gives them more weight, which \
         raises their logits. {:.0} % of that was taken back in the last layer's biases (Menon et al. \
         2021).\n\n",
        100.0 * card.prior_correction
    )
}

/// What its probabilities, its "not sure" and its intervals are worth.
pub(super) fn calibration(card: &ModelCard) -> String {
    let (metadata, metrics) = (card.model.metadata(), card.metrics);
    let mut text = prior(card);
    let _ = writeln!(
        text,
        "The logits are divided by the temperature {:.3} before the softmax. The expected calibration \
         error is then {:.3}; without the temperature it is {:.3}.",
        metrics.temperature, metrics.calibration_error, metrics.calibration_error_at_1
    );
    if let (Some(test), Some(validated)) = (&metrics.not_sure, card.validated) {
        let _ = writeln!(
            text,
            "\nIf the probability of the likeliest class is below {:.3}, the answer is \"not sure\". \
             The network then answers {:.3} of the films, and {:.3} of these answers are right; of \
             the other films, {:.3} would be answered right.",
            test.threshold, test.answered, test.right_of_answered, test.right_of_unanswered
        );
        if !validated.reaches_ratio() {
            text += "\nThe aim is that answers are right twice as often as the others would be. On the \
                     validation split no threshold achieves that; of those that answer at least half \
                     of the films, this one comes closest.\n";
        }
    }
    if let (Some(scale), Some(score)) = (metadata.score, &metrics.score) {
        let so = match card.dataset.films(Split::Validation).is_empty() {
            true => "would contain four in five scores if their errors were normally distributed",
            false => "contains the scores of four in five films of the validation split",
        };
        let _ = writeln!(
            text,
            "\nThe interval around a score is {:.3} predicted deviations to either side, so that it \
             {so}. It contains {:.3} of those of the test films.",
            scale.interval, score.coverage
        );
    }
    text
}
