//! A folder of Parquet files, which other programs read as one table.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use marquee_models::file::Metadata;
use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, FloatType};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

use super::Row;
use crate::columns::write_cells;
use crate::files::write_with;
use crate::predictor::Prediction;

/// Rows of a file.
const ROWS: usize = 10_000;

/// A list's levels: those of its numbers, and what says that a number continues a list.
const IN_LIST: i16 = 2;
const CONTINUES: i16 = 1;

pub(crate) struct Parquet<'a> {
    folder: PathBuf,
    /// How many files there are.
    parts: usize,
    metadata: &'a Metadata,
    features: bool,
    schema: TypePtr,
    properties: Arc<WriterProperties>,
    /// Those that are not written yet.
    rows: Vec<Row>,
}

impl<'a> Parquet<'a> {
    /// Makes the folder, or finds the files of an earlier run in it.
    pub(super) fn new(
        folder: &Path,
        metadata: &'a Metadata,
        features: bool,
    ) -> Result<Parquet<'a>> {
        let cannot = || format!("cannot make the folder {}", folder.display());
        fs::create_dir_all(folder).with_context(cannot)?;
        let compressed = WriterProperties::builder().set_compression(Compression::SNAPPY);
        let mut parquet = Parquet {
            folder: folder.to_owned(),
            parts: 0,
            metadata,
            features,
            schema: Arc::new(schema(metadata, features)?),
            properties: Arc::new(compressed.build()),
            rows: Vec::new(),
        };
        while parquet.path(parquet.parts).exists() {
            parquet.parts += 1;
        }
        Ok(parquet)
    }

    /// How many files there are.
    pub(super) fn parts(&self) -> usize {
        self.parts
    }

    /// The files that there are, in their order.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        (0..self.parts).map(|part| self.path(part)).collect()
    }

    fn path(&self, part: usize) -> PathBuf {
        self.folder.join(format!("part-{part:05}.parquet"))
    }

    pub(super) fn write(&mut self, row: Row) -> Result<()> {
        self.rows.push(row);
        match self.rows.len() {
            ROWS => self.write_part(),
            _ => Ok(()),
        }
    }

    pub(super) fn finish(mut self) -> Result<()> {
        // without any row there is still a table
        match self.rows.is_empty() && self.parts > 0 {
            true => Ok(()),
            false => self.write_part(),
        }
    }

    /// Writes a file that is complete or absent.
    fn write_part(&mut self) -> Result<()> {
        let (schema, properties) = (Arc::clone(&self.schema), Arc::clone(&self.properties));
        write_with(&self.path(self.parts), |file| {
            let mut writer = SerializedFileWriter::new(file, schema, properties)?;
            let mut group = writer.next_row_group()?;
            let mut index = 0;
            while let Some(mut column) = group.next_column()? {
                self.write_column(index, &mut column)?;
                column.close()?;
                index += 1;
            }
            group.close()?;
            writer.close()?;
            Ok(())
        })?;
        self.parts += 1;
        self.rows.clear();
        Ok(())
    }

    /// Writes the column with this index; a group counts as many as it has members. The order is that of [`schema`].
    fn write_column(&self, index: usize, column: &mut SerializedColumnWriter) -> Result<()> {
        let (classes, genres) = (self.metadata.labels.len(), self.metadata.genres.len());
        let score = if self.metadata.score.is_some() { 2 } else { 0 };
        let mut at = index;
        // whether the column is one of the next, of which it is then the one at `at`
        let mut next = |count: usize| match at.checked_sub(count) {
            Some(rest) => {
                at = rest;
                None
            }
            None => Some(at),
        };
        if next(1).is_some() {
            let paths = self.rows.iter().map(|row| Some(bytes(&row.path)));
            write_cells::<ByteArrayType>(column, paths, true)
        } else if next(1).is_some() {
            let label = |it: &Prediction| Some(bytes(&self.metadata.labels[it.answer.class]));
            self.texts(column, label)
        } else if next(1).is_some() {
            self.reals(column, |it| Some(it.answer.probabilities[it.answer.class]))
        } else if next(1).is_some() {
            let sure = self.answers().map(|it| it.map(|it| it.answer.sure));
            write_cells::<BoolType>(column, sure, false)
        } else if let Some(class) = next(classes) {
            self.reals(column, |it| Some(it.answer.probabilities[class]))
        } else if let Some(which) = next(score) {
            self.reals(column, |it| {
                let score = it.answer.score.map(|it| [it.points, it.half_width]);
                score.map(|score| score[which])
            })
        } else if let Some(genre) = next(genres) {
            self.reals(column, |it| Some(it.answer.genres[genre]))
        } else if next(usize::from(self.features)).is_some() {
            self.write_features(column)
        } else if next(1).is_some() {
            let error = |row: &Row| row.prediction.as_ref().err().map(|error| bytes(error));
            write_cells::<ByteArrayType>(column, self.rows.iter().map(error), false)
        } else {
            let note = |it: &Prediction| Some(it.note()).filter(|it| !it.is_empty()).map(bytes);
            self.texts(column, note)
        }
    }

    fn answers(&self) -> impl Iterator<Item = Option<&Prediction>> {
        self.rows.iter().map(|row| row.prediction.as_ref().ok())
    }

    fn texts(
        &self,
        column: &mut SerializedColumnWriter,
        of: impl Fn(&Prediction) -> Option<ByteArray>,
    ) -> Result<()> {
        let cells = self.answers().map(|it| it.and_then(&of));
        write_cells::<ByteArrayType>(column, cells, false)
    }

    fn reals(
        &self,
        column: &mut SerializedColumnWriter,
        of: impl Fn(&Prediction) -> Option<f32>,
    ) -> Result<()> {
        write_cells::<FloatType>(column, self.answers().map(|it| it.and_then(&of)), false)
    }

    fn write_features(&self, column: &mut SerializedColumnWriter) -> Result<()> {
        let (mut values, mut defined, mut repeated) = (Vec::new(), Vec::new(), Vec::new());
        for answer in self.answers() {
            let features = answer.map_or(&[][..], |it| &it.features);
            values.extend_from_slice(features);
            let levels = if features.is_empty() {
                1
            } else {
                features.len()
            };
            defined.extend(vec![if features.is_empty() { 0 } else { IN_LIST }; levels]);
            repeated.push(0);
            repeated.extend(vec![CONTINUES; levels - 1]);
        }
        let column = column.typed::<FloatType>();
        column.write_batch(&values, Some(&defined), Some(&repeated))?;
        Ok(())
    }
}

