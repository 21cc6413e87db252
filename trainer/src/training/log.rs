use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::evaluation::{Evaluation, GenreAnswers, ScoreAnswers};

/// A line of `log.jsonl`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EpochLog {
    /// Counted from 1.
    pub epoch: usize,
    /// Over as many of the training split's films as there are for validation, as they are, after
    /// the epoch.
    pub train: SplitLog,
    /// Over the whole validation split, where there is one.
    pub validation: Option<SplitLog>,
    /// Adam's learning rate at the end.
    pub learning_rate: f64,
    /// How long the epoch took, with the evaluation.
    pub seconds: f64,
}

/// How good a network is on a split.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct SplitLog {
    /// Mean cross-entropy in nats.
    pub loss: f64,
    /// Macro-F1, 0 to 1.
    pub macro_f1: f64,
    /// Accuracy, 0 to 1.
    pub accuracy: f64,
    /// Mean average precision of the genres, 0 to 1, for a network that answers them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub genre_map: Option<f64>,
    /// Share of the scores' variance that is explained (R²), likewise.
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
    /// The lines of a run's `log.jsonl`; `None` where it has none.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, or is no such log.
    pub fn read_all(run: &Path) -> Result<Option<Vec<EpochLog>>> {
        let path = run.join("log.jsonl");
        if !path.is_file() {
            return Ok(None);
        }
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let lines: Result<Vec<EpochLog>, _> = text.lines().map(serde_json::from_str).collect();
        let lines = lines.with_context(|| {
            format!(
                "{} is no log of `marquee train`; name its run",
                path.display()
            )
        })?;
        Ok(Some(lines))
    }

    /// Appends the line to a run's `log.jsonl`.
    pub(super) fn append(&self, run: &Path) -> Result<()> {
        let path = run.join("log.jsonl");
        let line = serde_json::to_string(self)? + "\n";
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .and_then(|mut file| file.write_all(line.as_bytes()))
            .with_context(|| format!("cannot write {}", path.display()))
    }
}
