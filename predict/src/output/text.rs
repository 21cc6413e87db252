//! A line for each poster, for people.

use std::io::Write;

use anyhow::Result;
use marquee_models::file::Metadata;

use super::{Row, Sink};
use crate::predictor::Prediction;

/// A genre that is at least as probable is named.
const LIKELY: f32 = 0.5;

pub(crate) struct Text<'a> {
    sink: Sink,
    metadata: &'a Metadata,
}

impl<'a> Text<'a> {
    pub(super) fn new(sink: Sink, metadata: &'a Metadata) -> Text<'a> {
        Text { sink, metadata }
    }

    pub(super) fn write(&mut self, Row { path, prediction }: &Row) -> Result<()> {
        match prediction {
            Ok(prediction) => {
                let line = self.line(prediction);
                writeln!(self.sink, "{path}  {line}")?;
            }
            Err(reason) => writeln!(self.sink, "{path}  cannot be read: {reason}")?,
        }
        Ok(())
    }

    fn line(&self, prediction: &Prediction) -> String {
        let (labels, answer) = (&self.metadata.labels, &prediction.answer);
        let percent = |class: usize| 100.0 * answer.probabilities[class];
        let mut others: Vec<usize> = (0..labels.len()).collect();
        others.retain(|&class| class != answer.class);
        others.sort_by(|&a, &b| percent(b).total_cmp(&percent(a)));
        let others: Vec<String> = others
            .iter()
            .map(|&class| format!("{} {:.0} %", labels[class], percent(class)))
            .collect();
        let doubt = if answer.sure {
            ""
        } else {
            "not sure, perhaps "
        };
        let mut line = format!(
            "{doubt}{} {:.0} %  ({})",
            labels[answer.class],
            percent(answer.class),
            others.join(", ")
        );
        let genres = self.metadata.genres.iter().zip(&answer.genres);
        let likely = genres.filter(|(_, probability)| **probability >= LIKELY);
        let likely: Vec<&str> = likely.map(|(genre, _)| genre.as_str()).collect();
        if !likely.is_empty() {
            line += &format!("  genres: {}", likely.join(", "));
        }
        if let Some(score) = answer.score {
            line += &format!("  score: {:.1} ± {:.1}", score.points, score.half_width);
        }
        if !prediction.note().is_empty() {
            line += &format!("  note: {}", prediction.note());
        }
        line
    }

    pub(super) fn finish(mut self) -> Result<()> {
        Ok(self.sink.flush()?)
    }
}