fn bytes(text: &str) -> ByteArray {
    ByteArray::from(text.as_bytes().to_vec())
}

/// The columns. `probabilities` and `genres` are groups with a number for each name.
fn schema(metadata: &Metadata, features: bool) -> Result<Type> {
    let mut columns = vec![
        text("path", Repetition::REQUIRED)?,
        text("label", Repetition::OPTIONAL)?,
        leaf("confidence", Physical::FLOAT, Repetition::OPTIONAL)?,
        leaf("sure", Physical::BOOLEAN, Repetition::OPTIONAL)?,
        by_name("probabilities", &metadata.labels)?,
    ];
    if metadata.score.is_some() {
        for name in ["score", "score_half_width"] {
            columns.push(leaf(name, Physical::FLOAT, Repetition::OPTIONAL)?);
        }
    }
    if !metadata.genres.is_empty() {
        columns.push(by_name("genres", &metadata.genres)?);
    }
    if features {
        columns.push(list("features")?);
    }
    for name in ["error", "note"] {
        columns.push(text(name, Repetition::OPTIONAL)?);
    }
    Ok(Type::group_type_builder("answers")
        .with_fields(columns)
        .build()?)
}

fn leaf(name: &str, physical: Physical, repetition: Repetition) -> Result<TypePtr> {
    let leaf = Type::primitive_type_builder(name, physical).with_repetition(repetition);
    Ok(Arc::new(leaf.build()?))
}

fn text(name: &str, repetition: Repetition) -> Result<TypePtr> {
    let text = Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
        .with_repetition(repetition)
        .with_logical_type(Some(LogicalType::String))
        .with_converted_type(ConvertedType::UTF8);
    Ok(Arc::new(text.build()?))
}

fn by_name(name: &str, names: &[String]) -> Result<TypePtr> {
    let numbers = names.iter();
    let numbers = numbers.map(|name| leaf(name, Physical::FLOAT, Repetition::REQUIRED));
    let group = Type::group_type_builder(name)
        .with_repetition(Repetition::OPTIONAL)
        .with_fields(numbers.collect::<Result<Vec<TypePtr>>>()?);
    Ok(Arc::new(group.build()?))
}

fn list(name: &str) -> Result<TypePtr> {
    let element = leaf("element", Physical::FLOAT, Repetition::REQUIRED)?;
    let repeated = Type::group_type_builder("list")
        .with_repetition(Repetition::REPEATED)
        .with_fields(vec![element]);
    let list = Type::group_type_builder(name)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(Some(LogicalType::List))
        .with_converted_type(ConvertedType::LIST)
        .with_fields(vec![Arc::new(repeated.build()?)]);
    Ok(Arc::new(list.build()?))
}
