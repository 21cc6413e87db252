use std::fmt::Write as _;

use super::ModelCard;
use crate::dataset::ClassWeighting;
use crate::evaluation::bootstrap::Estimate;
use crate::html::numbers::{counted, thousands};

/// The parts that say how good the network is.
impl ModelCard<'_> {
    pub(super) fn quality(&self) -> String {
        let metrics = self.metrics;
        let mut text = format!(
            "On {} of the test split:\n\n\
             | | macro-F1 | accuracy | cross-entropy |\n|---|---:|---:|---:|\n",
            counted(metrics.films, "film", "films")
        );
        let mut row = |name: &str, macro_f1: Estimate, accuracy: Estimate, loss: Option<f64>| {
            let cell =
                |estimate: Estimate| format!("{:.3} ({})", estimate.value, estimate.interval);
            let loss = loss.map_or("–".to_owned(), |loss| format!("{loss:.3}"));
            let _ = writeln!(
                text,
                "| {name} | {} | {} | {loss} |",
                cell(macro_f1),
                cell(accuracy)
            );
        };
        let estimate = |value, interval| Estimate { value, interval };
        row(
            &format!("**{}**", self.model.metadata().network),
            estimate(metrics.macro_f1, metrics.macro_f1_interval),
            estimate(metrics.accuracy, metrics.accuracy_interval),
            Some(metrics.loss),
        );
        for baseline in self.baselines {
            row(
                baseline.name,
                baseline.macro_f1,
                baseline.accuracy,
                baseline.loss,
            );
        }
        text += "\n| class | precision | recall | F1 | films |\n|---|---:|---:|---:|---:|\n";
        for label in &metrics.labels {
            let score = metrics.classes[label];
            let _ = writeln!(
                text,
                "| {label} | {:.3} | {:.3} | {:.3} | {} |",
                score.precision,
                score.recall,
                score.f1,
                thousands(score.films)
            );
        }
        text += &self.confusion();
        if let Some(genres) = &metrics.genres {
            let _ = write!(
                text,
                "\nGenres: mean average precision {:.3} ({}), {:.1} times the {:.3} of guessing",
                genres.mean_average_precision,
                genres.mean_average_precision_interval,
                genres.times_base_rate,
                genres.base_rate
            );
            text += &genres.macro_f1.map_or(".\n".to_owned(), |f1| {
                format!("; mean F1 {f1:.3}, at thresholds fitted on the validation split.\n")
            });
            text += "\n| genre | average precision | base rate | F1 | films |\n\
                     |---|---:|---:|---:|---:|\n";
            for genre in &genres.genres {
                let f1 = genre.f1.map_or("–".to_owned(), |f1| format!("{f1:.3}"));
                let _ = writeln!(
                    text,
                    "| {} | {:.3} | {:.3} | {f1} | {} |",
                    genre.name,
                    genre.average_precision,
                    genre.base_rate,
                    thousands(genre.films)
                );
            }
        }
        if let Some(score) = &metrics.score {
            let _ = writeln!(
                text,
                "\nMembers' score, 0 to 10: {:.3} points off on average ({}) over {}, where the best \
                 constant is {:.3} off; R² {:.3}.",
                score.mean_absolute_error,
                score.mean_absolute_error_interval,
                counted(score.films, "film", "films"),
                score.constants_error,
                score.explained
            );
        }
        text
    }

    /// What it takes films of each class for.
    fn confusion(&self) -> String {
        let metrics = self.metrics;
        let names = metrics.labels.join(" | ");
        let columns = "---:|".repeat(metrics.labels.len());
        let mut text = format!(
            "\nRows: the true class. Columns: what it answers, in films.\n\n| | {names} |\n|---|{columns}\n"
        );
        for (label, counts) in metrics.labels.iter().zip(&metrics.confusion) {
            let counts: Vec<String> = counts.iter().map(|&films| thousands(films)).collect();
            let _ = writeln!(text, "| **{label}** | {} |", counts.join(" | "));
        }
        text
    }

    /// What was taken back of what training by the recipe did to the classes' frequencies.
    fn prior(&self) -> String {
        let favours = self.run.is_some_and(|run| {
            run.recipe.sampler != ClassWeighting::None
                || run.recipe.class_weights != ClassWeighting::None
        });
        if self.prior_correction == 0.0 || !favours {
            return String::new();
        }
        format!(
            "Training shows rare classes more often than they occur, or counts them more. {:.0} % of what \
             that adds to their logits was taken back (Menon et al. 2021), by way of the last layer's \
             biases.\n\n",
            100.0 * self.prior_correction
        )
    }

    pub(super) fn calibration(&self) -> String {
        let (metadata, metrics) = (self.model.metadata(), self.metrics);
        let mut text = self.prior();
        let _ = writeln!(
            text,
            "Logits are divided by {:.3} before the softmax. The probability of the likeliest class \
             is then off by {:.3} on average (expected calibration error); without, by {:.3}.",
            metrics.temperature, metrics.calibration_error, metrics.calibration_error_at_1
        );
        if let (Some(test), Some(validated)) = (&metrics.not_sure, self.validated) {
            let _ = writeln!(
                text,
                "\nBelow a probability of {:.3} the answer is \"not sure\". It then answers {:.3} of \
                 the films, and {:.3} of its answers are right; of those it does not answer, {:.3} \
                 would have been.",
                test.threshold, test.answered, test.right_of_answered, test.right_of_unanswered
            );
            if !validated.reaches_ratio() {
                text += "\nNo threshold made its answers right twice as often as the others on the \
                         validation split; of those that answer half of the films, this one comes \
                         closest.\n";
            }
        }
        if let (Some(scale), Some(score)) = (metadata.score, &metrics.score) {
            let _ = writeln!(
                text,
                "\nThe interval around a score is {:.3} predicted deviations to either side, so that \
                 it holds four of five films of the validation split. It holds {:.3} of the test \
                 films.",
                scale.interval, score.coverage
            );
        }
        text
    }
}
