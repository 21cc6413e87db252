use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::tensorboard;
use crate::evaluation::{Evaluation, GenreAnswers, ScoreAnswers};
use crate::files::write_whole;

/// A line of `log.jsonl`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EpochLog {
    /// Counted from 1.
    pub epoch: usize,
    /// After the epoch, over as many unchanged films of the training split as there are for
    /// validation.
    pub train: SplitLog,
    /// Over the whole validation split, if there is one.
    pub validation: Option<SplitLog>,
    /// The learning rate at the epoch's end.
    pub learning_rate: f64,
    /// How long the epoch took, with the evaluation, in seconds.
    pub seconds: f64,
}

/// How good a network is on films of a split.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct SplitLog {
    /// Mean cross-entropy in nats.
    pub loss: f64,
    /// Macro-F1, 0 to 1.
    pub macro_f1: f64,
    /// Accuracy, 0 to 1.
    pub accuracy: f64,
    /// Mean average precision of the genres, 0 to 1, if the network answers them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub genre_map: Option<f64>,
    /// Coefficient of determination (R²) of the scores, at most 1, if the network answers them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score_r2: Option<f64>,
}

impl From<&Evaluation> for SplitLog {
    fn from(evaluation: &Evaluation) -> SplitLog {
        let confusion = evaluation.classes.confusion();
        SplitLog {
            loss: confusion.loss(),
            macro_f1: confusion.macro_f1(),
            accuracy: confusion.accuracy(),
            genre_map: (evaluation.genres.as_ref()).map(GenreAnswers::mean_average_precision),
            score_r2: evaluation.score.as_ref().map(ScoreAnswers::explained),
        }
    }
}

impl EpochLog {
    /// The log's file in a run's folder.
    pub(super) const FILE: &str = "log.jsonl";

    /// Reads the `log.jsonl` in a run's folder; `None` if there is none.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is not such a log.
    pub fn read_all(run: &Path) -> Result<Option<Vec<EpochLog>>> {
        let path = run.join(EpochLog::FILE);
        if !path.is_file() {
            return Ok(None);
        }
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let lines: Result<Vec<EpochLog>, _> = text.lines().map(serde_json::from_str).collect();
        let lines = lines.with_context(|| {
            format!(
                "{} is not a log of `marquee train`; name its run",
                path.display()
            )
        })?;
        Ok(Some(lines))
    }

    /// Removes the lines after this many epochs: a run that was killed before it wrote its checkpoint repeats an epoch.
    pub(super) fn forget_after(run: &Path, epochs: usize) -> Result<()> {
        tensorboard::forget_after(run, epochs)?;
        let Some(logs) = EpochLog::read_all(run)? else {
            return Ok(());
        };
        let path = run.join(EpochLog::FILE);
        // the lines as they stand there: numbers that are read and written again may change in the last digit
        let text = fs::read_to_string(&path)?;
        let lines = text.split_inclusive('\n').zip(&logs);
        let kept = lines.filter(|(_, log)| log.epoch <= epochs);
        let kept: String = kept.map(|(line, _)| line).collect();
        write_whole(&path, kept.as_bytes())
    }

    /// Appends the line to a run's `log.jsonl`, and the epoch to what TensorBoard shows.
    pub(super) fn append(&self, run: &Path) -> Result<()> {
        tensorboard::append(self, run)?;
        let path = run.join(EpochLog::FILE);
        let line = serde_json::to_string(self)? + "\n";
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .and_then(|mut file| file.write_all(line.as_bytes()))
            .with_context(|| format!("cannot write {}", path.display()))
    }
}
