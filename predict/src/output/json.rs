//! An object for each poster, in a list or in lines.

use std::io::Write;

use anyhow::Result;
use marquee_models::file::Metadata;
use serde_json::{Map, Value, json};

use super::{Row, Sink};

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
        let object = self.object(row);
        match (self.list, self.rows) {
            (true, 0) => write!(self.sink, "[\n  {object}")?,
            (true, _) => write!(self.sink, ",\n  {object}")?,
            (false, _) => writeln!(self.sink, "{object}")?,
        }
        self.rows += 1;
        Ok(())
    }

    fn object(&self, Row { path, prediction }: &Row) -> Value {
        let prediction = match prediction {
            Ok(prediction) => prediction,
            Err(reason) => return json!({ "path": path, "error": reason, "note": "" }),
        };
        let (metadata, answer) = (self.metadata, &prediction.answer);
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
        if self.features {
            object["features"] = prediction.features.clone().into();
        }
        object
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

fn by_name(names: &[String], values: &[f32]) -> Map<String, Value> {
    let pairs = names.iter().zip(values);
    pairs
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect()
}
