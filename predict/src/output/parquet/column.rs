//! The columns of the answers: what each is, and how it is written.

use std::sync::Arc;

use anyhow::Result;
use marquee_models::file::Metadata;
use parquet::basic::{ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, FloatType};
use parquet::file::writer::SerializedColumnWriter;
use parquet::schema::types::{Type, TypePtr};

use crate::columns::write_cells;
use crate::output::Row;
use crate::predictor::Prediction;

/// A list's levels: those of its numbers, and what says that a number continues a list.
const IN_LIST: i16 = 2;
const CONTINUES: i16 = 1;

/// Writes the cells of rows.
type Cells = Box<dyn Fn(&[Row], &mut SerializedColumnWriter) -> Result<()>>;

/// A column, or a group of them.
pub(super) struct Column {
    pub(super) kind: TypePtr,
    /// Those of the column; a group has some for each member.
    pub(super) cells: Vec<Cells>,
}

/// The columns of a network's answers. `probabilities` and `genres` are groups with a number for each name.
pub(super) fn columns(metadata: &Metadata, features: bool) -> Result<Vec<Column>> {
    let labels = metadata.labels.clone();
    let mut columns = vec![
        Column::text("path", Repetition::REQUIRED, |row| Some(bytes(&row.path)))?,
        Column::text("label", Repetition::OPTIONAL, move |row| {
            answer(row).map(|it| bytes(&labels[it.answer.class]))
        })?,
        Column::real("confidence", |it| {
            Some(it.answer.probabilities[it.answer.class])
        })?,
        Column::sure()?,
        Column::by_name("probabilities", &metadata.labels, |it| {
            &it.answer.probabilities
        })?,
    ];
    if metadata.score.is_some() {
        columns.push(Column::real("score", |it| Some(it.answer.score?.points))?);
        columns.push(Column::real("score_half_width", |it| {
            Some(it.answer.score?.half_width)
        })?);
    }
    if !metadata.genres.is_empty() {
        columns.push(Column::by_name("genres", &metadata.genres, |it| {
            &it.answer.genres
        })?);
    }
    if features {
        columns.push(Column::features()?);
    }
    columns.push(Column::text("error", Repetition::OPTIONAL, |row| {
        row.prediction.as_ref().err().map(|it| bytes(it))
    })?);
    columns.push(Column::text("note", Repetition::OPTIONAL, |row| {
        let note = answer(row).map(Prediction::note);
        note.filter(|it| !it.is_empty()).map(bytes)
    })?);
    Ok(columns)
}

fn answer(row: &Row) -> Option<&Prediction> {
    row.prediction.as_ref().ok()
}

impl Column {
    /// One column, not a group.
    fn one(
        kind: TypePtr,
        cells: impl Fn(&[Row], &mut SerializedColumnWriter) -> Result<()> + 'static,
    ) -> Column {
        let cells: Vec<Cells> = vec![Box::new(cells)];
        Column { kind, cells }
    }

    fn text(
        name: &str,
        repetition: Repetition,
        of: impl Fn(&Row) -> Option<ByteArray> + 'static,
    ) -> Result<Column> {
        let kind = Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
            .with_repetition(repetition)
            .with_logical_type(Some(LogicalType::String))
            .with_converted_type(ConvertedType::UTF8);
        let required = repetition == Repetition::REQUIRED;
        Ok(Column::one(Arc::new(kind.build()?), move |rows, column| {
            let cells = rows.iter().map(&of);
            write_cells::<ByteArrayType>(column, cells, required)
        }))
    }

    fn real(name: &str, of: impl Fn(&Prediction) -> Option<f32> + 'static) -> Result<Column> {
        let kind = leaf(name, Physical::FLOAT, Repetition::OPTIONAL)?;
        Ok(Column::one(kind, move |rows, column| {
            write_reals(rows, column, &of)
        }))
    }

    fn sure() -> Result<Column> {
        let kind = leaf("sure", Physical::BOOLEAN, Repetition::OPTIONAL)?;
        Ok(Column::one(kind, |rows, column| {
            let cells = rows.iter().map(|row| answer(row).map(|it| it.answer.sure));
            write_cells::<BoolType>(column, cells, false)
        }))
    }

    /// A group with a number for each name; `of` gives all of them.
    fn by_name(
        name: &str,
        names: &[String],
        of: impl Fn(&Prediction) -> &[f32] + Copy + 'static,
    ) -> Result<Column> {
        let numbers = names.iter();
        let numbers = numbers.map(|name| leaf(name, Physical::FLOAT, Repetition::REQUIRED));
        let kind = Type::group_type_builder(name)
            .with_repetition(Repetition::OPTIONAL)
            .with_fields(numbers.collect::<Result<Vec<TypePtr>>>()?);
        let cells = (0..names.len()).map(|index| -> Cells {
            Box::new(move |rows, column| write_reals(rows, column, |it| Some(of(it)[index])))
        });
        Ok(Column {
            kind: Arc::new(kind.build()?),
            cells: cells.collect(),
        })
    }

    /// A list of any length.
    fn features() -> Result<Column> {
        let element = leaf("element", Physical::FLOAT, Repetition::REQUIRED)?;
        let repeated = Type::group_type_builder("list")
            .with_repetition(Repetition::REPEATED)
            .with_fields(vec![element]);
        let kind = Type::group_type_builder("features")
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(Some(LogicalType::List))
            .with_converted_type(ConvertedType::LIST)
            .with_fields(vec![Arc::new(repeated.build()?)]);
        Ok(Column::one(Arc::new(kind.build()?), write_features))
    }
}

fn bytes(text: &str) -> ByteArray {
    ByteArray::from(text.as_bytes().to_vec())
}

fn leaf(name: &str, physical: Physical, repetition: Repetition) -> Result<TypePtr> {
    let leaf = Type::primitive_type_builder(name, physical).with_repetition(repetition);
    Ok(Arc::new(leaf.build()?))
}

fn write_reals(
    rows: &[Row],
    column: &mut SerializedColumnWriter,
    of: impl Fn(&Prediction) -> Option<f32>,
) -> Result<()> {
    let cells = rows.iter().map(|row| answer(row).and_then(&of));
    write_cells::<FloatType>(column, cells, false)
}

fn write_features(rows: &[Row], column: &mut SerializedColumnWriter) -> Result<()> {
    let (mut values, mut defined, mut repeated) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        let features = answer(row).map_or(&[][..], |it| &it.features);
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
