//! A table for spreadsheets.

use anyhow::Result;
use marquee_models::file::Metadata;
use marquee_models::text::cell;

use super::{Row, Sink};
use crate::files::csv_writer;

pub(crate) struct Csv<'a> {
    writer: csv::Writer<Sink>,
    metadata: &'a Metadata,
}

/// The names of the columns, as they stand in the file.
pub(super) fn header(metadata: &Metadata) -> Vec<String> {
    let mut names: Vec<String> = ["path", "label", "confidence", "sure"]
        .map(str::to_owned)
        .into();
    names.extend(metadata.labels.iter().cloned());
    if metadata.score.is_some() {
        names.extend(["score", "score half width"].map(str::to_owned));
    }
    // a class may have a genre's name
    let genres = metadata.genres.iter();
    names.extend(genres.map(|genre| format!("genre {genre}")));
    names.extend(["error", "note"].map(str::to_owned));
    names.iter().map(|name| cell(name).into_owned()).collect()
}

impl<'a> Csv<'a> {
    /// `first` is whether the header is to be written.
    pub(super) fn new(sink: Sink, metadata: &'a Metadata, first: bool) -> Result<Csv<'a>> {
        let mut writer = csv_writer(sink);
        if first {
            writer.write_record(header(metadata))?;
        }
        Ok(Csv { writer, metadata })
    }

    pub(super) fn write(&mut self, Row { path, prediction }: &Row) -> Result<()> {
        let mut row = vec![path.clone()];
        match prediction {
            Ok(prediction) => {
                let answer = &prediction.answer;
                row.push(self.metadata.labels[answer.class].clone());
                row.push(answer.probabilities[answer.class].to_string());
                row.push(answer.sure.to_string());
                row.extend(answer.probabilities.iter().map(f32::to_string));
                let score = answer.score.iter();
                row.extend(
                    score.flat_map(|it| [it.points, it.half_width].map(|it| it.to_string())),
                );
                row.extend(answer.genres.iter().map(f32::to_string));
                row.push(String::new());
                row.push(prediction.note().to_owned());
            }
            Err(reason) => {
                row.resize(header(self.metadata).len() - 2, String::new());
                row.push(reason.clone());
                row.push(String::new());
            }
        }
        // no spreadsheet finds a formula in it
        let cells = row.iter().map(|text| cell(text).into_owned());
        Ok(self.writer.write_record(cells)?)
    }

    pub(super) fn finish(mut self) -> Result<()> {
        Ok(self.writer.flush()?)
    }
}
