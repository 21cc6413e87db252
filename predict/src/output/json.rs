//! An object for each poster, in a list or in lines.

use std::io::Write;

use anyhow::Result;
use marquee_models::answer::{Answer, Score};
use marquee_models::file::Metadata;
use serde_json::{Map, Value, json};

use super::{Row, Sink};
use crate::predictor::Prediction;

pub(crate) struct Json<'a> {
    sink: Sink,
    metadata: &'a Metadata,
    features: bool,
    list: bool,
    rows: u64,
}

impl<'a> Json<'a> {
    /// One list.
    pub(super) fn list(sink: Sink, metadata: &'a Metadata, features: bool) -> Json<'a> {
        Json {
            list: true,
            ..Json::lines(sink, metadata, features)
        }
    }

    /// An object in each line.
    pub(super) fn lines(sink: Sink, metadata: &'a Metadata, features: bool) -> Json<'a> {
        Json {
            sink,
            metadata,
            features,
            list: false,
            rows: 0,
        }
    }

    pub(super) fn write(&mut self, row: &Row) -> Result<()> {
        let object = object(self.metadata, self.features, row);
        match (self.list, self.rows) {
            (true, 0) => write!(self.sink, "[\n  {object}")?,
            (true, _) => write!(self.sink, ",\n  {object}")?,
            (false, _) => writeln!(self.sink, "{object}")?,
        }
        self.rows += 1;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<()> {
        match (self.list, self.rows) {
            (true, 0) => writeln!(self.sink, "[\n]")?,
            (true, _) => writeln!(self.sink, "\n]")?,
            (false, _) => {}
        }
        Ok(self.sink.flush()?)
    }
}

/// What a row is in JSON.
fn object(metadata: &Metadata, features: bool, Row { path, prediction }: &Row) -> Value {
    let prediction = match prediction {
        Ok(prediction) => prediction,
        Err(reason) => return json!({ "path": path, "error": reason, "note": "" }),
    };
    let answer = &prediction.answer;
    let mut object = json!({
        "path": path,
        "label": metadata.labels[answer.class],
        "confidence": answer.probabilities[answer.class],
        "sure": answer.sure,
        "probabilities": by_name(&metadata.labels, &answer.probabilities),
        "logits": prediction.logits,
        "error": null,
        "note": prediction.note(),
    });
    if !metadata.genres.is_empty() {
        object["genres"] = by_name(&metadata.genres, &answer.genres).into();
    }
    if let Some(score) = answer.score {
        object["score"] = score.points.into();
        object["score_half_width"] = score.half_width.into();
    }
    if features {
        object["features"] = prediction.features.clone().into();
    }
    object
}

/// The members that lines have, by which a run's lines are known.
pub(super) struct Members {
    /// Lines about posters that were read, and that were not.
    samples: [Value; 2],
}

impl Members {
    /// Those of the lines that a run with this network writes.
    pub(super) fn of(metadata: &Metadata, features: bool) -> Members {
        let score = metadata.score.as_ref().map(|_| Score {
            points: 0.0,
            half_width: 0.0,
        });
        let prediction = Prediction {
            answer: Answer {
                class: 0,
                sure: false,
                probabilities: vec![0.0; metadata.labels.len()],
                genres: vec![0.0; metadata.genres.len()],
                score,
            },
            complete: true,
            logits: Vec::new(),
            features: Vec::new(),
        };
        let samples = [Ok(prediction), Err(String::new())].map(|prediction| {
            let path = String::new();
            object(metadata, features, &Row { path, prediction })
        });
        Members { samples }
    }

    /// Whether a line has them.
    pub(super) fn are_in(&self, line: &Value) -> bool {
        self.samples.iter().any(|sample| alike(sample, line))
    }

    /// Whether a file that begins with this line is such a run's. A line without an end may be half written.
    pub(super) fn begin(&self, line: &[u8]) -> bool {
        if line.ends_with(b"\n") {
            return serde_json::from_slice(line).is_ok_and(|line| self.are_in(&line));
        }
        self.samples.iter().any(|sample| {
            let sample = sample.to_string();
            // up to the first value
            let first = sample.split_inclusive(':').next().unwrap_or_default();
            let length = first.len().min(line.len());
            line[..length] == first.as_bytes()[..length]
        })
    }
}

/// Whether both have the same members, and those within them, too.
fn alike(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            let same = |(name, value)| b.get(name).is_some_and(|other| alike(value, other));
            a.len() == b.len() && a.iter().all(same)
        }
        (a, b) => !a.is_object() && !b.is_object(),
    }
}

fn by_name(names: &[String], values: &[f32]) -> Map<String, Value> {
    let pairs = names.iter().zip(values);
    pairs
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect()
}
